import { type Backoff, backoffMs, faultBackoff } from "../backoff.ts";
import type { Fault } from "../fault.ts";
import type { Millis, Now } from "../time.ts";
import type { Aspect, Change } from "./change.ts";
import type { NodePolicy } from "./policy.ts";

/** How the last write of an aspect went, and when the next may be sent. */
export interface Attempt {
  readonly wanted: string;
  readonly drift: string;
  /** When it was answered (`mono`). */
  readonly at: Millis;
  readonly notBefore: Millis;
  /** Faults in a row; 0 after a success. */
  readonly failures: number;
  /** Refused for what it says, or for who we are: only a change of that helps. */
  readonly refused: boolean;
  /** How often the same was written again, because somebody undid it. */
  readonly repeats: number;
  /** The last success with what is wanted now (`mono`). */
  readonly doneAt: Millis | undefined;
}

export type Attempts = Readonly<Partial<Record<Aspect, Attempt>>>;

export const emptyAttempts: Attempts = {};

/** What the API server could not do. Short at the end, too: a node must be right soon after an outage. */
const outageBackoff: Backoff = { baseMs: 250, capMs: 15_000, jitter: 0.25 };

/** Between repairs of what another writer keeps undoing. */
const quarrelBackoff: Backoff = { baseMs: 1_000, capMs: 30_000, jitter: 0.25 };

/** A repair that was not needed for so long is no quarrel any more. */
const peaceMs = 300_000;

/** After a refusal: how soon a change of what is wanted, or of what is there, is tried. */
const wantedFloorMs = 1_000;
const driftFloorMs = 10_000;

/** When this change may be written. */
export const mayWriteAt = (last: Attempt | undefined, change: Change, now: Now): Millis => {
  if (last === undefined) return now.mono;
  const sameWanted = last.wanted === change.wanted;
  if (last.refused) {
    if (!sameWanted) return Math.min(last.notBefore, last.at + wantedFloorMs);
    return last.drift === change.drift ? last.notBefore : Math.min(last.notBefore, last.at + driftFloorMs);
  }
  if (last.failures > 0) return last.notBefore;
  return sameWanted && !change.routine ? last.notBefore : now.mono;
};

type Written = Pick<Change, "aspect" | "drift" | "wanted" | "routine">;

/** After a success: the first repair is free, those that follow it soon are further and further apart. */
export const attemptDone = (last: Attempt | undefined, change: Written, now: Now, name: string): Attempt => {
  const quarrel = last?.doneAt !== undefined && last.wanted === change.wanted &&
    now.mono - last.doneAt < peaceMs;
  const repeats = quarrel ? last.repeats + (change.routine ? 0 : 1) : 0;
  const delay = repeats === 0 ? 0 : backoffMs(quarrelBackoff, repeats, name + change.aspect);
  return {
    wanted: change.wanted,
    drift: change.drift,
    at: now.mono,
    notBefore: now.mono + delay,
    failures: 0,
    refused: false,
    repeats,
    doneAt: now.mono,
  };
};

const isRefusal = (fault: Fault): boolean =>
  fault._tag === "Forbidden" || fault._tag === "Rejected" || fault._tag === "Unsupported";

const delayOf = (fault: Fault, failures: number, key: string, policy: NodePolicy): Millis => {
  switch (fault._tag) {
    case "Forbidden":
    case "Rejected":
    case "Unsupported":
      return policy.refusedRetryMs;
    case "Conflict":
    case "AlreadyExists":
    case "NotFound":
    case "Gone":
      // the first time we only saw an older object
      return failures === 1 ? 0 : backoffMs(outageBackoff, failures - 1, key);
    case "Unauthorized":
    case "Undecodable":
      return backoffMs(faultBackoff, failures, key);
    case "Throttled":
      return Math.max(fault.retryAfterMs ?? 0, backoffMs(outageBackoff, failures, key));
    case "Unavailable":
    case "OutcomeUnknown":
      return backoffMs(outageBackoff, failures, key);
  }
};

export const attemptFailed = (
  last: Attempt | undefined,
  change: Written,
  fault: Fault,
  now: Now,
  name: string,
  policy: NodePolicy,
): Attempt => {
  const failures = (last?.failures ?? 0) + 1;
  const same = last?.wanted === change.wanted;
  return {
    wanted: change.wanted,
    drift: change.drift,
    at: now.mono,
    notBefore: now.mono + delayOf(fault, failures, name + change.aspect, policy),
    failures,
    refused: isRefusal(fault),
    repeats: same ? last.repeats : 0,
    doneAt: same ? last.doneAt : undefined,
  };
};

/** The fault only says that what we saw was old: the watch will bring what is. */
export const isStale = (fault: Fault): boolean =>
  fault._tag === "Conflict" || fault._tag === "AlreadyExists" || fault._tag === "NotFound";
