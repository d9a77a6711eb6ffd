import { podPhaseOf } from "../container/phase.ts";
import { type ContainerView, hasBegun, viewOf } from "../container/view.ts";
import { graceMsOf, isTerminal } from "../kubernetes/pod.ts";
import type { PodStatus } from "../kubernetes/pod_status.ts";
import { deletePod } from "../kubernetes/request.ts";
import { type Millis, parseTime } from "../time.ts";
import { acceptedWall, hasRun, orRecheck, type PodContext } from "./context.ts";
import type { Kill, PodMemory } from "./memory.ts";
import { because, type PodPlan, rest, wakeBy, withApiOp } from "./plan.ts";
import { podStatus } from "./status.ts";
import { isReleased, removePod, stopPod, tightened } from "./stop.ts";
import { writeStatus } from "./write_status.ts";

/** Also a pod that is deleted by force is asked to stop before it is killed, as by the kubelet. */
const leastGraceMs = 1_000;

/** An object that stays although its deletion was accepted is asked to go again after this long. */
const finalizeAgainMs = 60_000;

const unlocated = {
  _tag: "Terminated",
  exitCode: 137,
  reason: "ContainerStatusUnknown",
  message: "The container could not be located when the pod was terminated",
} as const;

const hasSucceeded = ({ state, last }: ContainerView): boolean =>
  [state, last].some((end) => end?._tag === "Terminated" && end.exitCode === 0);

/**
 * What a terminated pod's containers are told as, by the kubelet's rule: those that never ended by their own account are
 * unknown (exit code 137), never a success. Those whose turn had not come go on waiting: containers of a pod that was not
 * initialized, and the init containers after the last one that ran (the first one always had its turn).
 */
export const endedViews = (views: readonly ContainerView[]): readonly ContainerView[] => {
  const inits = views.filter((view) => view.init);
  const last = inits[inits.length - 1];
  const turns = Math.max(1, inits.findLastIndex(hasBegun) + 1);
  const initialized = last === undefined || hasSucceeded(last) ||
    views.some((view) => !view.init && hasBegun(view));
  return views.map((view) => {
    const hadTurn = view.init ? inits.indexOf(view) < turns : initialized;
    return !hadTurn || view.state._tag === "Terminated"
      ? view
      : { ...view, state: unlocated, ready: false, started: false };
  });
};

/** The last status of a pod whose containers have all ended, whoever ended them. */
export const endStatus = (
  context: PodContext,
  override: Pick<PodStatus, "phase" | "reason" | "message">,
): PodStatus => {
  const { pod, memory, known, now, policy } = context;
  const observed = context.observed ?? memory.ended;
  const views = endedViews(viewOf(pod, observed));
  return podStatus({
    pod,
    phase: override.phase ?? podPhaseOf(pod, views, true),
    views,
    observed,
    previous: known,
    acceptedAt: acceptedWall(context),
    hostIP: policy.hostIP,
    reason: override.reason,
    message: override.message,
    now,
  });
};

/**
 * How long the pod still has. All of its grace when this process saw it alive; what is left of it by the API's
 * deletion time otherwise (we were away), so that being restarted never makes a deletion longer.
 */
const killOf = (context: PodContext): Kill => {
  const { pod, memory, now } = context;
  const asked = graceMsOf(pod.metadata.deletionGracePeriodSeconds);
  const graceMs = Math.max(asked, leastGraceMs);
  if (memory.kill !== undefined || memory.seenLive) return tightened(memory.kill, graceMs, now);
  const end = parseTime(pod.metadata.deletionTimestamp) ?? now.wall + graceMs;
  const left: Millis = Math.min(graceMs, Math.max(end - now.wall, leastGraceMs));
  return { at: now.mono + left, graceMs };
};

const finalize = (context: PodContext, plan: PodPlan): PodPlan => {
  const { ref, now, pod } = context;
  const memory = plan.memory;
  if (memory.apiOp !== undefined) return because(plan, "Finalizing");
  if (memory.finalizedAt !== undefined) {
    if ((pod.metadata.finalizers ?? []).length > 0) return because(plan, "WaitingForFinalizers");
    const again = memory.finalizedAt + finalizeAgainMs;
    if (now.mono < again) return because(wakeBy(plan, again), "WaitingForDeletion");
  }
  if (now.mono < memory.api.notBefore) return because(wakeBy(plan, memory.api.notBefore), "FinalizeBackoff");
  const request = deletePod(ref.namespace, ref.name, ref.uid, 0);
  return because(
    withApiOp(plan, { _tag: "FinalizePod", uid: ref.uid, ref, request }, "finalize"),
    "Finalize",
  );
};

/**
 * Nobody is to be told how it ended. Whoever keeps the object may wait for its end, even though it never ran (a Job with
 * `podReplacementPolicy: Failed` does).
 */
const endsUntold = ({ pod, memory, policy }: PodContext, ran: boolean): boolean =>
  !policy.terminalStatus || memory.endRefused || (!ran && (pod.metadata.finalizers ?? []).length === 0);

/**
 * A pod whose deletion was asked for (Pod lifecycle, "Termination of Pods"): stop it within its grace period, write
 * the terminal status, free what the back end keeps, and only then remove the object.
 */
export const terminatePod = (context: PodContext): PodPlan => {
  const { plan, stopped } = stopPod(context, context.memory, killOf(context));
  if (!stopped) return wakeBy(plan, context.recheckAt);
  const quiet = isTerminal(context.known.phase) || endsUntold(context, hasRun(context));
  const withStatus = quiet ? plan : writeStatus(context, plan, endStatus(context, {}));
  const removing = removePod(context, withStatus);
  if (!quiet) return because(wakeBy(removing, orRecheck(context, undefined)), "WriteTerminalStatus");
  if (!isReleased(context, removing.memory)) return because(removing, "Removing");
  return finalize(context, removing);
};

const isRunning = ({ observed }: PodContext): boolean =>
  observed?.containers.some((container) => container.state._tag === "Running") ?? false;

/** A pod that the API already holds as finished: it is left alone, but nothing of it may go on running. */
export const keepEnded = (context: PodContext): PodPlan => {
  if (!isRunning(context)) return rest(context.memory, "Ended", orRecheck(context, undefined));
  const graceMs = graceMsOf(context.pod.spec.terminationGracePeriodSeconds);
  const { plan } = stopPod(context, context.memory, tightened(context.memory.kill, graceMs, context.now));
  return because(plan, "StopEnded");
};

/**
 * A pod whose terminal status was sent, while the object that we know does not show it: a watch may lag behind for long, or
 * tell the past again. It is final (Pod lifecycle) as soon as it may have been taken: told again, and nothing else.
 */
export const tellEnd = (context: PodContext, end: NonNullable<PodMemory["endSent"]>): PodPlan => {
  const plan = keepEnded(context);
  if (isRunning(context)) return plan;
  return because(writeStatus(context, plan, endStatus(context, end)), "WriteTerminalStatus");
};
