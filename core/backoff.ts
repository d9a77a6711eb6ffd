import { hash32 } from "./hash.ts";
import type { Millis } from "./time.ts";

/** Doubling delays: `baseMs`, 2 x, 4 x … up to `capMs`, each shortened by up to `jitter` (0 to 1) of itself. */
export interface Backoff {
  readonly baseMs: Millis;
  readonly capMs: Millis;
  readonly jitter: number;
}

/**
 * The delay before attempt number `attempt` (1 is the first repetition). Deterministic: the jitter is a hash of `key`
 * and the attempt, so that equal input gives an equal plan and pods still spread out.
 */
export const backoffMs = (backoff: Backoff, attempt: number, key: string): Millis => {
  const full = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30));
  const fraction = (hash32(`${key}#${attempt}`) % 1024) / 1024;
  return Math.round(full * (1 - backoff.jitter * fraction));
};

/** Faults of the API server and of providers: half a second up to five minutes. */
export const faultBackoff: Backoff = { baseMs: 500, capMs: 300_000, jitter: 0.25 };
