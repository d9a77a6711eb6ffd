// What follows from what happened before: faults, repairs, a late watch, pings.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Fault } from "../../../core/fault.ts";
import type { Node } from "../../../core/kubernetes/node.ts";
import { describeNode } from "../../../core/node/describe.ts";
import type { NodeDescription } from "../../../core/node/description.ts";
import { events, type Outcome, run, type World, writes } from "../../tools/node_world.ts";

const test = suite("reconcileNode: stories");

const desired = describeNode({ name: "n1", provider: "memory" });
const withLabel = (value: string): NodeDescription => ({ ...desired, labels: { ...desired.labels, value } });

const refused: Fault = { _tag: "Forbidden", message: "not yours" };
const down: Fault = { _tag: "Unavailable", message: "down" };

const gone = (): undefined => undefined;

const relabelled = (labels: Readonly<Record<string, string>>) => (node: Node | undefined): Node | undefined =>
  node === undefined ? node : {
    ...node,
    metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...labels } },
  };

/** The times of an action, or of a kind of write. */
const timesOf = (outcome: Outcome, tag: string): readonly number[] =>
  outcome.log.filter((done) => done.action._tag === tag).map((done) => done.at);

const refusePatches: World["fault"] = (action) =>
  action._tag === "PatchNode" ? { fault: refused } : undefined;

test("peace ends a quarrel: after it, repairs are at once again", () => {
  const others = [1, 2, 3, 4, 5, 6, 900, 901].map((seconds) => ({ at: seconds * 1_000, change: gone }));
  const outcome = run({ desired: () => desired, others, until: 1_000_000 });
  const created = timesOf(outcome, "CreateNode");
  assert.equal(created.slice(-2), [900_000, 901_000]);
  assert.ok(created.length < 9, `the quarrel was slowed down: ${created}`);
});

test("what was refused is tried again after five minutes, and told once", () => {
  const outcome = run({
    desired: (mono) => withLabel(mono < 1_000 ? "a" : "b"),
    looks: [1_000],
    fault: refusePatches,
    until: 700_000,
  });
  assert.equal(timesOf(outcome, "PatchNode"), [1_000, 301_000, 601_000]);
  assert.equal(events(outcome).map((event) => [event.type, event.reason]), [["Warning", "NodeWriteRefused"]]);
  assert.match(events(outcome)[0]?.message ?? "", /label value=b.*not yours.*NodeRestriction/);
});

test("what was refused is tried again when something else is wanted, a second later at the earliest", () => {
  const outcome = run({
    desired: (mono) => withLabel(mono < 1_000 ? "a" : mono < 1_100 ? "b" : mono < 60_000 ? "c" : "d"),
    looks: [1_000, 1_100, 60_000],
    fault: refusePatches,
    until: 200_000,
  });
  assert.equal(timesOf(outcome, "PatchNode"), [1_000, 2_000, 60_000]);
});

test("what was refused is tried again when something else differs, ten seconds later at the earliest", () => {
  const outcome = run({
    desired: () => desired,
    others: [
      { at: 1_000, change: relabelled({ type: "x" }) },
      { at: 2_000, change: relabelled({ "kubernetes.io/os": "x" }) },
      { at: 60_000, change: relabelled({ "kubernetes.io/arch": "x" }) },
    ],
    fault: refusePatches,
    until: 200_000,
  });
  assert.equal(timesOf(outcome, "PatchNode"), [1_000, 11_000, 60_000]);
});

test("what one node refused is not held against the next of its name", () => {
  const untainted = (uid: string) => (node: Node | undefined): Node | undefined =>
    node === undefined ? node : { ...node, metadata: { ...node.metadata, uid }, spec: { taints: [] } };
  const outcome = run({
    desired: () => desired,
    others: [{ at: 1_000, change: untainted("second") }, { at: 2_000, change: untainted("third") }],
    fault: refusePatches,
    until: 100_000,
  });
  assert.equal(timesOf(outcome, "PatchNode"), [1_000, 2_000]);
});

test("a Conflict waits for the newer object, not for longer than two seconds", () => {
  const story = (others: World["others"]): readonly number[] => {
    let conflicts = 0;
    const outcome = run({
      desired: (mono) => mono < 1_000 ? desired : { ...desired, taints: [] },
      looks: [1_000],
      fault: (action) =>
        action._tag === "PatchNode" && conflicts++ === 0
          ? { fault: { _tag: "Conflict", message: "old" } }
          : undefined,
      others: others ?? [],
      until: 10_000,
    });
    return timesOf(outcome, "PatchNode");
  };
  assert.equal(story([]), [1_000, 3_000]);
  assert.equal(story([{ at: 1_200, change: relabelled({ foreign: "1" }) }]), [1_000, 1_200]);
});

test("a late watch: created once, and the lease does not wait for it", () => {
  const outcome = run({ desired: () => desired, lagMs: 1_500, until: 9_000 });
  assert.equal(timesOf(outcome, "CreateNode"), [0]);
  assert.equal(timesOf(outcome, "CreateLease"), [0]);
  assert.equal(writes(outcome).length, 1);
});

test("a lost answer: the node is not created twice", () => {
  let lost = 0;
  const outcome = run({
    desired: () => desired,
    fault: (action) =>
      action._tag === "CreateNode" && lost++ === 0
        ? { fault: { _tag: "OutcomeUnknown", message: "lost" }, done: true }
        : undefined,
    until: 9_000,
  });
  assert.equal(timesOf(outcome, "CreateNode"), [0]);
});

