import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import * as assert from "uvu/assert";
import type { World } from "../tools/e2e.ts";
import { onBothServers } from "../tools/identities.ts";
import { until } from "../tools/until.ts";
import { podOf, serve } from "../tools/workloads.ts";

interface Volumes {
  readonly volumes?: readonly object[];
  readonly mounts?: readonly object[];
  readonly script: string;
  readonly account?: string;
}

const podWith = (world: World, name: string, { volumes, mounts, script, account }: Volumes): object => {
  const pod = podOf(name, { node: world.node, script }) as any;
  const [main] = pod.spec.containers;
  const containers = [{ ...main, volumeMounts: mounts }];
  const spec = { ...pod.spec, volumes, containers, serviceAccountName: account };
  return { ...pod, metadata: { name, labels: { app: name, color: "blue" } }, spec };
};

const object = (kind: string, name: string, more: object): object => ({
  apiVersion: "v1",
  kind,
  metadata: { name },
  ...more,
});

const running = (world: World, name: string): Promise<unknown> =>
  until(`${name} runs`, async () => (await world.pod(name))?.status?.phase === "Running");

/** Waits for a line of the pod's log; says how long that took. */
const said = async (world: World, name: string, line: string | RegExp): Promise<number> => {
  const since = Date.now();
  await until(`${name} says ${line}`, async () => {
    const log = await world.kubectl("logs", name).catch(() => "");
    return log.split("\n").some((each) => typeof line === "string" ? each === line : line.test(each));
  });
  return Date.now() - since;
};

/** Prints a line whenever what a command prints is another than before. */
const follow = (command: string): string =>
  `cd "$CONTAINER_SANDBOX_MOUNT_POINT"; while :; do now=$(${command}); ` +
  `[ "$now" = "$old" ] || echo "$now"; old=$now; sleep 0.2; done`;

const serverOf = ({ kubeconfig }: World): string =>
  parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster.server;

const review = `{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`;

