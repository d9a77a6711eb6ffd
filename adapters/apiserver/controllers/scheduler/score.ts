import { isTolerated } from "../tolerations.ts";
import type { Wanted } from "./filter.ts";
import type { NodeInfo, Offer } from "./node_info.ts";
import { preferenceFor } from "./node_selector.ts";

/** A node on which the pod can run. */
export interface Candidate {
  readonly offer: Offer;
  readonly info: NodeInfo;
}

const full = 100;

/** What pods that ask for nothing are taken to use, so that they spread too (`GetNonzeroRequests` of the real one). */
const assumed: Readonly<Record<string, number>> = { cpu: 100, memory: 200 * 1024 * 1024 };

const freeShare = (name: string, { requests }: Wanted, { offer, info }: Candidate): number => {
  const most = offer.allocatable[name] ?? 0, least = assumed[name] ?? 0;
  if (most === 0) return 0;
  const used = Math.max(info.used[name] ?? 0, info.pods * least) + Math.max(requests[name] ?? 0, least);
  return used > most ? 0 : Math.floor(((most - used) * full) / most);
};

const emptiness = (wanted: Wanted, candidate: Candidate): number =>
  Math.floor((freeShare("cpu", wanted, candidate) + freeShare("memory", wanted, candidate)) / 2);

const share = (part: number, most: number): number => most === 0 ? 0 : Math.floor((part * full) / most);

const repulsion = ({ tolerations }: Wanted, { discouraging }: Offer): number =>
  discouraging.length === 0 ? 0 : discouraging.filter((taint) => !isTolerated(tolerations, taint)).length;

interface Scored {
  readonly candidate: Candidate;
  readonly wish: number;
  readonly repelled: number;
}

const weights = { emptiness: 1, wish: 2, repelled: 3 };

/** The emptiest node, but rather one that the pod prefers, and rather one without taints that discourage; the first by name. */
export const bestOf = (wanted: Wanted, candidates: readonly Candidate[]): Candidate | undefined => {
  const scored: readonly Scored[] = candidates.map((candidate) => ({
    candidate,
    wish: preferenceFor(wanted.wishes, candidate.offer.labels, candidate.offer.name),
    repelled: repulsion(wanted, candidate.offer),
  }));
  const mostWish = scored.reduce((most, { wish }) => Math.max(most, wish), 0);
  const mostRepelled = scored.reduce((most, { repelled }) => Math.max(most, repelled), 0);
  let best: Candidate | undefined, bestScore = -1;
  for (const { candidate, wish, repelled } of scored) {
    const score = weights.emptiness * emptiness(wanted, candidate) +
      weights.wish * share(wish, mostWish) +
      weights.repelled * (full - share(repelled, mostRepelled));
    const isBetter = score > bestScore ||
      (score === bestScore && best !== undefined && candidate.offer.name < best.offer.name);
    if (!isBetter) continue;
    best = candidate;
    bestScore = score;
  }
  return best;
};
