import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Change, faults, type Sent, type Story, WatchWorld } from "../../tools/watch_world.ts";

const test = suite("list and watch, faults and then none");

const minuteMs = 60_000;
const faultyMs = 10 * minuteMs;
const names = ["a", "b", "c", "d", "é€😀"];

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      _tag: fc.constant("Put" as const),
      name: fc.constantFrom(...names),
      size: fc.oneof({ weight: 4, arbitrary: fc.nat() }, { weight: 1, arbitrary: fc.constant("bad") }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ _tag: fc.constant("Remove" as const), name: fc.constantFrom(...names) }),
  },
  { weight: 1, arbitrary: fc.constant({ _tag: "Compact" as const }) },
);

const story: fc.Arbitrary<Story> = fc.record({
  // The swarm: each story draws the faults that it has at all.
  script: fc.uniqueArray(fc.constantFrom(...faults), { minLength: 1, maxLength: 5 }).chain((drawn) =>
    fc.array(fc.constantFrom(...drawn), { maxLength: 25 })
  ),
  onlyWatches: fc.boolean(),
  changes: fc.array(fc.record({ at: fc.nat(faultyMs), change }), { maxLength: 20 }),
  cut: fc.integer({ min: 1, max: 400 }),
  pageLimit: fc.integer({ min: 1, max: 4 }),
});

/** An idle time-out of a dead connection, then the longest delay (30 s), then a list. */
const convergesMs = 90_000 + 30_000 + 1_000;

const worldOf = (story: Story, ms: number): WatchWorld => {
  const world = new WatchWorld(story);
  world.run(ms);
  return world;
};

test("two minutes after the last fault and change, what is known is what is there", () => {
  fc.assert(
    fc.property(story, (story) => {
      const world = worldOf(story, faultyMs);
      for (let at = faultyMs; world.faultsLeft > 0; at += 1_000) world.run(at);
      world.run(Math.max(faultyMs, world.now) + convergesMs);
      const known = [...world.known].sort(([a], [b]) => a < b ? -1 : 1);
      assert.equal(known, world.server.versions());
    }),
  );
});

test("what is told as a list is a whole list, whatever fails", () => {
  fc.assert(
    fc.property(story, (story) => {
      assert.equal(worldOf(story, faultyMs).partial, []);
    }),
  );
});

/** Pages of a list that goes on are no repetition. */
const repeatable = (sent: readonly Sent[]): readonly Sent[] => sent.filter((one) => one.kind !== "page");

const mostInAMinute = (sent: readonly Sent[]): number => {
  let most = 0;
  for (let from = 0, to = 0; to < sent.length; to++) {
    while ((sent[from]?.at ?? 0) <= (sent[to]?.at ?? 0) - minuteMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
};

/**
 * In a minute: at most six lives of 10 s that forgive what was before; after each about five failures, each with a
 * list and a watch, before a delay is as long as that.
 */
const mostRequests = 45;

test("no hot loop: nothing is asked twice at one moment, and not often in a minute, whatever fails", () => {
  const forever = fc.constantFrom(...faults).map((fault) => Array.from({ length: 400 }, () => fault));
  const script = fc.oneof(story.map((story) => story.script), forever);
  fc.assert(
    fc.property(story, script, (story, script) => {
      const sent = repeatable(worldOf({ ...story, script }, faultyMs).sent);
      const moments = new Set(sent.map(({ at, kind }) => `${kind} at ${at}`));
      assert.is(moments.size, sent.length, "asked twice at one moment");
      assert.ok(mostInAMinute(sent) <= mostRequests, `${mostInAMinute(sent)} requests in a minute`);
    }),
  );
});

test("at rest a watch is renewed when the server ends it, and nothing else is asked", () => {
  const world = worldOf(
    { script: [], onlyWatches: false, changes: [], cut: 1000, pageLimit: 10 },
    60 * minuteMs,
  );
  const kinds = world.sent.map((sent) => sent.kind);
  assert.is(kinds.filter((kind) => kind === "list").length, 1);
  assert.ok(kinds.length >= 1 + 12 && kinds.length <= 1 + 16, `${kinds.length} requests in an hour`);
});

test.run();
