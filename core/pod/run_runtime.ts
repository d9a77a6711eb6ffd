import { podPhaseOf } from "../container/phase.ts";
import { type ContainersPlan, planContainers } from "../container/plan.ts";
import { defaultContainerPolicy } from "../container/policy.ts";
import { newBackoffs } from "../container/waiting.ts";
import { graceMsOf, isTerminal } from "../kubernetes/pod.ts";
import type { PodPhase, PodStatus } from "../kubernetes/pod_status.ts";
import { earlier, parseTime } from "../time.ts";
import { acceptedWall, type PodContext } from "./context.ts";
import { withFiles } from "./files.ts";
import { admit, describeProblems } from "./make_intent.ts";
import { busyContainers } from "./memory.ts";
import { because, type PodPlan, rest, wakeBy, withEvent, withOp } from "./plan.ts";
import { keepRefused, refuse, warned } from "./refuse.ts";
import { specHashOf } from "./spec_hash.ts";
import { podStatus } from "./status.ts";
import { endStatus } from "./terminate.ts";
import { stopPod, tightened } from "./stop.ts";
import { missingViews, noticed, waiting, waitsForObjects } from "./wait.ts";
import { writeStatus } from "./write_status.ts";

/** A phase that is final is not told while something of the pod may still run: until then it stays as it was. */
const phaseOf = ({ pod }: PodContext, life: ContainersPlan): PodPhase => {
  const phase = podPhaseOf(pod, life.view, life.finished);
  return isTerminal(phase) && !life.finished ? pod.status.phase ?? "Pending" : phase;
};

const statusOf = (context: PodContext, life: ContainersPlan): PodStatus =>
  podStatus({
    pod: context.pod,
    phase: phaseOf(context, life),
    views: life.view,
    observed: context.observed,
    previous: context.known,
    acceptedAt: acceptedWall(context),
    hostIP: context.policy.hostIP,
    reason: context.observed?.reason,
    message: context.observed?.message,
    now: context.now,
  });

/** One start at a time, as the kubelet does it; the fields that the runtime cannot honour are looked at first. */
const withStart = (context: PodContext, plan: PodPlan, life: ContainersPlan): PodPlan => {
  const { policy, now, ref } = context;
  const next = life.start[0];
  if (next === undefined || plan.memory.ops.some((op) => op.kind !== "stop")) return plan;
  if (now.mono < plan.memory.backend.notBefore) return wakeBy(plan, plan.memory.backend.notBefore);
  const admission = admit(context, next.container);
  if (admission._tag === "Waits") {
    const { missing, notices } = admission;
    const view = missingViews(life.view, missing);
    return writeStatus(
      context,
      waiting(context, plan, missing, notices),
      statusOf(context, { ...life, view }),
    );
  }
  if (admission._tag === "Refused") {
    const refused = refuse(plan, admission.specHash, describeProblems(admission.problems));
    return keepRefused(context, refused, life.view, true);
  }
  const { intent, warnings, notices } = admission;
  const told = warned(context, noticed(context, plan, notices), intent.specHash, warnings);
  const { container, restartCount } = next;
  const started = withOp(
    { ...told, memory: { ...told.memory, rejected: undefined } },
    { _tag: "StartContainer", uid: ref.uid, intent, container, restartCount },
    { kind: "start", container: container.name, at: now.mono, until: now.mono },
  );
  return because(wakeBy(started, now.mono + policy.pendingStatusDelayMs), "StartContainer");
};

const withStops = (context: PodContext, plan: PodPlan, life: ContainersPlan): PodPlan => {
  const { now, ref } = context;
  const graceMs = graceMsOf(context.pod.spec.terminationGracePeriodSeconds);
  if (life.stop.length > 0 && now.mono < plan.memory.backend.notBefore) {
    return wakeBy(plan, plan.memory.backend.notBefore);
  }
  return life.stop.reduce((all, { container, why }) => {
    const op = { kind: "stop", container, at: now.mono, until: now.mono + graceMs } as const;
    return because(withOp(all, { _tag: "StopContainer", uid: ref.uid, ref, container, graceMs }, op), why);
  }, plan);
};

/** Tells of every delayed restart once; who has lost the memory tells again. */
const withBackoffs = ({ pod, ref, memory }: PodContext, plan: PodPlan): PodPlan =>
  newBackoffs(pod, memory.containers, plan.memory.containers, defaultContainerPolicy)
    .reduce((all, message) => withEvent(all, ref, "Warning", "BackOff", message), plan);

/** When `activeDeadlineSeconds` ends, in wall time. */
const deadlineOf = (context: PodContext): number | undefined => {
  const seconds = context.pod.spec.activeDeadlineSeconds;
  if (seconds === undefined) return undefined;
  return (parseTime(context.known.startTime) ?? acceptedWall(context)) + seconds * 1000;
};

const endedAfter = (life: ContainersPlan, wall: number): boolean =>
  life.view.some((view) => view.state._tag === "Terminated" && (view.state.finishedAt ?? 0) > wall);

/** Past its deadline: stop what runs, then it has failed, whatever the exit codes. */
export const expirePod = (context: PodContext): PodPlan => {
  const { plan, stopped } = stopPod(
    context,
    context.memory,
    tightened(context.memory.kill, graceMsOf(context.pod.spec.terminationGracePeriodSeconds), context.now),
  );
  if (!stopped) return because(plan, "StopExpired");
  const message = "Pod was active on the node longer than the specified deadline";
  return writeStatus(
    context,
    because(plan, "DeadlineExceeded"),
    endStatus(context, { phase: "Failed", reason: "DeadlineExceeded", message }),
  );
};

/** Whether the deadline decides about a pod now. `finished`: it has ended by itself at `endedAfterDeadline` or before. */
export const isExpired = (context: PodContext, life: ContainersPlan): boolean => {
  const deadline = deadlineOf(context);
  if (deadline === undefined) return false;
  // once it is being stopped, a wall clock that is set back does not start it again
  if (context.memory.kill !== undefined) return true;
  return life.finished ? endedAfter(life, deadline) : context.now.wall >= deadline;
};

const untilDeadline = (context: PodContext): number | undefined => {
  const deadline = deadlineOf(context);
  return deadline === undefined ? undefined : context.now.mono + Math.max(0, deadline - context.now.wall);
};

/** A pod that should run, on a back end that runs containers: the core makes them a pod. */
export const runOnRuntime = (context: PodContext): PodPlan => {
  const { pod, observed, now } = context;
  const life = planContainers(pod, observed, context.memory.containers, busyContainers(context.memory), now);
  const memory = { ...context.memory, containers: life.memory };
  const here: PodContext = { ...context, memory };
  if (isExpired(here, life)) return expirePod(here);
  const wakeAt = life.finished ? life.wakeAt : earlier(life.wakeAt, untilDeadline(here));
  const looked = withBackoffs(context, withStops(here, rest(memory, life.why, wakeAt), life));
  const refused = memory.rejected !== undefined && memory.rejected.specHash === specHashOf(pod);
  if (refused && !life.finished) return keepRefused(here, looked, life.view, false);
  const plan = life.finished ? looked : withFiles(here, withStart(here, looked, life));
  const refusedNow = plan.memory.rejected !== undefined && plan.memory.rejected !== memory.rejected;
  return refusedNow || waitsForObjects(plan.why) ? plan : writeStatus(here, plan, statusOf(here, life));
};
