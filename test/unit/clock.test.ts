import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../../adapters/clock.ts";

const test = suite("the system's clock");

const after = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.after(ms, resolve));

test("both clocks go on, one of them is the time of day", async () => {
  const first = systemClock.now();
  await after(5);
  const second = systemClock.now();
  assert.ok(second.mono - first.mono >= 5);
  assert.ok(Math.abs(second.wall - Date.now()) < 60_000);
});

test("never early, in the order of the delays; negative and NaN are no delay", async () => {
  const fired: string[] = [];
  const waits = [30, 1.5, -5, NaN].map(async (ms) => {
    const start = systemClock.now().mono;
    await after(ms);
    assert.ok(!(systemClock.now().mono - start < ms), `${ms} ms fired early`);
    fired.push(String(ms));
  });
  await Promise.all(waits);
  assert.is(fired.at(-1), "30");
});

test("what is cancelled is never called, also twice", async () => {
  let called = false;
  const cancel = systemClock.after(1, () => called = true);
  cancel();
  cancel();
  await after(10);
  assert.not(called);
});

test("a delay beyond the timer's 32 bits is kept in parts, and can be cancelled in each", () => {
  const real = globalThis.setTimeout;
  const cleared = globalThis.clearTimeout;
  const timers: { readonly callback: () => void; readonly ms: number }[] = [];
  const cancelled: unknown[] = [];
  try {
    globalThis.setTimeout = ((callback: () => void, ms: number) =>
      timers.push({ callback, ms })) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timer: unknown) => cancelled.push(timer)) as typeof clearTimeout;
    let called = false;
    const cancel = systemClock.after(2 ** 33, () => called = true);
    timers[0]?.callback();
    assert.equal(timers.map((timer) => timer.ms), [2 ** 31 - 1, 2 ** 31 - 1]);
    assert.not(called);
    cancel();
    assert.equal(cancelled, [2]);
  } finally {
    globalThis.setTimeout = real;
    globalThis.clearTimeout = cleared;
  }
});

test.run();
