import { type Backoff, backoffMs } from "../backoff.ts";
import type { Fault } from "../fault.ts";
import { faultOfStatus, parseStatus } from "../kubernetes/status.ts";
import type { Millis } from "../time.ts";
import { joinBytes, textOf } from "./bytes.ts";
import type { WatchConfig } from "./config.ts";
import { watchKey } from "./send.ts";
import type { Answer, Transition, WatchOutput, WatchState } from "./state.ts";

/** So many watches in a row that bring nothing mean that our resourceVersion is of no use. */
const maxBarren = 3;

/** What went wrong, and whether the connection is still open. */
export interface Failure {
  readonly fault: Fault;
  /** To be aborted. */
  readonly open: boolean;
}

/** Bytes of an error answer that are worth reading. */
export const maxReasonBytes = 65_536;

/** What a refusal means. */
export const faultOfAnswer = (answer: Answer): Fault =>
  faultOfStatus(answer.status, parseStatus(textOf(joinBytes(answer.body))), answer.retryAfterMs);

const slow = (fault: Fault): boolean => {
  switch (fault._tag) {
    case "Unauthorized":
    case "Forbidden":
    case "NotFound":
    case "Rejected":
    case "Unsupported":
      return true;
    case "Conflict":
    case "AlreadyExists":
    case "Gone":
    case "Throttled":
    case "Unavailable":
    case "OutcomeUnknown":
    case "Undecodable":
      return false;
  }
};

/** The count of barren watches after one more; what was refused for load or rights says nothing about the place. */
export const barrenAfter = (barren: number, fault: Fault): number =>
  fault._tag === "Throttled" || fault._tag === "Unauthorized" || fault._tag === "Forbidden"
    ? barren
    : barren + 1;

const delayMs = <A>(config: WatchConfig<A>, fault: Fault, failures: number): Millis => {
  const backoff: Backoff = slow(fault) ? config.slowBackoff : config.backoff;
  const key = watchKey(config);
  if (fault._tag === "Throttled" && fault.retryAfterMs !== undefined) {
    return Math.max(Math.min(fault.retryAfterMs, config.maxRetryAfterMs), backoffMs(backoff, 1, key));
  }
  return backoffMs(backoff, failures, key);
};

const advice = <A>(config: WatchConfig<A>, fault: Fault): string => {
  switch (fault._tag) {
    case "Unauthorized":
      return "; check the credentials";
    case "Forbidden":
      return `; grant list and watch on ${config.path}`;
    case "NotFound":
    case "Undecodable":
      return "; check that the address is that of a Kubernetes API server";
    default:
      return "";
  }
};

/** Whether our knowledge of the collection can no longer be resumed. */
const isLost = <A>(state: WatchState<A>, fault: Fault): boolean =>
  fault._tag === "Gone" || fault._tag === "Undecodable" || state.barren >= maxBarren;

/**
 * Waits, then resumes, or lists when the place to resume at is lost. Every failure waits, also the first: a server
 * that fails at once is never asked twice at one time. That the place is gone is counted apart: it is the first word
 * of a server that was away for long, and no reason to wait as long again.
 */
export const retryAfter = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  { fault, open }: Failure,
  now: Millis,
): Transition<A> => {
  const failures = state.failures + 1;
  const gone = fault._tag === "Gone" ? state.gone + 1 : state.gone;
  const delay = delayMs(config, fault, fault._tag === "Gone" ? gone : failures);
  const lost = isLost(state, fault);
  const what = state.phase._tag === "Listing" ? "list" : "watch";
  const then = lost || what === "list" ? "listing" : "resuming";
  const message = `cannot ${what} ${config.kind} at ${config.path}: ${fault._tag}: ${fault.message}` +
    `${advice(config, fault)}; ${then} in ${(delay / 1000).toFixed(1)} s`;
  const outputs: readonly WatchOutput<A>[] = open
    ? [{ _tag: "Abort" }, { _tag: "Warning", message }]
    : [{ _tag: "Warning", message }];
  return [
    {
      ...state,
      phase: { _tag: "Waiting" },
      resourceVersion: lost ? undefined : state.resourceVersion,
      failures,
      gone,
      wakeAt: now + delay,
    },
    outputs,
  ];
};
