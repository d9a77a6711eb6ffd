import { K8s, kind } from "kubernetes-fluent-client";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import * as assert from "uvu/assert";
import { makeRandom, type Random } from "../sim/random.ts";
import type { Pod, World } from "../tools/e2e.ts";
import { suiteAs } from "../tools/identities.ts";
import { commandsOf, podProcesses, twice } from "../tools/pod_processes.ts";
import { until } from "../tools/until.ts";
import { ignoreTerm, noteStart, podOf, serve, startsIn } from "../tools/workloads.ts";

const kills = 50;
const settleEvery = 10;
const maxPods = 14;

const seed = Number(process.env.VK_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What a pod is to do, and what must become of it. */
interface Sort {
  readonly script: (random: Random) => { readonly script: string; readonly exitCode: number | undefined };
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  readonly restarts: number;
}

const sorts: readonly Sort[] = [
  {
    script: () => ({ script: serve, exitCode: undefined }),
    restartPolicy: "Always",
    restarts: 0,
  },
  {
    script: () => ({ script: ignoreTerm, exitCode: undefined }),
    restartPolicy: "Always",
    restarts: 0,
  },
  {
    script: (random) => {
      const exitCode = random.below(5);
      return { script: `sleep ${(random.next() * 2).toFixed(2)}; exit ${exitCode}`, exitCode };
    },
    restartPolicy: "Never",
    restarts: 0,
  },
  {
    script: () => ({ script: "if [ -e ran ]; then exit 0; fi; touch ran; sleep 0.3; exit 5", exitCode: 0 }),
    restartPolicy: "OnFailure",
    restarts: 1,
  },
];

/** A pod that was made, and what was seen of it. */
interface Made {
  readonly name: string;
  readonly uid: string;
  readonly sort: Sort;
  /** `undefined`: it runs until it is deleted. */
  readonly exitCode: number | undefined;
  deleted: boolean;
  /** Its container's status when it was first seen to run as it should. */
  seen: object | undefined;
}

interface Chaos {
  readonly world: World;
  readonly random: Random;
  readonly starts: string;
  readonly made: Made[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const makePod = async ({ world, random, starts, made }: Chaos): Promise<void> => {
  const name = `pod-${made.length}`;
  const sort = random.pick(sorts);
  const { script, exitCode } = sort.script(random);
  const options = { node: world.node, script: `${noteStart(starts)}${script}`, graceSeconds: 2 };
  const pod = podOf(name, { ...options, restartPolicy: sort.restartPolicy }) as Pod;
  const metadata = { name, namespace: world.namespace };
  const created = await K8s(kind.Pod).Create({ ...pod, metadata });
  const uid = created.metadata?.uid ?? "";
  made.push({ name, uid, sort, exitCode, deleted: false, seen: undefined });
};

const deletePod = async ({ world, random, made }: Chaos): Promise<void> => {
  const left = made.filter((pod) => !pod.deleted);
  if (left.length === 0) return;
  const pod = random.pick(left);
  pod.deleted = true;
  await K8s(kind.Pod).InNamespace(world.namespace).Delete(pod.name);
};

const disturb = async (chaos: Chaos): Promise<void> => {
  const { random, made } = chaos;
  const live = made.filter((pod) => !pod.deleted).length;
  if (live < maxPods) await makePod(chaos);
  if (random.chance(live < maxPods ? 0.4 : 0.9)) await deletePod(chaos);
};

/** Nothing runs twice, and nothing was ever started twice. */
const checkOnce = ({ world, starts }: Chaos): void => {
  assert.equal(twice(world.root), [], "two processes of one container");
  if (!existsSync(starts)) return;
  const instances = startsIn(starts).map(({ instance }) => instance);
  const again = instances.filter((instance, at) => instances.indexOf(instance) !== at);
  assert.equal(again, [], "instances that were started twice");
};

/** What is wrong with a pod that was not deleted, or nothing when it is as it should be. */
const wrongWith = ({ sort, exitCode, name, uid }: Made, pod: Pod | undefined): string | undefined => {
  if (pod === undefined || pod.metadata?.uid !== uid) return `${name} is gone`;
  const main = pod.status?.containerStatuses?.[0];
  const phase = exitCode === undefined ? "Running" : exitCode === 0 ? "Succeeded" : "Failed";
  const got =
    `${pod.status?.phase}, exit code ${main?.state?.terminated?.exitCode}, ${main?.restartCount} restarts`;
  const want = `${phase}, exit code ${exitCode}, ${sort.restarts} restarts`;
  return got === want ? undefined : `${name} is ${got}; it should be ${want}`;
};

/** Everything is as it should be, and as it was. */
const settle = async (chaos: Chaos): Promise<void> => {
  const { world, made, starts } = chaos;
  const pods = await until("all pods are as they should be", async () => {
    const pods = new Map((await world.pods()).map((pod) => [pod.metadata?.name, pod]));
    const wrong = made.flatMap((each) =>
      each.deleted
        ? pods.has(each.name) ? [`${each.name} is not deleted`] : []
        : wrongWith(each, pods.get(each.name)) ?? []
    );
    if (wrong.length > 0) throw new Error(wrong.join("; "));
    return pods;
  });
  const started = new Set(startsIn(starts).map(({ instance }) => instance));
  for (const each of made.filter((pod) => !pod.deleted)) {
    const main = pods.get(each.name)?.status?.containerStatuses?.[0];
    each.seen ??= main;
    assert.equal(main, each.seen, `the status of ${each.name} never changes again`);
    for (let n = 0; n <= each.sort.restarts; n++) {
      assert.ok(started.has(`${each.uid}/main/${n}`), `instance ${n} of ${each.name} was started`);
    }
    assert.is(commandsOf(world.root, each.uid).length, each.exitCode === undefined ? 1 : 0, each.name);
  }
  const alive = new Set(made.filter((pod) => !pod.deleted).map(({ uid }) => uid));
  const strays = podProcesses(world.root).filter(({ uid }) => !alive.has(uid));
  assert.equal(strays, [], "processes of pods that are gone");
  checkOnce(chaos);
};

suiteAs("node", "killed", (test) => {
  test(`kill -9, ${kills} times: nothing runs twice, nothing is lost`, async (world) => {
    console.log(`seed ${seed} (VK_TEST_SEED=${seed} makes the same choices; the timing is the machine's)`);
    const chaos: Chaos = { world, random: makeRandom(seed), starts: join(world.dir, "starts"), made: [] };
    const { random } = chaos;
    for (let kill = 1; kill <= kills; kill++) {
      await disturb(chaos);
      // from before it has joined to long after
      await pause(random.next() * (random.chance(0.5) ? 700 : 2500));
      await world.agent.kill();
      if (random.chance(0.5)) await disturb(chaos);
      await pause(random.next() * 500);
      world.agent.start();
      checkOnce(chaos);
      if (kill % settleEvery === 0) await settle(chaos);
    }
    const { made, starts } = chaos;
    console.log(
      `${made.length} pods, ${made.filter(({ deleted }) => deleted).length} deleted, ` +
        `${startsIn(starts).length} starts`,
    );
  });

  test("started again, it tells at once how those ended that nobody saw, and leaves the others be", async (world) => {
    const { node, agent } = world;
    const exits = join(world.dir, "may-end");
    const wait = `while [ ! -e ${exits} ]; do sleep 0.1; done`;
    await world.apply(
      podOf("stays", { node, script: serve }),
      podOf("ends", { node, script: `${wait}; exit 9`, restartPolicy: "Never" }),
      podOf("comes-back", { node, script: `if [ -e ran ]; then ${serve}; fi; touch ran; ${wait}; exit 4` }),
    );
    const names = ["stays", "ends", "comes-back"];
    for (const name of names) {
      await until(`${name} runs`, async () => (await world.pod(name))?.status?.phase === "Running");
    }
    const before = await Promise.all(names.map((name) => world.pod(name)));
    await agent.kill();
    writeFileSync(exits, "");
    await until(
      "what may end has ended",
      () => [1, 2].every((at) => commandsOf(world.root, before[at]?.metadata?.uid ?? "").length === 0),
    );
    agent.start();
    await agent.ready();
    await until("the end that nobody saw", async () => (await world.pod("ends"))?.status?.phase === "Failed");
    const ended = (await world.pod("ends"))?.status?.containerStatuses?.[0]?.state?.terminated;
    assert.equal([ended?.exitCode, ended?.reason], [9, "Error"]);
    assert.ok(Date.parse(String(ended?.finishedAt)) >= Date.parse(String(ended?.startedAt)));
    const back = await until("the restart", async () => {
      const main = (await world.pod("comes-back"))?.status?.containerStatuses?.[0];
      return main?.restartCount === 1 && main.ready ? main : undefined;
    });
    assert.is(back.lastState?.terminated?.exitCode, 4);
    const stays = await world.pod("stays");
    assert.equal(stays?.status, before[0]?.status, "the status of what just runs on");
    const lines = agent.lines().filter(({ uid }) => uid === stays?.metadata?.uid);
    // the token that it had is not known any more: it is given a new one
    const told = lines.map(({ msg }) => msg).filter((msg) => msg !== "UpdateFiles");
    assert.equal(told, [], "nothing else is done to it");
  });
});
