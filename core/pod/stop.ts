import { planStop } from "../container/stop.ts";
import type { ObjectRef } from "../kubernetes/meta.ts";
import { type Pod, restartPolicyOf } from "../kubernetes/pod.ts";
import type { Millis, Now } from "../time.ts";
import type { Kill, PodMemory } from "./memory.ts";
import { allEnded, isLive, type ObservedPod } from "./observed.ts";
import { because, type PodPlan, rest, wakeBy, withOp } from "./plan.ts";
import type { PodPolicy } from "./policy.ts";

/** What stopping needs to know: also of pods that the API no longer has. */
export interface StopContext {
  readonly ref: ObjectRef;
  /** Absent when the API has no such pod any more. */
  readonly pod?: Pod;
  readonly observed: ObservedPod | undefined;
  readonly now: Now;
  readonly policy: PodPolicy;
}

/** A plan, and whether the back end has let go of the pod: nothing of it runs, or will. */
export interface Stopping {
  readonly plan: PodPlan;
  readonly stopped: boolean;
}

/** A difference of deadlines that is not worth another call. */
const noticeableMs = 500;

/** The kill with a grace that can only get shorter. */
export const tightened = (kill: Kill | undefined, graceMs: Millis, now: Now): Kill => {
  if (kill === undefined) return { at: now.mono + graceMs, graceMs };
  if (graceMs >= kill.graceMs) return kill;
  return { at: Math.min(kill.at, now.mono + graceMs), graceMs };
};

/** A container that has ended may be started again by a back end that restarts by itself. */
const mayRestart = (pod: Pod, observed: ObservedPod): boolean => {
  const policy = restartPolicyOf(pod);
  return policy === "Always" ||
    (policy === "OnFailure" &&
      observed.containers.some(({ state }) => state._tag === "Terminated" && state.exitCode !== 0));
};

const stopContainers = (context: StopContext, memory: PodMemory, kill: Kill): Stopping => {
  const { observed, now, ref, pod } = context;
  const live = (observed?.containers ?? []).filter(isLive);
  // sidecars outlive the containers that they serve
  const next = pod === undefined ? live.map(({ name }) => name) : planStop(pod, observed, new Set());
  let plan = rest(memory, "Stopping");
  // what has stopped does not wait for a back end that cannot be asked
  if (next.length > 0 && now.mono < memory.backend.notBefore) {
    return { plan: wakeBy(plan, memory.backend.notBefore), stopped: false };
  }
  for (const name of next) {
    const ops = memory.ops.filter((op) => op.container === name);
    const patient = ops.length === 0 ||
      ops.every((op) => op.kind === "stop" && op.until > kill.at + noticeableMs);
    if (!patient) continue;
    const graceMs = Math.max(0, Math.round(kill.at - now.mono));
    plan = withOp(plan, { _tag: "StopContainer", uid: ref.uid, ref, container: name, graceMs }, {
      kind: "stop",
      container: name,
      at: now.mono,
      until: kill.at,
    });
  }
  return { plan, stopped: live.length === 0 && memory.ops.length === 0 };
};

const deletePod = (context: StopContext, memory: PodMemory, kill: Kill): Stopping => {
  const { observed, now, policy, ref } = context;
  const plan = rest(memory, "Stopping");
  const deleting = memory.ops.findLast((op) => op.kind === "delete");
  if (observed === undefined) return { plan, stopped: memory.ops.length === 0 };
  const sent = deleting ?? memory.deleteSent;
  if (memory.deleteSent !== undefined && allEnded(observed)) {
    // containers that restart end many times: only what was told after the deletion counts for those
    const fresh = memory.toldAt >= Math.max(memory.deleteSent.at, kill.at);
    if (fresh || context.pod === undefined || !mayRestart(context.pod, observed)) {
      return { plan, stopped: memory.ops.length === 0 };
    }
  }
  const overdueAt = sent === undefined ? now.mono : Math.max(sent.at, kill.at) + policy.stopSlackMs;
  const due = sent === undefined || sent.until > kill.at + noticeableMs ||
    (deleting === undefined && now.mono >= overdueAt);
  const blocked = memory.ops.some((op) => op.kind !== "delete");
  if (blocked) return { plan: because(plan, "StoppingAfterOp"), stopped: false };
  if (!due) return { plan: wakeBy(plan, deleting === undefined ? overdueAt : undefined), stopped: false };
  if (now.mono < memory.backend.notBefore) {
    return { plan: wakeBy(plan, memory.backend.notBefore), stopped: false };
  }
  const graceMs = Math.max(0, Math.round(kill.at - now.mono));
  const op = { kind: "delete", container: undefined, at: now.mono, until: kill.at } as const;
  return { plan: withOp(plan, { _tag: "DeletePod", uid: ref.uid, ref, graceMs }, op), stopped: false };
};

/**
 * Stops whatever runs of a pod until `kill.at`, without waiting in vain: a shorter grace and a stop that is overdue are
 * sent again. For a back end that runs pods, stopping is deleting.
 */
export const stopPod = (context: StopContext, memory: PodMemory, kill: Kill): Stopping => {
  const next: PodMemory = memory.kill === kill ? memory : { ...memory, kill };
  return context.policy.kind === "containers"
    ? stopContainers(context, next, kill)
    : deletePod(context, next, kill);
};

/** Frees what the back end keeps of a stopped pod: a request, unless that is done or there is nothing to free. */
export const removePod = (context: StopContext, plan: PodPlan): PodPlan => {
  const { observed, now, policy, ref } = context;
  const memory = plan.memory;
  if (policy.kind === "pods" || observed === undefined || memory.removed || memory.ops.length > 0) {
    return plan;
  }
  if (now.mono < memory.backend.notBefore) return wakeBy(plan, memory.backend.notBefore);
  const op = { kind: "remove", container: undefined, at: now.mono, until: now.mono } as const;
  return withOp(plan, { _tag: "RemovePod", uid: ref.uid, ref }, op);
};

/** Whether the back end holds nothing of the pod any more (a pod of a back end for pods counts once it was let go). */
export const isReleased = (context: StopContext, memory: PodMemory): boolean =>
  memory.ops.length === 0 &&
  (context.policy.kind === "pods" || context.observed === undefined || memory.removed);
