import process from "node:process";
import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ApiServer, makeApiServer } from "../../../adapters/apiserver/server/api_server.ts";
import { type CliOptions, runCli, SettingsError } from "../../../adapters/cli/cli.ts";
import { kyApi } from "../../../adapters/kubernetes/ky.ts";
import { ConnectionError } from "../../../adapters/kubernetes/connection.ts";
import type { ApiPort, LogFields } from "../../../adapters/ports.ts";
import { memoryProvider } from "../../../adapters/provider/memory/provider.ts";
import type { Fault } from "../../../core/fault.ts";

const test = suite("runCli runs a node");

const boundMs = 20_000;
const node = "vk-run";
const nodePath = `/api/v1/nodes/${node}`;
const podPath = "/api/v1/namespaces/default/pods/web";

/** A run of the program on an API server in memory. */
interface Run {
  readonly server: ApiServer;
  readonly lines: string[];
  /** Resolves when a line of the log begins so. */
  said(text: string): Promise<LogFields | undefined>;
  readonly stop: AbortController;
  readonly code: Promise<number>;
  /** What was printed on standard error. */
  err(): string;
}

type Change = Partial<CliOptions> & { readonly api?: (api: ApiPort) => ApiPort; readonly flags?: string };

const start = ({ api: change = (api) => api, flags = "", ...options }: Change = {}): Run => {
  const server = makeApiServer();
  const api = change(kyApi({ server: "https://api.invalid", fetch: server.fetch }));
  const stop = new AbortController();
  const lines: string[] = [];
  const said: [string, LogFields | undefined][] = [];
  const looks = new Set<() => void>();
  let err = "";
  const code = runCli({
    providers: { memory: () => memoryProvider() },
    connect: () =>
      Promise.resolve({ api, connection: { server: "https://api.invalid" }, close: () => Promise.resolve() }),
    env: {},
    args: `run --node ${node} --no-kubelet --address 127.0.0.1 ${flags}`.trim().split(" "),
    signal: stop.signal,
    logger: {
      log: (level, message, fields) => {
        lines.push(`${level} ${message}`);
        said.push([message, fields]);
        for (const look of [...looks]) look();
      },
    },
    err: (text) => err += text,
    ...options,
  }).finally(() => server.close());
  const wait = (text: string): Promise<LogFields | undefined> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`never said: ${text}; said: ${lines.join("\n")}`)),
        boundMs,
      );
      const look = (): void => {
        const found = said.find(([message]) => message.startsWith(text));
        if (found === undefined) return;
        clearTimeout(timer);
        looks.delete(look);
        resolve(found[1]);
      };
      looks.add(look);
      look();
    });
  return { server, lines, said: wait, stop, code, err: () => err };
};

const never = <A>(): Promise<A> => new Promise(() => {});

/** A new node counts as not ready, until the controller of nodes has seen that it is. */
const onlyOwnTaints = (server: ApiServer): Promise<void> => {
  const taints = (): readonly { readonly key: string }[] => server.get(nodePath)?.spec.taints ?? [];
  const isOwn = ({ key }: { readonly key: string }): boolean => !key.startsWith("node.kubernetes.io/");
  return server.until("the node's own taints only", () => taints().every(isOwn), boundMs);
};

test("a node becomes ready, runs a pod, and ends with exit code 0 on request", async () => {
  const { server, said, stop, code, lines } = start({ flags: "--label team=a --taint none --lean" });
  await said(`node ${node} is ready`);
  await onlyOwnTaints(server);
  const { metadata, spec, status } = server.get(nodePath) ?? {};
  assert.is(metadata.labels.team, "a");
  assert.equal(spec?.taints ?? [], []);
  assert.equal(status.addresses, [{ type: "InternalIP", address: "127.0.0.1" }]);
  server.apply(podPath, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "default", name: "web" },
    spec: { nodeName: node, containers: [{ name: "main", image: "web:1" }] },
  });
  await server.until("the pod running", () => server.get(podPath)?.status?.phase === "Running", boundMs);
  stop.abort();
  assert.is(await code, 0);
  assert.is(server.get(podPath)?.status?.phase, "Running", "the pod is left as it is");
  assert.is(lines.filter((line) => line.includes("is ready")).length, 1);
  assert.is(lines.at(-1), `info node ${node} has stopped`);
});

