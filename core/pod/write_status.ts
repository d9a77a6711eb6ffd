import { type Backoff, backoffMs } from "../backoff.ts";
import { isTerminal } from "../kubernetes/pod.ts";
import type { PodStatus } from "../kubernetes/pod_status.ts";
import type { Millis } from "../time.ts";
import { orRecheck, type PodContext } from "./context.ts";
import type { PodMemory } from "./memory.ts";
import { type PodPlan, wakeBy, withApiOp } from "./plan.ts";
import { statusCovered, statusPatch } from "./status_patch.ts";

/** Two writers who undo each other: we come back ever more slowly. */
const fightBackoff: Backoff = { baseMs: 5_000, capMs: 300_000, jitter: 0.25 };

/** How long the same status may be written again and again without slowing down. */
const fightMemoryMs = 600_000;

const withoutTimes = (status: PodStatus): PodStatus => ({
  ...status,
  conditions: status.conditions?.map(({ lastTransitionTime: _time, ...condition }) => condition),
});

const isSame = (a: PodStatus, b: PodStatus): boolean => {
  const left = withoutTimes(a);
  return statusCovered(left, withoutTimes(b));
};

/** How often this very status was written before, as far as that is still of interest. */
const repeatsOf = (memory: PodMemory, want: PodStatus, now: Millis): number => {
  const written = memory.written;
  if (written === undefined || now - written.at > fightMemoryMs || !isSame(want, written.status)) return 0;
  return written.repeats + 1;
};

/** A pod that is about to run is not first told to be Pending: the write can wait for a moment. */
const holdUntil = (context: PodContext, plan: PodPlan, want: PodStatus): Millis => {
  const delay = context.policy.pendingStatusDelayMs;
  const accepted = want.phase === "Pending" ? (plan.memory.accepted?.mono ?? 0) + delay : 0;
  const starting = plan.memory.ops.filter((op) => op.kind === "start" || op.kind === "create").map((op) =>
    op.at + delay
  );
  return Math.max(accepted, ...starting);
};

/**
 * Adds the status write when the API does not say `want` yet. Skipped: while a request of the pod is in flight, when
 * nothing would change, and for a terminal status, which is final (Pod lifecycle). Held back for a moment: Pending.
 */
export const writeStatus = (context: PodContext, plan: PodPlan, want: PodStatus): PodPlan => {
  const { known, now, ref } = context;
  const memory = plan.memory;
  if (memory.apiOp !== undefined || isTerminal(known.phase)) return plan;
  if (statusCovered(want, known)) return wakeBy(plan, orRecheck(context, undefined));
  // every write waits for the watch to show the one before, so that it is made from the newest object and never undoes
  // what another writer said meanwhile: a pod's end is final, whoever wrote it
  if (memory.written !== undefined && !memory.written.echoed) {
    return wakeBy(plan, orRecheck(context, undefined));
  }
  const repeats = repeatsOf(memory, want, now.mono);
  const calm = repeats === 0 ? 0 : (memory.written?.at ?? 0) + backoffMs(fightBackoff, repeats, ref.uid);
  const held = isTerminal(want.phase) ? 0 : holdUntil(context, plan, want);
  const notBefore = Math.max(memory.api.notBefore, held, repeats > 1 ? calm : 0);
  if (now.mono < notBefore) return wakeBy(plan, notBefore);
  const { status, metadata } = context.pod;
  const request = statusPatch(ref, want, status, metadata.resourceVersion);
  const next = withApiOp(
    plan,
    { _tag: "PatchPodStatus", uid: ref.uid, ref, status: want, request },
    "status",
  );
  return { ...next, memory: { ...next.memory, writing: want } };
};
