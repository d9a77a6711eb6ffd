import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { noApiServer, stopApiServer } from "../tools/api_server.ts";
import { audited, noAudit } from "../tools/audit.ts";
import type { Pod, World } from "../tools/e2e.ts";
import { suiteAs } from "../tools/identities.ts";
import { commandsOf, isAlive } from "../tools/pod_processes.ts";
import { until } from "../tools/until.ts";
import { deploymentOf, podOf, serve } from "../tools/workloads.ts";

const outageMs = 30_000;
/** How long after the return requests are counted. */
const returnMs = 20_000;

const uidOf = (pod: Pod | undefined): string => pod?.metadata?.uid ?? "";

const isReady = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

const mainOf = async (world: World, name: string) => (await world.pod(name))?.status?.containerStatuses?.[0];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How often each thing was said in the log, since a time. */
const said = (world: World, from: number, to: number): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { time, msg } of world.agent.lines()) {
    const at = Date.parse(time);
    const what = msg.replace(/:.*/s, "");
    if (at >= from && at < to) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return counts;
};

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const outage = async (world: World): Promise<void> => {
  const { node, root, dir } = world;
  const mayEnd = join(dir, "may-end");
  const wait = `while [ ! -e ${mayEnd} ]; do sleep 0.1; done`;
  await world.apply(
    deploymentOf("web", 3, { node, script: serve }),
    podOf("ends", { node, script: `${wait}; exit 6`, restartPolicy: "Never" }),
    podOf("restarts", { node, script: `if [ -e ran ]; then ${serve}; fi; touch ran; ${wait}; exit 4` }),
  );
  const before = await until("all pods run", async () => {
    const pods = await world.pods();
    return pods.length === 5 && pods.every((pod) => pod.status?.phase === "Running") ? pods : undefined;
  });
  const web = before.filter((pod) => pod.metadata?.labels?.app === "web");
  const pids = web.flatMap((pod) => commandsOf(root, uidOf(pod)));
  assert.is(pids.length, 3);
  const named = (name: string): string => uidOf(before.find((pod) => pod.metadata?.name === name));
  const [firstRun] = commandsOf(root, named("restarts"));

  const goneAt = Date.now();
  const server = await stopApiServer();
  try {
    writeFileSync(mayEnd, "");
    await until("the one that may end has ended", () => commandsOf(root, named("ends")).length === 0);
    await until("the other one is restarted without the API server", () => {
      const [run] = commandsOf(root, named("restarts"));
      return run !== undefined && run !== firstRun;
    });
    while (Date.now() < goneAt + outageMs) {
      assert.ok(pids.every(isAlive), "what runs runs on");
      await pause(1_000);
    }
  } finally {
    await server.start();
  }
  const backAt = Date.now();
  const during = said(world, goneAt, backAt);
  console.log(`${backAt - goneAt} ms without API server: ${JSON.stringify(Object.fromEntries(during))}`);

  await until("the end that nobody could be told of", async () => {
    const main = await mainOf(world, "ends");
    return main?.state?.terminated?.exitCode === 6;
  });
  assert.is((await world.pod("ends"))?.status?.phase, "Failed");
  await until("the restart that nobody could be told of", async () => {
    const main = await mainOf(world, "restarts");
    return main?.restartCount === 1 && main.ready && main.lastState?.terminated?.exitCode === 4;
  });
  await until("the lease is renewed", async () => {
    const path = "jsonpath={.spec.renewTime}";
    const time = await world.kubectl("get", "lease", node, "-n", "kube-node-lease", "-o", path);
    return Date.parse(time) > backAt;
  });
  console.log(`caught up ${Date.now() - backAt} ms after the return`);
  assert.ok(pids.every(isAlive));
  for (const pod of web) {
    // the node controller may have called the pods NotReady when it came back before us: that is healed
    const after = await until("Ready", async () => {
      const found = await world.pod(pod.metadata?.name ?? "");
      return isReady(found) ? found : undefined;
    });
    assert.equal(after.status?.containerStatuses, pod.status?.containerStatuses, "what just runs on");
    assert.equal(after.status?.startTime, pod.status?.startTime);
  }
  assert.ok(total(during) < 120, `${total(during)} things tried or said while the API server was away`);
  await pause(Math.max(0, backAt + returnMs - Date.now()));
  const after = said(world, backAt, backAt + returnMs);
  console.log(`in the ${returnMs} ms after: ${JSON.stringify(Object.fromEntries(after))}`);
  const why = noAudit();
  if (why !== undefined) return console.log(`requests not counted: ${why}`);
  const requests = audited(`system:node:${node}`, goneAt);
  const counted = new Map<string, number>();
  for (const { verb, uri } of requests) {
    const key = `${verb} ${uri.replace(/\?.*/, "")}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  console.log(`requests: ${JSON.stringify(Object.fromEntries(counted))}`);
  assert.ok(requests.length > 0 && requests.length < 60, `${requests.length} requests after the return`);
};

suiteAs("node", "outage", (test) => {
  test(`${outageMs / 1000} s without API server: all goes on, and is told afterwards`, async (world) => {
    const why = noApiServer();
    if (why !== undefined) return console.log(`SKIPPED the API server is stopped and started: ${why}`);
    await outage(world);
  });

  test("then everything works as before", async (world) => {
    if (noApiServer() !== undefined) return;
    await until("the node is Ready", async () => {
      const node = await world.nodeObject();
      return node?.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
    });
    await world.kubectl("scale", "deployment/web", "--replicas=1");
    await until("two are gone", async () => (await world.pods("web")).length === 1);
    await world.kubectl("scale", "deployment/web", "--replicas=2");
    await world.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    const [pod] = await world.pods("web");
    assert.is(await world.kubectl("logs", pod?.metadata?.name ?? ""), "");
  });
});