test("every setting of the node reaches it", async () => {
  const flags = "--capacity cpu=3 --os windows --arch arm64 --kubelet-version v1.2.3 --lease-duration 8s " +
    "--cluster own --taint a=b:NoExecute";
  const { server, said, stop, code } = start({ flags });
  await said(`node ${node} is ready`);
  const lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/vk-run";
  await server.until("the lease", () => server.get(lease) !== undefined, boundMs);
  await onlyOwnTaints(server);
  const { metadata, spec, status } = server.get(nodePath) ?? {};
  assert.is(status.capacity.cpu, "3");
  assert.is(status.capacity.pods, "110");
  assert.is(metadata.labels["kubernetes.io/os"], "windows");
  assert.is(metadata.labels["kubernetes.io/arch"], "arm64");
  assert.is(status.nodeInfo.kubeletVersion, "v1.2.3");
  assert.is(status.daemonEndpoints?.kubeletEndpoint?.Port ?? 0, 0);
  assert.equal(spec.taints, [{ key: "a", value: "b", effect: "NoExecute" }]);
  assert.is(server.get(lease)?.spec.leaseDurationSeconds, 8);
  assert.is((await said("node vk-run joins"))?.cluster, "own");
  stop.abort();
  assert.is(await code, 0);
});

test("telemetry is handed to the node", async () => {
  const spans: string[] = [];
  const telemetry = {
    span: (name: string) => {
      spans.push(name);
      return { end: () => {} };
    },
    count: () => {},
  };
  const { said, stop, code } = start({ telemetry });
  await said(`node ${node} is ready`);
  stop.abort();
  assert.is(await code, 0);
  assert.ok(spans.length > 0);
});

test("drain on stop deletes the pods first", async () => {
  const flags = "--drain-on-stop --drain-timeout 1m";
  const { server, said, stop, code } = start({ flags });
  await said(`node ${node} is ready`);
  server.apply(podPath, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "default", name: "web" },
    spec: {
      nodeName: node,
      containers: [{ name: "main", image: "web:1" }],
      terminationGracePeriodSeconds: 1,
    },
  });
  await server.until("the pod running", () => server.get(podPath)?.status?.phase === "Running", boundMs);
  stop.abort();
  assert.is(await code, 0);
  assert.is(server.get(podPath), undefined);
  assert.is(server.get(nodePath)?.spec?.unschedulable, true);
});

test("the provider is made with the node, the cluster, the address and the settings", async () => {
  const seen: Record<string, unknown>[] = [];
  const { said, stop, code } = start({
    providers: {
      mine: (context) => {
        seen.push({ ...context });
        return memoryProvider();
      },
    },
  });
  await said(`node ${node} is ready`);
  const { logger: _, signal, settings, ...rest } = seen[0] ?? {};
  assert.equal(rest, { node, cluster: "api.invalid", address: "127.0.0.1" });
  assert.is((settings as { provider: string }).provider, "mine");
  assert.is((signal as AbortSignal).aborted, false);
  stop.abort();
  assert.is(await code, 0);
  assert.is((signal as AbortSignal).aborted, true);
});

/** An API server that gives these faults first, one for each request. */
const failing = (faults: readonly Fault[]): (api: ApiPort) => ApiPort => {
  const left = [...faults];
  return (api) => ({
    stream: (request, signal) => api.stream(request, signal),
    send: (request, signal) => {
      const fault = left.shift();
      return fault === undefined ? api.send(request, signal) : Promise.resolve(E.left(fault));
    },
  });
};

