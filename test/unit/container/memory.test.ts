import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emptyContainersMemory, recordStarted, recordStartFault } from "../../../core/container/memory.ts";
import { planContainers } from "../../../core/container/plan.ts";
import { crashLoopMs, defaultContainerPolicy } from "../../../core/container/policy.ts";
import type { Fault } from "../../../core/fault.ts";
import { at, container, ended, observedOf, podOf } from "../../tools/containers.ts";

const test = suite("memory of containers");

const start = { container: container("a"), restartCount: 0 };
const message = "the disk is full";
const unavailable: Fault = { _tag: "Unavailable", message };

/** When the start is tried again after each of `faults`, told at 100 s, in ms after that. */
const retryAfter = (...faults: readonly Fault[]): number | undefined => {
  const pod = podOf();
  const memory = faults.reduce(
    (all, fault) => recordStartFault(all, start, pod, fault, at(100)),
    emptyContainersMemory,
  );
  const { wakeAt } = planContainers(pod, undefined, memory, new Set(), at(100));
  return wakeAt === undefined ? undefined : wakeAt - at(100).mono;
};

test("the delays of CrashLoopBackOff", () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 1000].map((level) =>
    crashLoopMs(defaultContainerPolicy, level) / 1000
  );
  assert.equal(delays, [0, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test("a failed start is tried again after growing delays, for ever", () => {
  let before = 0;
  for (let attempts = 1; attempts <= 40; attempts++) {
    const delay = retryAfter(...Array.from({ length: attempts }, () => unavailable)) ?? NaN;
    const full = Math.min(300_000, 500 * 2 ** (attempts - 1));
    assert.ok(delay <= full && delay >= full * 0.75, `${attempts}: ${delay}`);
    assert.ok(full === 300_000 || delay > before, "grows");
    before = delay;
  }
});

test("Throttled: as long as it says, and never earlier than by back-off", () => {
  const throttled = (retryAfterMs: number | undefined): Fault => ({
    _tag: "Throttled",
    message,
    retryAfterMs,
  });
  assert.is(retryAfter(throttled(7000)), 7000);
  assert.is(retryAfter(throttled(7000), throttled(9000)), 9000);
  const unsaid = retryAfter(unavailable);
  for (const little of [undefined, 0, 1, -5, NaN, Infinity]) {
    assert.is(retryAfter(throttled(little)), unsaid);
  }
  const often = Array.from({ length: 8 }, () => throttled(1));
  assert.ok(
    (retryAfter(...often) ?? 0) > 8 * (unsaid ?? Infinity),
    "a throttle of nothing is no way around the back-off",
  );
});

test("every kind of fault: waits for another spec, or is tried again", () => {
  const faults: readonly Fault[] = [
    { _tag: "Conflict", message },
    { _tag: "NotFound", message },
    { _tag: "AlreadyExists", message },
    { _tag: "Gone", message },
    { _tag: "Unauthorized", message },
    { _tag: "Forbidden", message },
    { _tag: "Throttled", message, retryAfterMs: undefined },
    unavailable,
    { _tag: "OutcomeUnknown", message },
    { _tag: "Rejected", message, fields: [] },
    { _tag: "Unsupported", message, fields: [] },
    { _tag: "Undecodable", message, path: "x" },
  ];
  for (const fault of faults) {
    const pod = podOf();
    const memory = recordStartFault({}, start, pod, fault, at(0));
    const plan = planContainers(pod, undefined, memory, new Set(), at(0));
    const final = fault._tag === "Rejected" || fault._tag === "Unsupported";
    assert.equal(plan.start, [], fault._tag);
    assert.is(plan.wakeAt === undefined, final, fault._tag);
    assert.is(plan.finished, false, fault._tag);
    const reason = final ? "CreateContainerConfigError" : "RunContainerError";
    assert.equal(plan.view.map(({ state }) => state), [{ _tag: "Waiting", reason, message }], fault._tag);
  }
});

test("a fault of the spec that was tried does not hold back the spec that came meanwhile", () => {
  const fault: Fault = { _tag: "Rejected", message, fields: [] };
  const memory = recordStartFault({}, start, podOf({ generation: 1 }), fault, at(0));
  assert.is(planContainers(podOf({ generation: 2 }), undefined, memory, new Set(), at(0)).start.length, 1);
});

test("a back end that asks to be left alone is left alone, whatever the spec says by now", () => {
  const busy: Fault = { _tag: "Throttled", message, retryAfterMs: 70_000 };
  const memory = recordStartFault({}, start, podOf({ generation: 1 }), busy, at(0));
  const plan = planContainers(podOf({ generation: 2 }), undefined, memory, new Set(), at(0));
  assert.equal([plan.start, plan.wakeAt], [[], 70_000]);
});

test("an accepted start forgets the faults before it, and another instance or spec counts its own", () => {
  const pod = podOf();
  const twice = recordStartFault(
    recordStartFault({}, start, pod, unavailable, at(0)),
    start,
    pod,
    unavailable,
    at(1),
  );
  assert.is(twice.a?.fault?.attempts, 2);
  assert.equal(recordStarted(twice, start).a, { fault: undefined, started: 0 });
  assert.is(
    recordStartFault(twice, start, podOf({ generation: 2 }), unavailable, at(2)).a?.fault?.attempts,
    1,
  );
  assert.is(
    recordStartFault(twice, { ...start, restartCount: 1 }, pod, unavailable, at(2)).a?.fault?.attempts,
    1,
  );
});

test("the memory stays the same object while nothing is learnt", () => {
  const observed = observedOf(ended("a", 1, 0, { restartCount: 1 }));
  const { memory } = planContainers(podOf(), observed, {}, new Set(), at(0));
  assert.is(planContainers(podOf(), observed, memory, new Set(), at(5)).memory, memory);
});

test("the mark of a replacement is taken back when the spec is", () => {
  const changed = podOf({ apps: [container("a", { image: "v2" })] });
  const observed = observedOf({
    name: "a",
    restartCount: 0,
    image: "v1",
    state: { _tag: "Running", startedAt: 0 },
  });
  const { memory } = planContainers(changed, observed, {}, new Set(), at(0));
  assert.is(memory.a?.replaced, 0);
  assert.is(
    planContainers(podOf(), observed, memory, new Set(["a"]), at(0)).memory.a?.replaced,
    0,
    "being stopped",
  );
  assert.is(
    planContainers(podOf(), observed, memory, new Set(), at(0)).memory.a?.replaced,
    undefined,
    "spared",
  );
});

test.run();
