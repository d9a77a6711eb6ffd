import type { Millis } from "../core/time.ts";
import type { Clock } from "./ports.ts";

/** Waits, unless the signal aborts before. */
export const pause = (clock: Clock, ms: Millis, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
