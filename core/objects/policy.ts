import type { Millis } from "../time.ts";

/** Within which bounds objects are read. Durations in milliseconds. */
export interface ObjectPolicy {
  /** What pods refer to is read and watched. `false`: nothing is read, and all of it counts as absent. */
  readonly read: boolean;
  /** How many objects are watched at a time; those beyond it are read every `pollMs`. */
  readonly maxWatches: number;
  readonly pollMs: Millis;
  /** How long a watch may take to tell of an object that a pod waits for before the object is read. */
  readonly patienceMs: Millis;
  /** How long an object that no pod needs any more is still watched; a Secret is let go at once. */
  readonly lingerMs: Millis;
}

/** 512 watches, and 15 s from one read to the next beyond that. */
export const defaultObjectPolicy: ObjectPolicy = {
  read: false,
  maxWatches: 512,
  pollMs: 15_000,
  patienceMs: 1_000,
  lingerMs: 60_000,
};
