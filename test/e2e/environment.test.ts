import * as assert from "uvu/assert";
import type { World } from "../tools/e2e.ts";
import { onBothServers } from "../tools/identities.ts";
import { until } from "../tools/until.ts";
import { podOf, serve } from "../tools/workloads.ts";

interface Given {
  readonly env?: readonly object[];
  readonly envFrom?: readonly object[];
  readonly script?: string;
  readonly resources?: object;
  readonly links?: boolean;
}

const podWith = (world: World, name: string, { env, envFrom, script, resources, links }: Given): object => {
  const pod = podOf(name, { node: world.node, script: `env | sort; ${script ?? serve}` }) as any;
  const [main] = pod.spec.containers;
  const metadata = { ...pod.metadata, labels: { app: name, tier: "web" }, annotations: { note: "hello" } };
  return {
    ...pod,
    metadata,
    spec: { ...pod.spec, enableServiceLinks: links, containers: [{ ...main, env, envFrom, resources }] },
  };
};

const configMap = (name: string, data: object): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});
const secret = (name: string, stringData: object): object => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  stringData,
});
const field = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const amount = (name: string, resource: string, divisor: string): object => ({
  name,
  valueFrom: { resourceFieldRef: { resource, divisor } },
});

const running = (world: World, name: string): Promise<unknown> =>
  until(`${name} runs`, async () => (await world.pod(name))?.status?.phase === "Running");

