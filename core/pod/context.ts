import type { ObjectRef } from "../kubernetes/meta.ts";
import { refOf } from "../kubernetes/meta.ts";
import { isTerminal, type Pod } from "../kubernetes/pod.ts";
import type { PodStatus } from "../kubernetes/pod_status.ts";
import { earlier, type Millis, type Now } from "../time.ts";
import type { Given } from "./given.ts";
import type { PodMemory } from "./memory.ts";
import { allEnded, type ObservedPod } from "./observed.ts";
import type { PodPolicy } from "./policy.ts";
import { statusShowsRun } from "./status.ts";
import { statusCovered } from "./status_patch.ts";

/** What the parts of the pod reconciler look at. `observed` undefined: the back end positively has no such pod. */
export interface PodContext {
  /** With `known` as its status. */
  readonly pod: Pod;
  readonly ref: ObjectRef;
  readonly observed: ObservedPod | undefined;
  readonly memory: PodMemory;
  readonly now: Now;
  readonly policy: PodPolicy;
  readonly given: Given;
  /** The status that the API holds, or will hold once the watch has caught up with our last write. */
  readonly known: PodStatus;
  /** When `known` has to be looked at again (`mono`). */
  readonly recheckAt: Millis | undefined;
}

/** What the API will show: conditions of others are not in what we wrote, but stay (readiness gates are among them). */
const overlaid = (status: PodStatus, written: PodStatus): PodStatus => {
  const ours = written.conditions ?? [];
  const others = (status.conditions ?? []).filter((old) =>
    !ours.some((condition) => condition.type === old.type)
  );
  return { ...status, ...written, conditions: [...others, ...ours] };
};

/**
 * After a write the watch may still show older objects. Until it shows what was written (and at most
 * `echoHoldMs`), the written status is what we go by; from then on what the API says, so that drift is seen.
 */
const knownStatus = (
  pod: Pod,
  memory: PodMemory,
  now: Now,
  policy: PodPolicy,
): Pick<PodContext, "known" | "memory" | "recheckAt"> => {
  const written = memory.written;
  if (written === undefined || written.echoed) return { known: pod.status, memory, recheckAt: undefined };
  if (statusCovered(written.status, pod.status)) {
    // what the API says instead of what we wrote, which is the same: one of them is enough to keep
    return {
      known: pod.status,
      memory: { ...memory, written: { ...written, status: pod.status, echoed: true } },
      recheckAt: undefined,
    };
  }
  const holdUntil = written.at + policy.echoHoldMs;
  // a pod that the API holds as finished is finished, whatever we wrote before we knew
  if (now.mono < holdUntil && !isTerminal(pod.status.phase)) {
    return { known: overlaid(pod.status, written.status), memory, recheckAt: holdUntil };
  }
  return {
    known: pod.status,
    memory: { ...memory, written: { ...written, echoed: true } },
    recheckAt: undefined,
  };
};

const showsRun = (observed: ObservedPod | undefined): boolean =>
  observed !== undefined &&
  observed.containers.some((container) => container.state._tag !== "Waiting" || container.restartCount > 0);

/** What one look at the pod alone tells. (What is said is said once: a memory that stays the same stays the same value.) */
const noted = (pod: Pod, observed: ObservedPod | undefined, memory: PodMemory, now: Now): PodMemory => {
  const seenLive = memory.seenLive || pod.metadata.deletionTimestamp === undefined;
  // what we wrote last may hide for a moment that the API knows it to have run
  const ran = memory.ran || showsRun(observed) || statusShowsRun(pod.status);
  const missingSince = observed === undefined ? memory.missingSince : undefined;
  // what restarts by itself has ended before: only the last words count
  const ended = observed === undefined ? memory.ended : allEnded(observed) ? observed : undefined;
  const same = memory.accepted !== undefined && memory.seenLive === seenLive && memory.ran === ran &&
    memory.missingSince === missingSince && memory.ended === ended && memory.gone === undefined &&
    memory.goneSince === undefined;
  return same ? memory : {
    ...memory,
    accepted: memory.accepted ?? now,
    ...{ seenLive, ran, missingSince, ended },
    gone: undefined,
    goneSince: undefined,
  };
};

/** Gathers what the reconciler looks at, and notes in the memory what this look alone tells. */
export const contextOf = (
  pod: Pod,
  observed: ObservedPod | undefined,
  memory: PodMemory,
  now: Now,
  policy: PodPolicy,
  given: Given,
): PodContext => {
  const known = knownStatus(pod, noted(pod, observed, memory, now), now, policy);
  const current = known.known === pod.status ? pod : { ...pod, status: known.known };
  return { pod: current, ref: refOf(pod), observed, now, policy, given, ...known };
};

/** Something of the pod has run here: it is never created a second time. */
export const hasRun = (context: PodContext): boolean => context.memory.ran || statusShowsRun(context.known);

/** When the pod was accepted, in wall time: what `status.startTime` says, or is going to say. */
export const acceptedWall = (context: PodContext): Millis =>
  context.memory.accepted?.wall ?? context.now.wall;

/** The earlier of a time and when the status has to be looked at again. */
export const orRecheck = (context: PodContext, at: Millis | undefined): Millis | undefined =>
  earlier(at, context.recheckAt);
