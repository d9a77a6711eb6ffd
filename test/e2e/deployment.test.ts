import { request } from "node:https";
import * as assert from "uvu/assert";
import { audited, noAudit } from "../tools/audit.ts";
import type { World } from "../tools/e2e.ts";
import { follow } from "../tools/follow.ts";
import { underBothIdentities } from "../tools/identities.ts";
import { commandsOf, isAlive } from "../tools/pod_processes.ts";
import { until } from "../tools/until.ts";
import { deploymentOf, podOf, serve } from "../tools/workloads.ts";

const uidOf = (pod: { metadata?: { uid?: string } }): string => pod.metadata?.uid ?? "";

/** The HTTP status of the kubelet API for somebody without credentials. */
const anonymousStatus = (host: string, port: number, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request({ host, port, path, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    asked.on("error", reject);
    asked.end();
  });

/** The life of a pod costs three requests: it runs, it has ended, it is gone. */
const countWrites = (world: World, names: readonly string[]): void => {
  // an administrator's requests are kubectl's as well
  if (world.who === "admin" || noAudit() !== undefined) return;
  const requests = audited(`system:node:${world.node}`, world.since).filter(({ uri }) =>
    names.some((name) => uri.includes(`/pods/${name}`))
  );
  const text = requests.map(({ verb, uri, code }) => `${verb} ${uri.replace(/^.*\/pods/, "")} ${code}`).join(
    "\n",
  );
  // one more when somebody wrote to the pod in between
  assert.ok(
    requests.length <= 3 * names.length + 1,
    `${names.length} pods, ${requests.length} requests:\n${text}`,
  );
};

underBothIdentities("deployment", (test) => {
  test("three replicas run, as processes of this machine", async (world) => {
    const { node, root } = world;
    await world.apply(
      deploymentOf("web", 3, { node, script: `for n in 1 2 3 4 5; do echo line $n; done; ${serve}` }),
    );
    await world.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    const pods = await world.pods("web");
    assert.is(pods.length, 3);
    for (const pod of pods) {
      assert.is(pod.spec?.nodeName, node);
      assert.is(pod.status?.phase, "Running");
      assert.is(pod.status?.podIP, "127.0.0.1");
      assert.is(pod.status?.containerStatuses?.[0]?.restartCount, 0);
      assert.is(commandsOf(root, uidOf(pod)).length, 1);
    }
  });

  test("kubectl logs, --tail, --timestamps", async (world) => {
    const whole = "line 1\nline 2\nline 3\nline 4\nline 5\n";
    for (const pod of await world.pods("web")) {
      const name = pod.metadata?.name ?? "";
      // the status may say Running before the process has said anything
      await until("all lines", async () => await world.kubectl("logs", name) === whole);
      assert.is(await world.kubectl("logs", name, "--tail=2"), "line 4\nline 5\n");
      assert.is(await world.kubectl("logs", name, "--tail=0"), "");
      const timed = await world.kubectl("logs", name, "--tail=1", "--timestamps");
      assert.match(timed, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z line 5\n$/);
    }
  });

  test("logs come through the API server, at the node's own address; nobody else is answered", async (world) => {
    const { status } = await world.nodeObject() ?? {};
    const address = status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
    const port = status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
    assert.is(address, "127.0.0.1", "the machine's address on the way to the API server");
    assert.ok(port > 0);
    const name = (await world.pods("web"))[0]?.metadata?.name;
    assert.is(await anonymousStatus(address, port, `/containerLogs/${world.namespace}/${name}/main`), 401);
    assert.is(await anonymousStatus(address, port, "/pods"), 401);
  });

  test("kubectl logs -f brings lines as they come, and ends with the container", async (world) => {
    const { node } = world;
    const script =
      `trap 'exit 0' TERM; n=0; while [ $n -lt 900 ]; do n=$((n+1)); echo tick $n; sleep 1; done`;
    await world.apply(podOf("ticker", { node, script, restartPolicy: "Never" }));
    await world.kubectl("wait", "--for=condition=Ready", "pod/ticker", "--timeout=60s");
    const { text, ended } = follow(world, "logs", "-f", "ticker");
    await until("three lines", () => text().includes("tick 1\ntick 2\ntick 3\n"));
    await world.kubectl("delete", "pod", "ticker", "--wait=false");
    assert.is(await ended, 0);
    assert.match(text(), /tick \d+\n$/);
  });

  test("kubectl logs --previous shows the instance before the restart", async (world) => {
    const { node } = world;
    // the working directory outlives the instance
    const script = `if [ -e ran ]; then echo second; ${serve}; else touch ran; echo first; exit 3; fi`;
    await world.apply(podOf("again", { node, script, restartPolicy: "Always" }));
    const status = await until("the restart", async () => {
      const found = (await world.pod("again"))?.status?.containerStatuses?.[0];
      return found?.restartCount === 1 && found.ready ? found : undefined;
    });
    assert.is(status.lastState?.terminated?.exitCode, 3);
    await until("its own log", async () => await world.kubectl("logs", "again") === "second\n");
    assert.is(await world.kubectl("logs", "again", "--previous"), "first\n");
    await world.kubectl("delete", "pod", "again", "--wait=false");
  });

  test("scaled to 0: the processes end within the grace period", async (world) => {
    const pods = await world.pods("web");
    const pids = pods.flatMap((pod) => commandsOf(world.root, uidOf(pod)));
    assert.is(pids.length, 3);
    const started = performance.now();
    await world.kubectl("scale", "deployment/web", "--replicas=0");
    await until("the processes are gone", () => !pids.some(isAlive));
    await until("the pods are gone", async () => (await world.pods("web")).length === 0);
    console.log(`scaled 3 to 0 in ${Math.round(performance.now() - started)} ms, grace 5 s`);
    countWrites(world, pods.map((pod) => pod.metadata?.name ?? ""));
  });
});
