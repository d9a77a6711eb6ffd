import type { Clock } from "../../adapters/ports.ts";
import type { Now } from "../../core/time.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Lets everything that is ready to go on do so. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
};

/** A clock that moves by hand. */
export class ManualClock implements Clock {
  #mono = 0;
  readonly #timers = new Set<Timer>();

  now(): Now {
    return { mono: this.#mono, wall: 1_700_000_000_000 + this.#mono };
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#mono + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Only time passes: nothing is called. */
  jump(ms: number): void {
    this.#mono += ms;
  }

  /** Lets time pass; what is due is called in its order, and everything settles after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#mono = Math.max(this.#mono, next.at);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#mono = Math.max(this.#mono, end);
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
