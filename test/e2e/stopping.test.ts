import * as assert from "uvu/assert";
import type { Pod, World } from "../tools/e2e.ts";
import { underBothIdentities } from "../tools/identities.ts";
import { commandsOf, isAlive } from "../tools/pod_processes.ts";
import { until } from "../tools/until.ts";
import { ignoreTerm, podOf, serve } from "../tools/workloads.ts";

const uidOf = (pod: Pod | undefined): string => pod?.metadata?.uid ?? "";

const readyOf = async (world: World) => {
  const node = await world.nodeObject();
  return node?.status?.conditions?.find(({ type }) => type === "Ready");
};

const runs = (world: World, name: string): Promise<Pod> =>
  until(`${name} runs`, async () => {
    const pod = await world.pod(name);
    return pod?.status?.phase === "Running" ? pod : undefined;
  });

underBothIdentities("stopping", (test) => {
  test("SIGTERM leaves the pods and the node as they are", async (world) => {
    const { node, root, agent } = world;
    const script =
      `trap 'exit 0' TERM; n=0; while [ $n -lt 900 ]; do n=$((n+1)); echo tick $n; sleep 1; done`;
    await world.apply(podOf("kept", { node, script }));
    const before = await runs(world, "kept");
    const [pid = 0] = commandsOf(root, uidOf(before));
    assert.is(await agent.stop(), 0);
    assert.match(agent.lines().at(-1)?.msg ?? "", /has stopped/);
    assert.ok(isAlive(pid));
    assert.equal((await world.pod("kept"))?.status, before.status);
    assert.is((await readyOf(world))?.status, "True");
    assert.is((await world.nodeObject())?.spec?.unschedulable ?? false, false);
  });

  test("the next agent takes them over: the same process, the same status, the whole log", async (world) => {
    const { root, agent } = world;
    const before = await world.pod("kept");
    const pids = commandsOf(root, uidOf(before));
    agent.start();
    await agent.ready();
    assert.equal(commandsOf(root, uidOf(before)), pids);
    const text = await until("lines of both agents' times", async () => {
      const all = await world.kubectl("logs", "kept");
      return all.includes("tick 4\n") && all;
    });
    const ticks = text.trim().split("\n").map((line) => Number(line.slice(5)));
    assert.equal(ticks, ticks.map((_, at) => at + 1), "no line is missing, none is there twice");
    assert.equal((await world.pod("kept"))?.status, before?.status);
    // the token that it had is not known any more: it is given a new one
    const told = agent.lines().filter(({ uid, msg }) => uid === uidOf(before) && msg !== "UpdateFiles");
    assert.equal(told, [], "nothing else is done to the pod");
  });

  test("--drain-on-stop deletes the pods gracefully, and leaves the node NotReady", async (world) => {
    const { node, root, agent } = world;
    await agent.stop();
    agent.start("--drain-on-stop");
    await agent.ready();
    await world.apply(
      podOf("gentle", { node, script: serve }),
      podOf("deaf", { node, script: ignoreTerm, graceSeconds: 2 }),
    );
    const pods = [await runs(world, "gentle"), await runs(world, "deaf"), await world.pod("kept")];
    const pids = pods.flatMap((pod) => commandsOf(root, uidOf(pod)));
    assert.is(pids.length, 3);
    assert.is(await agent.stop(), 0);
    assert.equal(pids.filter(isAlive), []);
    assert.equal(await world.pods(), []);
    const ready = await readyOf(world);
    assert.is(ready?.status, "False");
    assert.is((await world.nodeObject())?.spec?.unschedulable, true);
    console.log(`drained: ${ready?.reason}: ${ready?.message}`);
  });

  test("started again, the node is Ready and takes pods", async (world) => {
    const { node, agent } = world;
    agent.start();
    await agent.ready();
    assert.is((await readyOf(world))?.status, "True");
    await world.apply(podOf("late", { node, script: serve }));
    await runs(world, "late");
    assert.is((await world.nodeObject())?.spec?.unschedulable ?? false, false);
  });
});
