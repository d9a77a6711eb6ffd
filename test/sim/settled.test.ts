import { setImmediate } from "node:timers";
import * as v8 from "node:v8";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { seed as first } from "../tools/seed.ts";
import { testUnless } from "../tools/skip.ts";
import { simulate } from "./scenario.ts";
import { settled } from "./settled.ts";

const test = suite("virtual time stands still until all has settled");

const seeds = [7, first % 1_000_000_000];

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
  const watched = async (): Promise<void> => {
    await settled();
    counting = true;
    await new Promise<void>((resolve) =>
      void setImmediate(() => {
        counting = false;
        resolve();
      })
    );
  };
  for (const seed of seeds) await simulate(seed, { minutes: 0, settled: watched });
  unhook();
  assert.is(late, 0);
});

test.run();
