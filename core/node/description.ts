import type { NodeAddress, NodeCondition, ResourceList, Taint } from "../kubernetes/node.ts";

/** `running`; `draining`: cordoned while its pods end; `drained`: they have ended, the node says NotReady. */
export type NodeLifecycle = "running" | "draining" | "drained";

/**
 * What a node is to be in the API: the static description, with what the back end says of it merged in.
 * Labels, annotations, taints and conditions that are not named here belong to others and survive.
 */
export interface NodeDescription {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly capacity: ResourceList;
  /** Absent: equal to `capacity`. */
  readonly allocatable?: ResourceList;
  /** Ours, by type, without times. `Ready` is decided by the core when it is not named here. */
  readonly conditions: readonly NodeCondition[];
  readonly addresses: readonly NodeAddress[];
  /** Where the kubelet API listens: `status.daemonEndpoints.kubeletEndpoint.Port`. Absent: not served. */
  readonly kubeletPort?: number;
  /** `v1.NodeSystemInfo`, all of its string fields. */
  readonly nodeInfo: Readonly<Record<string, string>>;
  /** Written when the node is created, or while it is empty: the API server lets nobody change it. */
  readonly providerID?: string;
  /** Names of Kubernetes features that the node has: `status.declaredFeatures`. Others' survive. Absent: none. */
  readonly declaredFeatures?: readonly string[];
  /** Absent: `running`. */
  readonly lifecycle?: NodeLifecycle;
}
