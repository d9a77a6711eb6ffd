import type { PodEntry, State } from "../../core/state.ts";
import { lookup } from "../../core/table.ts";
import type { Millis } from "../../core/time.ts";

/** The one who judges an agent by what it knows: what it asks for, when, and after which answers. */
export interface Judge {
  now(): Millis;
  /** What the agent knows at this moment; `undefined` while it is being started. */
  state(): State | undefined;
  /** Its wall clock is wrong, or another does the same: what depends on the times of others may come too soon, or late. */
  isSkewed(): boolean;
  /** It is, or was, not the only one of its node. */
  isDoubled(): boolean;
  fail(what: string): void;
  /** When a pod's grace ends at the earliest, by all that the API server has said; `undefined`: it is not terminating. */
  graceEndsAt(uid: string): Millis | undefined;
  /** The back end was made to forget it: nothing there tells any more what ran. */
  wasLost(uid: string): boolean;
}

/** What the agent knows of a pod. */
export const entryOf = (judge: Judge, uid: string): PodEntry | undefined => {
  const state = judge.state();
  return state === undefined ? undefined : lookup(state.pods, uid);
};
