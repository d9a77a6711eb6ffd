import { isMirror, isTerminal, type Pod } from "../kubernetes/pod.ts";
import { deletePod } from "../kubernetes/request.ts";
import type { Seen } from "../seen.ts";
import type { Now } from "../time.ts";
import { contextOf, type PodContext } from "./context.ts";
import { type Given, nothingGiven } from "./given.ts";
import { giveUpLost, isLost } from "./lost.ts";
import type { PodMemory } from "./memory.ts";
import type { ObservedPod } from "./observed.ts";
import { removeOrphan } from "./orphan.ts";
import { type PodPlan, rest, wakeBy, withApiOp } from "./plan.ts";
import { defaultPodPolicy, type PodPolicy } from "./policy.ts";
import { runOnProvider } from "./run_provider.ts";
import { runOnRuntime } from "./run_runtime.ts";
import { keepEnded, tellEnd, terminatePod } from "./terminate.ts";

/** A drain deletes the pod as a user would, with its own grace period; the rest follows from that. */
const evict = (context: PodContext): PodPlan | undefined => {
  const { policy, memory, ref, now } = context;
  if (!policy.draining || memory.evicted || memory.apiOp !== undefined || now.mono < memory.api.notBefore) {
    return undefined;
  }
  const request = deletePod(ref.namespace, ref.name, ref.uid, undefined);
  return withApiOp(rest(memory, "Evict"), { _tag: "EvictPod", uid: ref.uid, ref, request }, "evict");
};

const runPod = (context: PodContext): PodPlan => {
  const { observed, memory, policy } = context;
  if (isLost(context)) return giveUpLost(context);
  // nothing new is begun on a node that is being drained
  if (policy.draining && observed === undefined) return rest(memory, "Draining");
  return policy.kind === "containers" ? runOnRuntime(context) : runOnProvider(context);
};

const keepPod = (context: PodContext): PodPlan => {
  const { pod, known, memory, policy } = context;
  if (pod.metadata.deletionTimestamp !== undefined) return terminatePod(context);
  if (isTerminal(known.phase)) return keepEnded(context);
  if (memory.endSent !== undefined) return tellEnd(context, memory.endSent);
  const eviction = evict(context);
  if (eviction !== undefined) return eviction;
  const plan = runPod(context);
  const evictAgain = policy.draining && !memory.evicted && memory.apiOp === undefined;
  return evictAgain ? wakeBy(plan, memory.api.notBefore) : plan;
};

/**
 * Decides everything about one pod, from facts alone (level-triggered): the actions, when to look again, and why.
 *
 * Guarantees: same input, same plan; nothing is created, deleted or failed on the strength of an *unknown*; at most one
 * request to the API in flight; converges from `emptyPodMemory`; a pod that ran is never created again under its UID;
 * a terminal status is never overwritten; every write carries the UID.
 * Assumes: the plan's memory is handed back the next time, and the outcome of its actions is recorded in it
 * (`recordPodDone`, `recordPodFault`).
 *
 * @example
 * ```ts
 * const plan = reconcilePod(present(pod), absent, emptyPodMemory, { mono: 0, wall: Date.UTC(2026, 0, 1) });
 * plan.why; // "Create"
 * ```
 */
export const reconcilePod = (
  desired: Seen<Pod>,
  observed: Seen<ObservedPod>,
  memory: PodMemory,
  now: Now,
  policy: PodPolicy = defaultPodPolicy,
  given: Given = nothingGiven,
): PodPlan => {
  if (desired._tag === "Unknown") return rest(memory, "ApiUnknown");
  if (observed._tag === "Unknown") return rest(memory, "BackendUnknown");
  const seen = observed._tag === "Present" ? observed.value : undefined;
  if (desired._tag === "Absent") {
    return seen === undefined ? rest(memory, "Gone") : removeOrphan(seen, memory, now, policy);
  }
  if (isMirror(desired.value)) return rest(memory, "Mirror");
  return keepPod(contextOf(desired.value, seen, memory, now, policy, given));
};