const envOf = async (world: World, name: string): Promise<Readonly<Record<string, string>>> => {
  const log = await until("the environment is printed", async () => {
    const text = await world.kubectl("logs", name);
    return text.includes("VK_END=1") ? text : undefined;
  });
  return Object.fromEntries(log.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
};

const waitingOf = async (world: World, name: string) =>
  (await world.pod(name))?.status?.containerStatuses?.[0]?.state?.waiting;

const reasons = async (world: World, name: string): Promise<readonly string[]> => {
  const listed = await world.kubectl(
    "get",
    "events",
    `--field-selector=involvedObject.name=${name}`,
    "-o",
    "jsonpath={.items[*].reason}",
  );
  return listed.split(" ");
};

const end = { name: "VK_END", value: "1" };

onBothServers("environment", (test) => {
  test("a pod finds what Kubernetes says in its environment", async (world) => {
    await world.apply(
      configMap("colors", { SKY: "blue", "1st": "skipped", "with.dot": "yes" }),
      secret("keys", { PASSWORD: "pässword $(SKY)", TOKEN: "t" }),
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "my-db" },
        spec: { ports: [{ name: "sql", port: 5432 }] },
      },
    );
    await world.apply(podWith(world, "all", {
      envFrom: [{ configMapRef: { name: "colors" } }, { prefix: "K_", secretRef: { name: "keys" } }],
      env: [
        { name: "GRASS", valueFrom: { configMapKeyRef: { name: "colors", key: "SKY" } } },
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "keys", key: "PASSWORD" } } },
        { name: "URL", value: "db://$(PASSWORD)@$(MY_DB_SERVICE_HOST):$(MY_DB_SERVICE_PORT)/$(NO)" },
        field("NAME", "metadata.name"),
        field("NAMESPACE", "metadata.namespace"),
        field("POD_UID", "metadata.uid"),
        field("TIER", "metadata.labels['tier']"),
        field("NOTE", "metadata.annotations['note']"),
        field("NODE", "spec.nodeName"),
        field("ACCOUNT", "spec.serviceAccountName"),
        field("POD_IP", "status.podIP"),
        field("POD_IPS", "status.podIPs"),
        field("HOST_IP", "status.hostIP"),
        amount("CPU", "limits.cpu", "1m"),
        amount("MEMORY", "requests.memory", "1Mi"),
        amount("ALL", "limits.memory", "1Mi"),
        end,
      ],
      resources: { limits: { cpu: "1500m" }, requests: { memory: "64Mi" } },
    }));
    await running(world, "all");
    const env = await envOf(world, "all");
    const pod = await world.pod("all");
    const service = JSON.parse(await world.kubectl("get", "service", "my-db", "-o", "json"));
    const allocatable = (await world.nodeObject())?.status?.allocatable?.memory as string;
    const host = service.spec.clusterIP;
    assert.equal(
      {
        ...Object.fromEntries(
          "SKY K_TOKEN GRASS PASSWORD URL NAME NAMESPACE POD_UID TIER NOTE NODE ACCOUNT POD_IP POD_IPS HOST_IP CPU MEMORY ALL MY_DB_PORT_5432_TCP"
            .split(" ").map((name) => [name, env[name]]),
        ),
        first: env["1st"],
      },
      {
        SKY: "blue",
        K_TOKEN: "t",
        GRASS: "blue",
        PASSWORD: "pässword $(SKY)",
        URL: `db://pässword $(SKY)@${host}:5432/$(NO)`,
        NAME: "all",
        NAMESPACE: world.namespace,
        POD_UID: pod?.metadata?.uid,
        TIER: "web",
        NOTE: "hello",
        NODE: world.node,
        ACCOUNT: "default",
        POD_IP: pod?.status?.podIP,
        POD_IPS: pod?.status?.podIP,
        HOST_IP: pod?.status?.hostIP,
        CPU: "1500",
        MEMORY: "64",
        ALL: String(Math.ceil(Number(allocatable.replace("Ki", "")) / 1024)),
        MY_DB_PORT_5432_TCP: `tcp://${host}:5432`,
        first: undefined,
      },
    );
    assert.ok((await reasons(world, "all")).includes("InvalidEnvironmentVariableNames"));
    const printed = JSON.stringify(world.agent.lines(true));
    assert.not.ok(/pässword|cMOkc3N3b3Jk/.test(printed), "no secret in the log");
  });

  test("a missing ConfigMap keeps the container waiting, and it starts by itself when it appears", async (world) => {
    await world.apply(podWith(world, "waits", {
      env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "later", key: "a" } } }, end],
    }));
    const waiting = await until("it says what it waits for", async () => {
      const now = await waitingOf(world, "waits");
      return now?.reason === "CreateContainerConfigError" ? now : undefined;
    });
    assert.is(waiting.message, 'configmap "later" not found');
    await until(
      "the event",
      async () => (await reasons(world, "waits")).includes("MandatoryConfigMapNotFound"),
    );
    await world.apply(configMap("later", { b: "1" }));
    await until(
      "the key is missed",
      async () => /key "a" does not exist/.test((await waitingOf(world, "waits"))?.message ?? ""),
    );
    await world.apply(configMap("later", { a: "it came" }));
    const since = Date.now();
    await running(world, "waits");
    assert.ok(Date.now() - since < 5_000, "within five seconds");
    assert.is((await envOf(world, "waits")).A, "it came");
  });

  test("what is optional is told, and it runs; without links only kubernetes is a service", async (world) => {
    await world.apply(podWith(world, "optional", {
      envFrom: [{ secretRef: { name: "nobody", optional: true } }],
      env: [end],
      links: false,
    }));
    await running(world, "optional");
    const env = await envOf(world, "optional");
    assert.is(env.MY_DB_SERVICE_HOST, undefined);
    assert.ok(env.KUBERNETES_SERVICE_HOST);
    await until(
      "the event",
      async () => (await reasons(world, "optional")).includes("OptionalSecretNotFound"),
    );
  });

  test("a field that there is not is refused before anything runs", async (world) => {
    await world.apply(podWith(world, "refused", {
      env: [{
        name: "A",
        valueFrom: { resourceFieldRef: { resource: "limits.cpu", containerName: "other" } },
      }],
    })).catch(() => {});
    if (await world.pod("refused") === undefined) return; // the API server knows better
    await until(
      "the refusal",
      async () => (await waitingOf(world, "refused"))?.reason === "CreateContainerConfigError",
    );
    await until("the event", async () => (await reasons(world, "refused")).includes("ProviderRejected"));
  });
});
