import type { NodeCondition, Taint } from "../../../core/kubernetes/node.ts";
import { at, listAt, textAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";

/** Taints that the node lifecycle sets and takes away. */
export const taintKeys = {
  notReady: "node.kubernetes.io/not-ready",
  unreachable: "node.kubernetes.io/unreachable",
  unschedulable: "node.kubernetes.io/unschedulable",
  memoryPressure: "node.kubernetes.io/memory-pressure",
  diskPressure: "node.kubernetes.io/disk-pressure",
  pidPressure: "node.kubernetes.io/pid-pressure",
  networkUnavailable: "node.kubernetes.io/network-unavailable",
} as const;

// The kinds have checked what is stored, so that these are what they are said to be.

export const conditionsOf = (node: ApiObject): readonly NodeCondition[] =>
  listAt(node, "status", "conditions") as unknown as readonly NodeCondition[];

export const taintsOf = (node: ApiObject): readonly Taint[] =>
  listAt(node, "spec", "taints") as unknown as readonly Taint[];

export const conditionOf = (node: ApiObject | undefined, type: string): NodeCondition | undefined =>
  node === undefined ? undefined : conditionsOf(node).find((condition) => condition.type === type);

/** `True`, `False`, `Unknown`, or "" when the node has not said. */
export const readinessOf = (node: ApiObject | undefined): string => conditionOf(node, "Ready")?.status ?? "";

export const isReady = (node: ApiObject | undefined): boolean => readinessOf(node) === "True";

export const isUnschedulable = (node: ApiObject): boolean => at(node, "spec", "unschedulable") === true;

/** Nodes fail together by zone. */
export const zoneOf = (node: ApiObject): string => {
  const label = (name: string): string => textAt(node, "metadata", "labels", name);
  return `${label("topology.kubernetes.io/region")}/${label("topology.kubernetes.io/zone")}`;
};
