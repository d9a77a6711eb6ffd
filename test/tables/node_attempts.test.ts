// When a write of the node may be repeated: after each fault, after each success, and after a quarrel with another writer.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { backoffMs } from "../../core/backoff.ts";
import type { FaultTag } from "../../core/fault.ts";
import { type Attempt, attemptDone, attemptFailed, isStale, mayWriteAt } from "../../core/node/attempt.ts";
import type { Change } from "../../core/node/change.ts";
import { leaseDone, leaseFailed, type LeaseMemory } from "../../core/node/lease.ts";
import { defaultNodePolicy } from "../../core/node/policy.ts";
import { faultOf, faultTags } from "../arbitraries/fault.ts";
import { at } from "../tools/node_world.ts";

const test = suite("when a node may be written again");

const now = at(5_000);
const policy = { ...defaultNodePolicy, refusedRetryMs: 300_000, leaseRenewMs: 10_000 };

const changeOf = (fields: Partial<Change> = {}): Change => ({
  aspect: "status",
  action: { _tag: "PingBackend" },
  drift: "port 1",
  wanted: "w",
  routine: false,
  ...fields,
});

/** By number of faults in a row, less its jitter: 250 ms doubling to 15 s; 500 ms doubling to 5 min. */
const outageMs = (failures: number): number =>
  backoffMs({ baseMs: 250, capMs: 15_000, jitter: 0.25 }, failures, "n1status");
const slowMs = (failures: number): number =>
  backoffMs({ baseMs: 500, capMs: 300_000, jitter: 0.25 }, failures, "n1status");

type Delay = (failures: number) => number;
/** The watch will bring what is: at once, and only then ever slower. */
const stale: Delay = (failures) => failures === 1 ? 0 : outageMs(failures - 1);
const refused: Delay = () => 300_000;

const delays: Readonly<Record<FaultTag, Delay>> = {
  Conflict: stale,
  AlreadyExists: stale,
  NotFound: stale,
  Gone: stale,
  Forbidden: refused,
  Rejected: refused,
  Unsupported: refused,
  Unauthorized: slowMs,
  Undecodable: slowMs,
  Throttled: outageMs,
  Unavailable: outageMs,
  OutcomeUnknown: outageMs,
};

const failTimes = (tag: FaultTag, times: number, change: Change = changeOf()): Attempt => {
  let last: Attempt | undefined;
  for (let time = 0; time < times; time++) {
    last = attemptFailed(last, change, faultOf(tag), now, "n1", policy);
  }
  return last as Attempt;
};

for (const tag of faultTags) {
  test(`after ${tag}`, () => {
    for (const failures of [1, 2, 3, 9]) {
      const after = failTimes(tag, failures);
      assert.equal(after, {
        wanted: "w",
        drift: "port 1",
        at: 5_000,
        notBefore: 5_000 + delays[tag](failures),
        failures,
        refused: delays[tag] === refused,
        repeats: 0,
        doneAt: undefined,
      }, `${failures} in a row`);
    }
    assert.is(isStale(faultOf(tag)), ["Conflict", "AlreadyExists", "NotFound"].includes(tag));
  });
}

test("a Retry-After is honoured where it is longer", () => {
  const after = (retryAfterMs: number): number =>
    attemptFailed(undefined, changeOf(), faultOf("Throttled", "", retryAfterMs), now, "n1", policy).notBefore;
  assert.is(after(90_000), 95_000);
  assert.is(after(1), 5_000 + outageMs(1));
});

/** What was tried last; what is to be written now; when that may be. */
const rows: readonly (readonly [string, Attempt | undefined, Partial<Change>, number])[] = (() => {
  const failed: Attempt = { ...failTimes("Unavailable", 3), notBefore: 9_000 };
  const denied: Attempt = { ...failTimes("Forbidden", 1), at: 4_000, notBefore: 60_000 };
  const soon: Attempt = { ...denied, notBefore: 4_500 };
  const done: Attempt = { ...attemptDone(undefined, changeOf(), now, "n1"), notBefore: 8_000 };
  return [
    ["nothing was tried", undefined, {}, 5_000],
    ["it failed", failed, {}, 9_000],
    ["another failed", failed, { wanted: "other" }, 9_000],
    ["it was refused", denied, {}, 60_000],
    ["it was refused; something else is wanted: 1 s after", denied, { wanted: "other" }, 5_000],
    ["it was refused; something else is there: 10 s after", denied, { drift: "other" }, 14_000],
    ["it was refused for less than that", soon, { wanted: "other" }, 4_500],
    ["it was refused for less than that, and something else is there", soon, { drift: "other" }, 4_500],
    ["it was written, and undone", done, {}, 8_000],
    ["it was written; something else is wanted", done, { wanted: "other" }, 5_000],
    ["it was written; only the heartbeat is due", done, { routine: true }, 5_000],
  ];
})();

