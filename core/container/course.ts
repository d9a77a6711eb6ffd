import { backoffMs } from "../backoff.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { ContainerTerminated } from "../pod/observed.ts";
import type { Millis, Now } from "../time.ts";
import { type KnownContainer, ranByStatus } from "./known.ts";
import { type ContainerMemory, type RememberedEnd, type RememberedFault, specOf } from "./memory.ts";
import { type ContainerPolicy, crashLoopMs, restartsAfter } from "./policy.ts";

/** What is to become of a container, whatever the others do. */
export type Course =
  | { readonly _tag: "Runs" }
  /** The back end is making it: nothing to do. */
  | { readonly _tag: "Prepares" }
  /** It has ended, and is not started again. */
  | { readonly _tag: "Over"; readonly exitCode: number }
  /** To be started, not before `at` (on the `mono` clock). */
  | {
    readonly _tag: "Due";
    readonly restartCount: number;
    readonly at: Millis;
    readonly end: RememberedEnd | undefined;
    readonly fault: RememberedFault | undefined;
    /** In place of an instance that was stopped for another image: its end is not one by itself. */
    readonly replacing: boolean;
  }
  /** Its start was refused for what the spec says: only another spec helps. */
  | { readonly _tag: "Refused"; readonly fault: RememberedFault };

/** What is the same for all containers of a pod at one look. */
export interface Look {
  readonly pod: Pod;
  /** The pod's containers have started, so an init container is never run again. */
  readonly begun: boolean;
  readonly now: Now;
  readonly policy: ContainerPolicy;
}

const ranMs = (end: ContainerTerminated): Millis =>
  end.startedAt === undefined || end.finishedAt === undefined ? 0 : end.finishedAt - end.startedAt;

/** Without memory every restart counts as one in a row: later than with it, never earlier. */
const levelOf = (
  known: KnownContainer,
  end: ContainerTerminated,
  before: RememberedEnd | undefined,
  replacing: boolean,
  policy: ContainerPolicy,
): number => {
  if (replacing || ranMs(end) >= policy.resetAfterMs) return 0;
  return before !== undefined && before.restartCount < known.restartCount
    ? before.level + known.restartCount - before.restartCount
    : known.restartCount;
};

/** The end of the present instance, remembered: once seen, its delay runs on `mono`, safe from steps of the wall clock. */
const rememberedEnd = (
  known: KnownContainer,
  end: ContainerTerminated,
  before: RememberedEnd | undefined,
  replacing: boolean,
  { now, policy }: Look,
): RememberedEnd => {
  const { restartCount } = known;
  if (before?.restartCount === restartCount && !(replacing && before.level > 0)) return before;
  const level = levelOf(known, end, before, replacing, policy);
  const finishedAt = Math.min(end.finishedAt ?? now.wall, now.wall);
  const dueAt = now.mono + Math.max(0, crashLoopMs(policy, level) - (now.wall - finishedAt));
  return { restartCount, level, finishedAt, dueAt };
};

const retryAt = ({ pod, policy }: Look, known: KnownContainer, fault: RememberedFault): Millis => {
  const key = `${pod.metadata.uid}/${known.container.name}`;
  const asked = fault.fault._tag === "Throttled" ? fault.fault.retryAfterMs ?? 0 : 0;
  return fault.at + Math.max(asked < Infinity ? asked : 0, backoffMs(policy.startFault, fault.attempts, key));
};

const due = (
  look: Look,
  known: KnownContainer,
  restartCount: number,
  end: RememberedEnd | undefined,
  memory: ContainerMemory,
): Course => {
  const kept = memory.fault;
  // who asks to be left alone is left alone, whatever the spec says by now
  const valid = kept?.restartCount === restartCount &&
    (kept.spec === specOf(look.pod, known.container) || kept.fault._tag === "Throttled");
  const fault = valid ? kept : undefined;
  const tag = fault?.fault._tag;
  if (fault !== undefined && (tag === "Rejected" || tag === "Unsupported")) return { _tag: "Refused", fault };
  const at = Math.max(end?.dueAt ?? look.now.mono, fault === undefined ? 0 : retryAt(look, known, fault));
  return { _tag: "Due", restartCount, at, end, fault, replacing: false };
};

/** Asking again is safe (a start is idempotent) and heals an agent that died between the two halves of a start. */
const preparing = (look: Look, known: KnownContainer, memory: ContainerMemory): Course => {
  const { seen, status, restartCount } = known;
  const asked = seen?.restartCount ?? 0;
  if (memory.started !== undefined && memory.started >= asked) return { _tag: "Prepares" };
  const ran = status !== undefined && status.restartCount >= asked && ranByStatus(status);
  return due(look, known, ran ? restartCount + 1 : restartCount, undefined, memory);
};

/** After an end: over, or due by the restart policy and the back-off. */
const ended = (
  look: Look,
  known: KnownContainer,
  end: ContainerTerminated,
  memory: ContainerMemory,
): Course => {
  const { container, init, sidecar, restartCount } = known;
  const { exitCode } = end;
  const past = look.begun && init && !sidecar;
  const stopped = memory.replaced === restartCount;
  if (past || !(stopped || restartsAfter(look.pod, container, init, exitCode))) {
    return { _tag: "Over", exitCode };
  }
  const replacing = stopped || known.outdated;
  const remembered = rememberedEnd(known, end, memory.end, replacing, look);
  const course = due(look, known, restartCount + 1, remembered, memory);
  return course._tag === "Due" ? { ...course, replacing } : course;
};

/** Decides by the restart policy, the back-off and the faults of earlier starts. */
export const courseOf = (look: Look, known: KnownContainer, memory: ContainerMemory): Course => {
  const { instance } = known;
  switch (instance._tag) {
    case "New":
      return due(look, known, known.restartCount, undefined, memory);
    case "Preparing":
      return preparing(look, known, memory);
    case "Running":
      return { _tag: "Runs" };
    case "Ended":
      return ended(look, known, instance.end, memory);
  }
};
