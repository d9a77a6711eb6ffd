import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Pod, World } from "../tools/e2e.ts";
import { follow, watchEvents } from "../tools/follow.ts";
import { underBothIdentities } from "../tools/identities.ts";
import { commandsOf, isAlive, twice } from "../tools/pod_processes.ts";
import { until } from "../tools/until.ts";
import { noteStart, noteTerm, startsIn, statefulSetOf } from "../tools/workloads.ts";

/** What was told of a pod name, in order: every change that a watch brings. */
interface Told {
  readonly uid: string;
  readonly phase: string;
  readonly containerID: string | undefined;
  readonly exitCode: number | undefined;
  readonly restartCount: number | undefined;
  readonly gone: boolean;
}

const toldOf = (pod: Pod, gone: boolean): Told => {
  const main = pod.status?.containerStatuses?.[0];
  return {
    uid: pod.metadata?.uid ?? "",
    phase: pod.status?.phase ?? "",
    containerID: main?.containerID,
    exitCode: main?.state?.terminated?.exitCode,
    restartCount: main?.restartCount,
    gone,
  };
};

/** Follows a pod by its name, as whoever is confused by a mix-up would. */
const watchName = async (
  world: World,
  name: string,
): Promise<{ readonly told: () => readonly Told[]; readonly close: () => void }> => {
  const { text, stop } = follow(world, "get", "pod", name, "--watch", "-o", "json", "--output-watch-events");
  const told = () => watchEvents<Pod>(text()).map(({ type, object }) => toldOf(object, type === "DELETED"));
  await until("the watch has begun", () => told().length > 0);
  return { told, close: stop };
};

const uidOf = (pod: Pod | undefined): string => pod?.metadata?.uid ?? "";

const runningPod = (world: World, name: string, not = ""): Promise<Pod> =>
  until(`${name} runs`, async () => {
    const pod = await world.pod(name);
    return pod !== undefined && uidOf(pod) !== not && pod.status?.phase === "Running" ? pod : undefined;
  });

const theOne = (pids: readonly number[]): number => {
  assert.is(pids.length, 1);
  return pids[0] ?? 0;
};

/** The process ids of those that were asked to stop. */
const askedIn = (dir: string): readonly number[] =>
  readFileSync(join(dir, "asked"), "utf8").trim().split("\n").map(Number);

/** What was told of the second pod is only ever about the second. */
const noMixUp = (told: readonly Told[], first: Pod, second: Pod): void => {
  const firstId = first.status?.containerStatuses?.[0]?.containerID;
  const ofSecond = told.filter(({ uid }) => uid === uidOf(second));
  assert.ok(ofSecond.length > 0);
  for (const each of ofSecond) {
    assert.is.not(each.containerID, firstId);
    assert.is(each.exitCode, undefined);
    assert.is(each.restartCount ?? 0, 0);
    assert.ok(["Pending", "Running"].includes(each.phase), each.phase);
  }
};

underBothIdentities("stateful", (test) => {
  test("deleted, and SIGTERM ignored: killed after the grace, and only then replaced", async (world) => {
    const { node, root, dir } = world;
    const starts = join(dir, "starts");
    const script = `${noteStart(starts)}${noteTerm(join(dir, "asked"))}`;
    await world.apply(statefulSetOf("db", 1, { node, script, graceSeconds: 3 }));
    const first = await runningPod(world, "db-0");
    const oldPid = theOne(commandsOf(root, uidOf(first)));
    const { told, close } = await watchName(world, "db-0");
    await world.kubectl("delete", "pod", "db-0", "--wait=false");
    const second = await until("a pod of another UID", async () => {
      const pod = await world.pod("db-0");
      return pod !== undefined && uidOf(pod) !== uidOf(first) ? pod : undefined;
    });
    assert.not(isAlive(oldPid), "the old process is dead before its pod is gone");
    assert.equal(askedIn(dir), [oldPid], "asked to stop, once");
    const running = await runningPod(world, "db-0", uidOf(first));
    assert.is(uidOf(running), uidOf(second));
    close();
    const all = told();
    const old = all.filter(({ uid }) => uid === uidOf(first));
    assert.equal(old.map(({ exitCode }) => exitCode).filter((code) => code !== undefined).at(-1), 137);
    assert.is(old.at(-1)?.gone, true);
    assert.is(old.at(-1)?.phase, "Failed");
    assert.ok(all.findIndex(({ uid }) => uid === uidOf(second)) > all.lastIndexOf(old.at(-1) as Told));
    noMixUp(all, first, running);
    assert.equal(startsIn(starts).map(({ instance }) => instance), [
      `${uidOf(first)}/main/0`,
      `${uidOf(second)}/main/0`,
    ]);
    assert.is(startsIn(starts)[1]?.pid, theOne(commandsOf(root, uidOf(second))));
  });

  test("deleted by force: the old process is ended, and nothing of it is told of the new pod", async (world) => {
    const { root, dir } = world;
    const first = await runningPod(world, "db-0");
    const oldPid = theOne(commandsOf(root, uidOf(first)));
    const { told, close } = await watchName(world, "db-0");
    await world.kubectl("delete", "pod", "db-0", "--force", "--grace-period=0", "--wait=false");
    const second = await runningPod(world, "db-0", uidOf(first));
    console.log(`old and new at the same time: ${isAlive(oldPid) ? "yes" : "no"}`);
    const newPid = theOne(commandsOf(root, uidOf(second)));
    await until("the old process is killed", () => !isAlive(oldPid));
    assert.ok(askedIn(dir).includes(oldPid), "it was asked to stop before");
    await until(
      "the old pod is let go of",
      () => world.agent.lines().some(({ msg, uid }) => msg === "RemovePod" && uid === uidOf(first)),
    );
    const after = await runningPod(world, "db-0");
    close();
    assert.is(uidOf(after), uidOf(second));
    assert.equal(after.status?.containerStatuses, second.status?.containerStatuses);
    assert.ok(isAlive(newPid));
    noMixUp(told(), first, second);
    assert.equal(twice(root), []);
  });

  test("deleted by force while the agent is away: the two coexist until the old one's absence is certain", async (world) => {
    const { root, agent } = world;
    const first = await runningPod(world, "db-0");
    const oldPid = theOne(commandsOf(root, uidOf(first)));
    const { told, close } = await watchName(world, "db-0");
    await agent.kill();
    await world.kubectl("delete", "pod", "db-0", "--force", "--grace-period=0", "--wait=false");
    agent.start();
    const second = await runningPod(world, "db-0", uidOf(first));
    const newPid = theOne(commandsOf(root, uidOf(second)));
    assert.ok(isAlive(oldPid), "a list that lacks a pod is no reason to kill it at once");
    await until("the old process is killed", () => !isAlive(oldPid));
    const after = await runningPod(world, "db-0");
    close();
    assert.equal(after.status?.containerStatuses, second.status?.containerStatuses);
    assert.ok(isAlive(newPid));
    noMixUp(told(), first, second);
  });
});
