import type { Millis } from "../../core/time.ts";

/** What came of asking: `retryAfterMs` when it was told to wait. */
export interface Answered {
  readonly failed: boolean;
  readonly retryAfterMs?: Millis;
}

/** Watches over repetitions: none before it was allowed, and ever more slowly. */
export interface Attempts {
  /** Something is asked for; what is returned is called with the answer. `soonestMs`: what many failures take at least. */
  begin(key: string, soonestMs?: Millis): (answered: Answered) => void;
}

interface Row {
  readonly failures: readonly Millis[];
  readonly notBefore: Millis;
}

const calm: Row = { failures: [], notBefore: 0 };

/** So many failures in a row take longer than that: from half a second, doubling, a quarter less at most. */
const most = 6;
const inMs: Millis = 5_000;

export const makeAttempts = (now: () => Millis, fail: (what: string) => void): Attempts => {
  const rows = new Map<string, Row>();
  return {
    begin: (key, soonestMs = inMs) => {
      const row = rows.get(key) ?? calm;
      if (now() < row.notBefore) fail(`promise 7: does not wait although it was told to: ${key}`);
      const first = row.failures.at(-most);
      if (first !== undefined && now() - first < soonestMs) {
        fail(`promise 7: tries again without back-off: ${key}`);
      }
      return ({ failed, retryAfterMs = 0 }) => {
        if (!failed) return void rows.delete(key);
        const { failures } = rows.get(key) ?? calm;
        rows.set(key, { failures: [...failures, now()].slice(-most), notBefore: now() + retryAfterMs });
      };
    },
  };
};
