import type { Millis } from "../../core/time.ts";

/** How long a contract waits: never longer than needed, but for what must not happen. */
export interface Patience {
  /** Aborts when the bound is over. */
  bound(): AbortSignal;
  /** The first value that an attempt gives. Throws when none has by the bound. */
  until<A>(what: string, attempt: () => Promise<A | undefined>): Promise<A>;
  /** Throws when the promise has not settled by the bound. */
  within<A>(what: string, promise: Promise<A>): Promise<A>;
  /** Lets time pass in which something must not happen. */
  quiet(): Promise<void>;
}

/** In real time. */
export interface PatienceOptions {
  /** For everything that must happen; 20 s unless told. */
  readonly boundMs?: Millis;
  /** For everything that must not happen; 200 ms unless told. */
  readonly quietMs?: Millis;
  /** From one look to the next; 20 ms unless told. */
  readonly lookMs?: Millis;
}

const pause = (ms: Millis): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export const makePatience = (options: PatienceOptions): Patience => {
  const { boundMs = 20_000, quietMs = 200, lookMs = 20 } = options;
  const late = (what: string): Error => new Error(`not within ${boundMs} ms: ${what}`);
  return {
    bound: () => AbortSignal.timeout(boundMs),
    until: async (what, attempt) => {
      const end = performance.now() + boundMs;
      for (;;) {
        const value = await attempt();
        if (value !== undefined) return value;
        if (performance.now() >= end) throw late(what);
        await pause(lookMs);
      }
    },
    within: async (what, promise) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const over = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(late(what)), boundMs);
      });
      return await Promise.race([promise, over]).finally(() => clearTimeout(timer));
    },
    quiet: async () => {
      // in steps: where the machine is busy, what would happen in that time is given its turns as well
      for (let left = quietMs; left > 0; left -= lookMs) await pause(Math.min(left, lookMs));
    },
  };
};
