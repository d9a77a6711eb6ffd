import { setImmediate } from "node:timers";
import * as v8 from "node:v8";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { seed as first } from "../tools/seed.ts";
import { testUnless } from "../tools/skip.ts";
import { simulate } from "./scenario.ts";
import { settled } from "./settled.ts";
import type { Timeline } from "./timeline.ts";

const test = suite("virtual time stands still until all has settled");

const fresh = first % 1_000_000_000;
/** A shape of cluster in which much waits behind one another: news, pages and pieces that come together. */
const crowded = [2, 11, 45, 1266];
const seeds = [7, fresh, ...crowded];
const many = [...seeds, ...Array.from({ length: 34 }, (_, index) => fresh + 1 + index)];

const wholeTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("turns of the microtask queue do the same as turns of the event loop", async () => {
  for (const seed of seeds) {
    const whole = await simulate(seed, { minutes: 0, settled: wholeTurn });
    assert.equal((await simulate(seed, { minutes: 0 })).story, whole.story, `seed ${seed}`);
  }
});

const unhooked = v8.promiseHooks === undefined ? "only Node tells what promises do" : undefined;

testUnless(unhooked, test, "nothing goes on after these turns", async () => {
  let counting = false, late = 0;
  const unhook = v8.promiseHooks.onBefore(() => {
    if (counting) late += 1;
  });
  const watched = async (timeline: Pick<Timeline, "acts">): Promise<void> => {
    await settled(timeline);
    counting = true;
    await new Promise<void>((resolve) =>
      void setImmediate(() => {
        counting = false;
        resolve();
      })
    );
  };
  const lateIn: number[] = [];
  for (const seed of many) {
    late = 0;
    await simulate(seed, { minutes: 0, settled: watched });
    if (late > 0) lateIn.push(seed);
  }
  unhook();
  assert.equal(lateIn, []);
});

test.run();
