import type { ObservedPod } from "../../core/pod/observed.ts";
import type { Millis } from "../../core/time.ts";

/** One instance that ran: for the checks. */
export interface Run {
  readonly uid: string;
  readonly container: string;
  readonly restartCount: number;
  readonly from: Millis;
  to: Millis | undefined;
}

/** What is on a back end in truth, whatever an agent is told: for those who judge, and for what happens by no agent's wish. */
export interface Truth {
  readonly runs: readonly Run[];
  live(): readonly Run[];
  /** Whether something of this pod runs. */
  isLive(uid: string): boolean;
  list(): readonly ObservedPod[];
  of(uid: string): ObservedPod | undefined;
  /** Drops a pod with all that runs in it, by no one's wish. */
  lose(uid: string): void;
  /** Ends a pod for good, by no one's wish, and tells that. */
  giveUp?(uid: string): void;
  /** What it was made to lose: nothing tells any more whether that ran. */
  readonly lost: ReadonlySet<string>;
  /** Puts something there that is not ours. */
  plant(pod: ObservedPod): void;
  /** What is in the volumes of a pod, by their names; absent: nobody can tell. */
  filesOf?(uid: string): Readonly<Record<string, string>>;
  /** Brings all of this up to date, when that takes asking; `undefined`: there is nothing to ask. */
  look?(): Promise<void> | undefined;
}