const leaseTimes = (fault: Fault, until: number): readonly number[] => {
  const outcome = run({
    desired: () => desired,
    fault: (action, mono) => action._tag === "RenewLease" && mono < until ? { fault } : undefined,
    until: 60_000,
  });
  return timesOf(outcome, "RenewLease");
};

test("a lease that fails: 200 ms, doubling to 7 s, then every 10 s again", () => {
  assert.equal(
    leaseTimes(down, 20_000),
    [0, 200, 600, 1_400, 3_000, 6_200, 12_600, 19_600, 26_600, 36_600, 46_600, 56_600],
  );
});

test("a lease is not made to wait for longer than its period", () => {
  const times = leaseTimes({ _tag: "Throttled", message: "busy", retryAfterMs: 3_600_000 }, 15_000);
  assert.equal(times.slice(0, 3), [0, 10_000, 20_000]);
  assert.equal(
    leaseTimes({ _tag: "Throttled", message: "busy", retryAfterMs: 3_000 }, 1).slice(0, 2),
    [0, 3_000],
  );
});

test("a lease that is missing is created at once", () => {
  const outcome = run({ desired: () => desired, until: 0 });
  assert.equal(outcome.log.map((done) => done.action._tag), ["CreateNode", "RenewLease", "CreateLease"]);
});

const outage = (from: number, until: number): World["fault"] => (action, mono) =>
  action._tag === "PingBackend" && mono >= from && mono < until
    ? { fault: { _tag: "Unavailable", message: `refused at ${mono}` } }
    : undefined;

const readyTimes = (outcome: Outcome): readonly string[] =>
  outcome.history.flatMap(({ at, node }) => {
    const ready = node?.status.conditions?.find((condition) => condition.type === "Ready");
    return ready === undefined ? [] : [`${at} ${ready.status} ${ready.reason}`];
  });

test("ping: NotReady with its failure, one write however the messages differ, Ready with its recovery", () => {
  const outcome = run({
    desired: () => desired,
    policy: { ping: true, normalEvents: true },
    fault: outage(20_000, 50_000),
    until: 60_000,
  });
  assert.equal(readyTimes(outcome), [
    "0 True KubeletReady",
    "20000 False ProviderUnreachable",
    "50000 True KubeletReady",
  ]);
  assert.equal(timesOf(outcome, "RenewLease").length, 7, "the lease goes on");
  assert.equal(events(outcome).map((event) => event.reason), [
    "Starting",
    "NodeReady",
    "NodeNotReady",
    "NodeReady",
  ]);
});

test("ping fails from the start: registered NotReady", () => {
  const outcome = run({
    desired: () => desired,
    policy: { ping: true },
    fault: outage(0, 15_000),
    until: 30_000,
  });
  assert.equal(readyTimes(outcome), ["0 False ProviderUnreachable", "20000 True KubeletReady"]);
});

// the renewal at 20 s was sent before that ping was answered
test("ping, silent: neither status nor lease while it fails, both at once when it heals", () => {
  const outcome = run({
    desired: () => desired,
    policy: { ping: true, onPingFailure: "silent" },
    fault: outage(20_000, 60_000),
    until: 85_000,
  });
  assert.equal(readyTimes(outcome), ["0 True KubeletReady"]);
  assert.equal(timesOf(outcome, "RenewLease"), [0, 10_000, 20_000, 60_000, 70_000, 80_000]);
});

test("ping, ignored: nothing changes", () => {
  const outcome = run({
    desired: () => desired,
    policy: { ping: true, onPingFailure: "ignore" },
    fault: outage(0, 60_000),
    until: 60_000,
  });
  assert.equal(readyTimes(outcome), ["0 True KubeletReady"]);
  assert.equal(events(outcome), []);
});

test("another's Ready=False is healed at once, a fight over it ever slower", () => {
  const meddle = (node: Node | undefined): Node | undefined =>
    node === undefined ? node : {
      ...node,
      status: {
        ...node.status,
        conditions: node.status.conditions?.map((condition) =>
          condition.type === "Ready" ? { ...condition, status: "False" } : condition
        ),
      },
    };
  const others = Array.from({ length: 60 }, (_value, index) => ({ at: (index + 1) * 1_000, change: meddle }));
  const outcome = run({ desired: () => desired, others, until: 60_000 });
  const repairs = timesOf(outcome, "PatchNodeStatus");
  assert.is(repairs[0], 1_000);
  assert.ok(repairs.length >= 5 && repairs.length <= 12, `${repairs}`);
});

test("facts arrive at once, one write each, however often they change", () => {
  const outcome = run({
    desired: (mono) => ({ ...desired, capacity: { cpu: String(Math.floor(mono / 100)) } }),
    looks: Array.from({ length: 20 }, (_value, index) => (index + 1) * 100),
    until: 2_000,
  });
  assert.equal(
    timesOf(outcome, "PatchNodeStatus"),
    Array.from({ length: 20 }, (_v, index) => (index + 1) * 100),
  );
});

test("an outage of the API server: few requests, and all is right soon after", () => {
  const outcome = run({
    desired: (mono) => mono < 5_000 ? desired : { ...desired, capacity: { cpu: "1" } },
    looks: [5_000],
    fault: (action, mono) =>
      action._tag !== "PingBackend" && mono >= 4_000 && mono < 34_000 ? { fault: down } : undefined,
    until: 60_000,
  });
  const patches = timesOf(outcome, "PatchNodeStatus");
  assert.ok(patches.length <= 9, `${patches}`);
  assert.ok((patches.at(-1) ?? 0) <= 49_000, `${patches}`);
  assert.is(outcome.node?.status.capacity?.cpu, "1");
});

test.run();
