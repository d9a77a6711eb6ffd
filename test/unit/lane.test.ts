import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Lane, type LaneOptions, makeLane } from "../../adapters/lane.ts";
import { ManualClock, settle } from "../tools/manual_clock.ts";

const test = suite("a lane");

interface Bench {
  readonly lane: Lane;
  readonly clock: ManualClock;
  /** Tasks under way. */
  readonly running: readonly unknown[];
  /** Ends the oldest task under way. */
  end(outcome: "ok" | "slow" | "throws"): Promise<void>;
  add(tasks: number): void;
}

const makeBench = (options: LaneOptions): Bench => {
  const clock = new ManualClock();
  const lane = makeLane(clock, options);
  const running: PromiseWithResolvers<"ok" | "slow">[] = [];
  return {
    ...{ lane, clock, running },
    end: async (outcome) => {
      const task = running.shift();
      if (outcome === "throws") task?.reject(new Error("a task failed"));
      else task?.resolve(outcome);
      await settle();
    },
    add: (tasks) => {
      for (let task = 0; task < tasks; task++) {
        lane.run(() => {
          const ended = Promise.withResolvers<"ok" | "slow">();
          running.push(ended);
          return ended.promise;
        });
      }
    },
  };
};

test("runs no more than its limit, in order, and goes on after a task that throws", async () => {
  const { running, end, add, lane } = makeBench({ limit: 2 });
  add(4);
  assert.is(running.length, 2);
  assert.is(lane.load, 4);
  await end("throws");
  assert.is(running.length, 2);
  assert.is(lane.load, 3);
});

test("refuses what is more than may wait", () => {
  const lane = makeLane(new ManualClock(), { limit: 1, maxWaiting: 1 });
  const never = (): Promise<"ok"> => new Promise(() => {});
  assert.equal([lane.run(never), lane.run(never), lane.run(never)], [true, true, false]);
});

test("grows with every success while tasks wait, up to its bound", async () => {
  const { running, end, add } = makeBench({ limit: 2, min: 1, max: 5 });
  add(100);
  const widths: number[] = [];
  for (let task = 0; task < 5; task++) {
    await end("ok");
    widths.push(running.length);
  }
  assert.equal(widths, [3, 4, 5, 5, 5]);
});

test("does not grow when nothing waits: what it could take was not tried", async () => {
  const { running, end, add } = makeBench({ limit: 2, min: 1, max: 64 });
  for (let round = 0; round < 10; round++) {
    add(1);
    await end("ok");
  }
  add(10);
  assert.is(running.length, 2);
});

test("halves when it was too fast, once a second, and grows slowly from then on", async () => {
  const { running, end, add, clock } = makeBench({ limit: 8, min: 2, max: 64 });
  add(100);
  await end("slow");
  await end("slow");
  const widths: number[] = [];
  for (let task = 0; task < 11; task++) {
    await end("ok");
    widths.push(running.length);
  }
  assert.equal(widths, [5, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6], "from 4, one more for each full round");
  await clock.advance(1_000);
  await end("slow");
  for (let task = 0; task < 3; task++) await end("slow");
  assert.is(running.length, 3);
});

test("keeps its width when that is fixed: a task that hangs never stands in the way of the others", async () => {
  const { running, end, add, clock } = makeBench({ limit: 3 });
  add(100);
  for (let second = 0; second < 10; second++) {
    await end("slow");
    await clock.advance(1_000);
  }
  assert.is(running.length, 3);
});

test("says when it has run empty", async () => {
  let idle = 0;
  const { end, add } = makeBench({ limit: 2, onIdle: () => (idle += 1) });
  add(3);
  await end("ok");
  await end("ok");
  assert.is(idle, 0);
  await end("ok");
  assert.is(idle, 1);
});

test.run();
