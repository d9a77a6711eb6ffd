import type { Clock } from "./ports.ts";

/** Timers hold 32 bits: a longer delay would fire at once. */
const longestMs = 2 ** 31 - 1;

/**
 * The clocks and timers of the runtime. `after` keeps delays of any length, rounded up to whole milliseconds; one
 * that is negative or not a number is 0.
 */
export const systemClock: Clock = {
  now: () => ({ mono: performance.now(), wall: Date.now() }),
  after: (ms, callback) => {
    const due = performance.now() + (ms > 0 ? ms : 0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const arm = (): void => {
      const left = due - performance.now();
      timer = setTimeout(left > longestMs ? arm : fire, Math.min(Math.ceil(Math.max(left, 0)), longestMs));
    };
    // A runtime's timer may fire a fraction of a millisecond early.
    const fire = (): void => performance.now() < due ? arm() : callback();
    arm();
    return () => clearTimeout(timer);
  },
};
