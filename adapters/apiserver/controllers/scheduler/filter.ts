import { isTolerated, type Toleration } from "../tolerations.ts";
import { taintKeys } from "../node_facts.ts";
import type { Amounts } from "./amounts.ts";
import { anyCollides } from "./host_ports.ts";
import type { NodeInfo, Offer, Take } from "./node_info.ts";
import { isWished, type NodeWishes, type Term, termMatches } from "./node_selector.ts";

/** What a pod asks for, read once for all nodes. */
export interface Wanted extends Take {
  readonly tolerations: readonly Toleration[];
  readonly wishes: NodeWishes;
  /** Of the persistent volumes that it uses: for each, terms of which one has to hold. */
  readonly volumes: readonly (readonly Term[])[];
}

/** Why a node is not taken, in the words of the real scheduler. */
export interface Unfit {
  readonly reasons: readonly string[];
  /** Whether the node would do if pods left it. */
  readonly isForPods: boolean;
}

const forGood = (reason: string): Unfit => ({ reasons: [reason], isForPods: false });

const unschedulable = { key: taintKeys.unschedulable, effect: "NoSchedule" };

const short = (
  wanted: Amounts,
  allocatable: Amounts,
  used: Amounts,
  pods: number,
): Unfit | undefined => {
  const reasons: string[] = [];
  let isForPods = true;
  if (pods + 1 > (allocatable["pods"] ?? 0)) reasons.push("Too many pods");
  for (const name of Object.keys(wanted)) {
    const amount = wanted[name] ?? 0, most = allocatable[name] ?? 0;
    if (amount === 0 || amount <= most - (used[name] ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    if (amount > most) isForPods = false;
  }
  return reasons.length === 0 ? undefined : { reasons, isForPods };
};

/** Why the pod cannot run on the node; the first of the real scheduler's filters that says no speaks alone. */
export const unfit = (wanted: Wanted, offer: Offer, info: NodeInfo): Unfit | undefined => {
  const { tolerations, wishes, requests, ports, volumes } = wanted;
  const { name, labels } = offer;
  if (wishes.names?.has(name) === false) return forGood("node(s) didn't satisfy plugin(s) [NodeAffinity]");
  if (offer.isUnschedulable && !isTolerated(tolerations, unschedulable)) {
    return forGood("node(s) were unschedulable");
  }
  if (offer.taints.some((taint) => !isTolerated(tolerations, taint))) {
    return forGood("node(s) had untolerated taint(s)");
  }
  if (!isWished(wishes, labels, name)) return forGood("node(s) didn't match Pod's node affinity/selector");
  if (anyCollides(ports, info.ports)) {
    return { reasons: ["node(s) didn't have free ports for the requested pod ports"], isForPods: true };
  }
  const lack = short(requests, offer.allocatable, info.used, info.pods);
  if (lack !== undefined) return lack;
  return volumes.every((terms) => terms.some((term) => termMatches(term, labels, name)))
    ? undefined
    : forGood("node(s) didn't match PersistentVolume's node affinity");
};
