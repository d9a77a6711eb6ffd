import type { Millis } from "../../core/time.ts";
import type { Speaker } from "./node.ts";

/** What one agent has asked and was told, as far as it is judged by that. */
export interface View {
  readonly speaker: Speaker;
  /** UIDs whose creation it was told has succeeded. */
  readonly created: Set<string>;
  /** What was refused for good, with the spec that it was refused for. */
  readonly refused: Map<string, string>;
  /** Names of pods that it has looked up, and when the server was asked. */
  readonly reads: Map<string, Millis>;
  /** How often it has asked the same, since when. */
  readonly counts: Map<string, { since: Millis; times: number }>;
  /** Somebody has asked it to stop. */
  isStopping: boolean;
  leaseAt: Millis | undefined;
  /** Its timers do not ring before. */
  stalledUntil: Millis;
}

export const makeView = (speaker: Speaker): View => ({
  speaker,
  created: new Set(),
  refused: new Map(),
  reads: new Map(),
  counts: new Map(),
  isStopping: false,
  leaseAt: undefined,
  stalledUntil: 0,
});

const windowMs: Millis = 60_000;

/** Counts one more of the same; how often that was within about a minute. */
export const countOf = ({ counts }: View, what: string, now: Millis): number => {
  const count = counts.get(what);
  if (count === undefined || now - count.since > windowMs) {
    counts.set(what, { since: now, times: 1 });
    return 1;
  }
  return count.times += 1;
};
