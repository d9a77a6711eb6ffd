import type { Millis } from "../../../core/time.ts";

/** Resolves after `ms`, or at once when the signal aborts: the caller asks the signal. */
export const pause = (ms: Millis, signal: AbortSignal): Promise<void> => new Bell().wait(ms, signal);

/** Wakes the one who waits, or the next who will. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when rung (or when it was since the last wait), after `ms`, or when the signal aborts. */
  wait(ms: Millis | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#wake = undefined;
        this.#rung = false;
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      signal.addEventListener("abort", done);
      this.#wake = done;
      if (this.#rung || signal.aborted) done();
    });
  }
}
