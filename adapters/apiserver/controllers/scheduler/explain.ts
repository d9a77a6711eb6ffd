import type { Unfit } from "./filter.ts";

const counted = (texts: Iterable<string>): readonly string[] => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} ${text}`).toSorted();
};

/** A node that does not fit, and whether it has pods that a pod of higher priority might drive away. */
export interface Refusal {
  readonly unfit: Unfit;
  readonly hasVictims: boolean;
}

const preemption = ({ unfit, hasVictims }: Refusal): string => {
  if (!unfit.isForPods) return "Preemption is not helpful for scheduling";
  return hasVictims
    ? "Preemption is not done by the scheduler of the in-memory API server"
    : "No preemption victims found for incoming pod";
};

/** Why a pod runs nowhere, as the real scheduler says it. */
export const explain = (refusals: readonly Refusal[]): string => {
  if (refusals.length === 0) return "no nodes available to schedule pods";
  const none = `0/${refusals.length} nodes are available`;
  const reasons = counted(refusals.flatMap(({ unfit }) => unfit.reasons));
  const attempts = counted(refusals.map(preemption));
  return `${none}: ${reasons.join(", ")}. no new claims to deallocate, preemption: ${none}: ${
    attempts.join(", ")
  }.`;
};

/** Of a pod that runs nowhere for a reason of its own. */
export const explainOwn = (nodes: number, reason: string): string =>
  `0/${nodes} nodes are available: ${reason}`;