for (const [name, last, fields, expected] of rows) {
  test(name, () => assert.is(mayWriteAt(last, changeOf(fields), now), expected));
}

/** Repairs, each so long after the one before. */
const repaired = (gaps: readonly number[], fields: Partial<Change> = {}): Attempt => {
  let mono = 5_000, last: Attempt = attemptDone(undefined, changeOf(), at(mono), "n1");
  for (const gap of gaps) {
    mono += gap;
    last = attemptDone(last, changeOf(fields), at(mono), "n1");
  }
  return last;
};

test("repairs: the first is free, the next are further apart, and peace makes them free again", () => {
  const quarrelMs = (repeats: number): number =>
    backoffMs({ baseMs: 1_000, capMs: 30_000, jitter: 0.25 }, repeats, "n1status");
  const told = ({ repeats, notBefore, at: since, doneAt, failures, refused }: Attempt) => {
    assert.equal({ failures, refused, doneAt }, { failures: 0, refused: false, doneAt: since });
    return [repeats, notBefore - since];
  };
  assert.equal(told(repaired([])), [0, 0]);
  assert.equal(told(repaired([1_000])), [1, quarrelMs(1)]);
  assert.equal(told(repaired([1_000, 2_000])), [2, quarrelMs(2)]);
  assert.equal(told(repaired([1_000, 299_999])), [2, quarrelMs(2)]);
  assert.equal(told(repaired([1_000, 300_000])), [0, 0]);
  assert.equal(told(repaired([1_000], { routine: true })), [0, 0]);
  assert.equal(told(repaired([1_000], { wanted: "other" })), [0, 0]);
});

test("a fault keeps the quarrel and the last success of the same, and forgets those of another", () => {
  const quarrel = repaired([1_000, 2_000]);
  const same = attemptFailed(quarrel, changeOf(), faultOf("Unavailable"), at(9_000), "n1", policy);
  assert.equal([same.repeats, same.doneAt, same.failures], [2, 8_000, 1]);
  const change = changeOf({ wanted: "other" });
  const other = attemptFailed(quarrel, change, faultOf("Unavailable"), at(9_000), "n1", policy);
  assert.equal([other.repeats, other.doneAt, other.failures], [0, undefined, 1]);
});

const sent: LeaseMemory = { sentAt: 4_900, nextAt: undefined, missing: false, failures: 0 };
const leaseMs = (failures: number): number => Math.min(7_000, 200 * 2 ** (failures - 1));

test("the lease: the next renewal counts from when the last was sent", () => {
  const next = { sentAt: undefined, nextAt: 14_900, missing: false, failures: 0 };
  assert.equal(leaseDone({ ...sent, missing: true, failures: 3 }, now, policy), next);
  assert.is(leaseDone({ ...sent, sentAt: undefined }, now, policy).nextAt, 15_000);
});

for (const tag of faultTags) {
  test(`the lease after ${tag}`, () => {
    let memory = sent;
    for (const failures of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const before = memory;
      memory = leaseFailed(memory, faultOf(tag), now, policy);
      const isFirstMissing = tag === "NotFound" && !before.missing;
      assert.equal(memory, {
        sentAt: undefined,
        nextAt: 5_000 + (isFirstMissing ? 0 : leaseMs(failures)),
        missing: tag === "NotFound",
        failures,
      });
    }
  });
}

test("the lease: a Retry-After is honoured up to a whole period", () => {
  const after = (retryAfterMs: number | undefined): number | undefined =>
    leaseFailed(sent, faultOf("Throttled", "", retryAfterMs), now, policy).nextAt;
  assert.equal([after(undefined), after(0), after(3_000), after(10_000), after(90_000)], [
    5_200,
    5_200,
    8_000,
    15_000,
    15_000,
  ]);
});

test.run();