onBothServers("volumes", (test) => {
  test("files of ConfigMaps, Secrets and the downward API, with their modes, and folders", async (world) => {
    await world.apply(
      object("ConfigMap", "config", { data: { "app.conf": "key = value\n" }, binaryData: { bin: "AP+A" } }),
      object("Secret", "keys", { stringData: { password: "pässword" } }),
    );
    await world.apply(podWith(world, "files", {
      volumes: [
        { name: "config", configMap: { name: "config" } },
        {
          name: "keys",
          secret: { secretName: "keys", defaultMode: 0o400, items: [{ key: "password", path: "deep/pw" }] },
        },
        {
          name: "info",
          downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
        },
        { name: "tmp", emptyDir: {} },
      ],
      mounts: [
        { name: "config", mountPath: "/etc/app", readOnly: true },
        { name: "keys", mountPath: "/run/keys" },
        { name: "info", mountPath: "/info" },
        { name: "tmp", mountPath: "/tmp" },
      ],
      script: 'cd "$CONTAINER_SANDBOX_MOUNT_POINT"; cat etc/app/app.conf run/keys/deep/pw; echo; ' +
        "od -An -tx1 etc/app/bin; stat -L -c %a run/keys/deep/pw etc/app/bin; cat info/labels; echo; " +
        `echo x > tmp/x && echo wrote; ${serve}`,
    }));
    await said(world, "files", "wrote");
    assert.is(
      await world.kubectl("logs", "files"),
      'key = value\npässword\n 00 ff 80\n400\n644\napp="files"\ncolor="blue"\nwrote\n',
    );
  });

  test("an edit reaches the running pod within five seconds; a sub-path and the environment stay", async (world) => {
    await world.apply(object("ConfigMap", "live", { data: { a: "one", s: "sub" } }));
    await world.apply(podWith(world, "live", {
      volumes: [
        { name: "v", configMap: { name: "live" } },
        {
          name: "info",
          downwardAPI: { items: [{ path: "color", fieldRef: { fieldPath: "metadata.labels['color']" } }] },
        },
      ],
      mounts: [
        { name: "v", mountPath: "/v" },
        { name: "v", mountPath: "/single", subPath: "s" },
        { name: "info", mountPath: "/info" },
      ],
      script: follow("echo $(cat v/a) $(cat single) $(cat info/color)"),
    }));
    await said(world, "live", "one sub blue");
    await world.apply(object("ConfigMap", "live", { data: { a: "two", s: "changed" } }));
    assert.ok(await said(world, "live", "two sub blue") < 5_000);
    await world.kubectl("label", "pod", "live", "--overwrite", "color=red");
    assert.ok(await said(world, "live", "two sub red") < 5_000);
    await world.kubectl("delete", "configmap", "live");
    await world.apply(object("ConfigMap", "live", { data: { a: "three" } }));
    assert.ok(await said(world, "live", "three sub red") < 5_000);
    assert.is((await world.pod("live"))?.status?.containerStatuses?.[0]?.restartCount, 0);
  });

  test("a volume of a missing Secret is waited for", async (world) => {
    await world.apply(podWith(world, "late", {
      volumes: [{ name: "v", secret: { secretName: "late" } }],
      mounts: [{ name: "v", mountPath: "/v" }],
      script: `cat "$CONTAINER_SANDBOX_MOUNT_POINT/v/a"; ${serve}`,
    }));
    await until("it says what it waits for", async () => {
      const waiting = (await world.pod("late"))?.status?.containerStatuses?.[0]?.state?.waiting;
      return waiting?.message === 'volume "v": secret "late" not found';
    });
    await world.apply(object("Secret", "late", { stringData: { a: "it came\n" } }));
    await said(world, "late", "it came");
  });

  test("a process calls the API server as its service account", async (world) => {
    await world.apply(object("ServiceAccount", "robot", {}));
    const there = '"$CONTAINER_SANDBOX_MOUNT_POINT/var/run/secrets/kubernetes.io/serviceaccount"';
    await world.apply(podWith(world, "caller", {
      account: "robot",
      script:
        `cd ${there}; cat namespace; echo; curl -sS --cacert ca.crt -H "Authorization: Bearer $(cat token)" ` +
        `-H "Content-Type: application/json" -d '${review}' ` +
        `${serverOf(world)}/apis/authentication.k8s.io/v1/selfsubjectreviews | tr -d ' \\n'; echo; ${serve}`,
    }));
    await said(world, "caller", world.namespace);
    await said(world, "caller", new RegExp(`"username":"system:serviceaccount:${world.namespace}:robot"`));
    const log = await world.kubectl("logs", "caller");
    const pod = await world.pod("caller");
    assert.ok(log.includes(`"authentication.kubernetes.io/pod-uid":["${pod?.metadata?.uid}"]`), log);
  });

  test("a token with another audience is renewed while the pod runs, and ends with it", async (world) => {
    await world.apply(podWith(world, "renewed", {
      volumes: [{
        name: "t",
        projected: {
          sources: [{ serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } }],
        },
      }],
      mounts: [{ name: "t", mountPath: "/t" }],
      // the payload of the token: who it is for, and until when
      script: follow(`cut -d. -f2 t/token | tr _- /+ | base64 -d 2>/dev/null; echo`),
    }));
    await running(world, "renewed");
    await said(world, "renewed", /"aud":\["vault"\]/);
    const claims = JSON.parse((await world.kubectl("logs", "renewed")).split("\n")[0] ?? "");
    assert.is(claims["kubernetes.io"].pod.uid, (await world.pod("renewed"))?.metadata?.uid);
    assert.ok(claims.exp - claims.iat <= 610, "600 s, as asked for");
    // a new agent asks for a new one, and the pod, which runs on, is given it
    await world.agent.kill();
    world.agent.start();
    await world.agent.ready();
    await until("the pod has the new token", async () => {
      const log = await world.kubectl("logs", "renewed");
      return log.trim().split("\n").filter((line) => line.startsWith("{")).length > 1;
    });
    assert.is((await world.pod("renewed"))?.status?.containerStatuses?.[0]?.restartCount, 0);
    assert.not.ok(JSON.stringify(world.agent.lines(true)).includes("eyJ"), "no token in the log");
  });

  test("a claim is waited for until it is bound, and its volume is mounted", async (world) => {
    const dir = join(world.dir, "persistent");
    mkdirSync(dir);
    writeFileSync(join(dir, "kept"), "kept\n");
    await world.apply(podWith(world, "claims", {
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
      mounts: [{ name: "data", mountPath: "/data" }],
      script: `cat "$CONTAINER_SANDBOX_MOUNT_POINT/data/kept"; ${serve}`,
    })).catch(() => {});
    const waits = (message: RegExp) =>
      until(`it waits: ${message}`, async () => {
        const pod = await world.pod("claims");
        return message.test(pod?.status?.containerStatuses?.[0]?.state?.waiting?.message ?? "");
      });
    const volume = { storageClassName: "", accessModes: ["ReadWriteOnce"] };
    const name = `${world.node}-data`;
    await world.apply(object("PersistentVolumeClaim", "data", {
      spec: { ...volume, volumeName: name, resources: { requests: { storage: "1Mi" } } },
    }));
    // the real scheduler binds no pod whose claim is not bound: then it is not even seen to wait
    if ((await world.pod("claims"))?.spec?.nodeName !== undefined) await waits(/"data" is not bound/);
    await world.apply(object("PersistentVolume", name, {
      spec: {
        ...volume,
        capacity: { storage: "1Mi" },
        hostPath: { path: dir },
        claimRef: { namespace: world.namespace, name: "data" },
      },
    }));
    try {
      // our own server binds nothing by itself
      await world.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/data", "--timeout=5s").catch(
        () =>
          world.kubectl(
            ...["patch", "pvc", "data", "--subresource=status", "--type=merge"],
            ...["-p", '{"status":{"phase":"Bound"}}'],
          ),
      );
      await said(world, "claims", "kept");
    } finally {
      await world.kubectl("delete", "pod", "claims", "--wait=false");
      await world.kubectl("delete", "pv", name, "--wait=false");
    }
  });

  test("what cannot be mounted is refused by name", async (world) => {
    await world.apply(podWith(world, "refused", {
      volumes: [{ name: "h", hostPath: { path: "/etc" } }],
      mounts: [{ name: "h", mountPath: "/h" }],
      script: serve,
    }));
    const pod = await until("the refusal", async () => {
      const now = await world.pod("refused");
      return now?.status?.reason === "ProviderFailed" ? now : undefined;
    });
    assert.match(pod.status?.message ?? "", "spec.volumes[0]: /etc of this machine may not be mounted");
  });
}, { flags: ["--host-path", tmpdir()] });