test("an API server that cannot be reached is tried again until it can", async () => {
  const { said, stop, code } = start({
    api: failing([{ _tag: "Unavailable", message: "connection refused" }]),
  });
  const fields = await said("the API server cannot be reached; trying again");
  assert.equal({ ...fields, afterMs: 0 }, {
    server: "https://api.invalid",
    error: "connection refused",
    afterMs: 0,
  });
  await said("the API server answers");
  await said(`node ${node} is ready`);
  stop.abort();
  assert.is(await code, 0);
});

const refusals: readonly (readonly [Fault, string])[] = [
  [{ _tag: "Unauthorized", message: "m" }, "the API server does not accept our credentials"],
  [{ _tag: "Forbidden", message: "m" }, `our credentials may not read node ${node}`],
];

for (const [fault, text] of refusals) {
  test(`${fault._tag} is told as such, and a stop while waiting ends it with 0`, async () => {
    const { said, stop, code } = start({ api: failing(Array(100).fill(fault)) });
    await said(text);
    stop.abort();
    assert.is(await code, 0);
  });
}

test("a start that takes too long is a failure, when that is wanted", async () => {
  const late: Fault = { _tag: "Unavailable", message: "m" };
  const { code, lines } = start({ api: failing(Array(100).fill(late)), flags: "--startup-timeout 100ms" });
  assert.is(await code, 1);
  assert.ok(lines.includes("error the virtual kubelet failed"), lines.join("\n"));
});

test("a node that does not become ready in time is a failure too", async () => {
  const providers = {
    dead: () => memoryProvider({ faults: { ping: () => Promise.reject(new Error("no")) } }),
  };
  assert.is(await start({ providers, flags: "--startup-timeout 300ms" }).code, 1);
});

test("a provider that cannot be made: exit code 1, or 2 when another setting would help", async () => {
  const made = (error: Error): Run => start({ providers: { bad: () => Promise.reject(error) } });
  const failed = made(new Error("no back end"));
  assert.is(await failed.code, 1);
  assert.ok(failed.lines.includes("error the virtual kubelet failed"));
  const wrong = made(new SettingsError("--region: there is no region x; give eu or us"));
  assert.is(await wrong.code, 2);
  assert.is(wrong.err(), "vk: --region: there is no region x; give eu or us\nTry: vk run --help\n");
});

test("no way to a cluster: exit code 2", async () => {
  const connect = (): Promise<never> => Promise.reject(new ConnectionError("kubeconfig k: no context c"));
  const { code, err } = start({ connect });
  assert.is(await code, 2);
  assert.is(err(), "vk: kubeconfig k: no context c\nTry: vk run --help\n");
});

test("a provider that hangs at its start does not hold up a stop", async () => {
  const { code, stop } = start({ providers: { hanging: () => never() } });
  stop.abort();
  assert.is(await code, 0);
});

test("SIGTERM stops it, a second one at once, and its listeners are gone then", async () => {
  const before = process.listenerCount("SIGTERM");
  const providers = { slow: () => ({ ...memoryProvider(), close: () => never<void>() }) };
  const { said, code } = start({ providers });
  await said(`node ${node} is ready`);
  process.emit("SIGTERM");
  await said(`node ${node} has stopped`);
  process.emit("SIGTERM");
  assert.is(await code, 1);
  assert.is(process.listenerCount("SIGTERM"), before);
});

test("files of the kubelet API that cannot be used: exit code 2", async () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["--client-ca-file no/ca.pem", /^vk: --client-ca-file: the client CA no\/ca\.pem cannot be read/],
    [
      "--tls-cert-file no/c.pem --tls-private-key-file no/k.pem",
      /^vk: --tls-cert-file: no\/c\.pem cannot be read \(ENOENT\)/,
    ],
  ];
  for (const [flags, wanted] of rows) {
    const args = `run --node ${node} --port 0 --address 127.0.0.1 ${flags}`.split(" ");
    const { code, err } = start({ args });
    assert.is(await code, 2);
    assert.match(err(), wanted);
  }
});

test.run();
