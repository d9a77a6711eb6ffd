import { systemClock } from "../../adapters/clock.ts";
import type { Clock } from "../../adapters/ports.ts";
import type { Now } from "../../core/time.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  quit: () => void;
}

/** The system's clock, but hours can be skipped: what was to be called in them is called at once. */
export class SkippingClock implements Clock {
  #skipped = 0;
  readonly #timers = new Set<Timer>();

  now(): Now {
    const { mono, wall } = systemClock.now();
    return { mono: mono + this.#skipped, wall: wall + this.#skipped };
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.now().mono + ms, callback, quit: () => {} };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      timer.quit();
      this.#timers.delete(timer);
    };
  }

  skip(ms: number): void {
    this.#skipped += ms;
    for (const timer of this.#timers) {
      timer.quit();
      this.#arm(timer);
    }
  }

  #arm(timer: Timer): void {
    timer.quit = systemClock.after(Math.max(0, timer.at - this.now().mono), () => {
      this.#timers.delete(timer);
      timer.callback();
    });
  }
}
