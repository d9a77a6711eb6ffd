import type { NodeFacts } from "../event.ts";
import type { NodeAddress, NodeCondition, ResourceList, Taint } from "../kubernetes/node.ts";
import { version } from "../version.ts";
import type { NodeDescription } from "./description.ts";

/** What a node is described by; everything but the two names has a default. */
export interface NodeOptions {
  readonly name: string;
  /** The name of the back end, as the value of the taint. */
  readonly provider: string;
  /** `kubernetes.io/os` and `…/arch`; `linux` and `amd64` by default. */
  readonly os?: string;
  readonly arch?: string;
  /** What control plane tools compare with their own version; `v1.36.0-vk-<our version>` by default. */
  readonly kubeletVersion?: string;
  /** Added to the default labels. Under NodeRestriction most `kubernetes.io` labels are refused. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Replaces the default `virtual-kubelet.io/provider=<provider>:NoSchedule`; `[]` for none. */
  readonly taints?: readonly Taint[];
  /** By default 32 CPUs, 256 Gi of memory, 110 pods. */
  readonly capacity?: ResourceList;
  readonly allocatable?: ResourceList;
  /** Added to the default conditions; replaces one of the same type. */
  readonly conditions?: readonly NodeCondition[];
  /**
   * Where the API server finds the kubelet API, best an `InternalIP`. Many prefer a `Hostname` if there is one: give
   * that only if it resolves for them.
   */
  readonly addresses?: readonly NodeAddress[];
  readonly kubeletPort?: number;
  /** Fields of `v1.NodeSystemInfo` that are to differ from the defaults. */
  readonly nodeInfo?: Readonly<Record<string, string>>;
  readonly providerID?: string;
  /** Names of Kubernetes features that the node has, as `ExtendWebSocketsToKubelet`. */
  readonly declaredFeatures?: readonly string[];
}

/** The taint that keeps pods away which do not ask for virtual nodes, DaemonSets' among them. */
export const providerTaint = (provider: string): Taint => ({
  key: "virtual-kubelet.io/provider",
  value: provider,
  effect: "NoSchedule",
});

/** The conditions of a healthy node but for `Ready`, in the kubelet's words. */
export const healthyConditions: readonly NodeCondition[] = [
  {
    type: "MemoryPressure",
    status: "False",
    reason: "KubeletHasSufficientMemory",
    message: "kubelet has sufficient memory available",
  },
  {
    type: "DiskPressure",
    status: "False",
    reason: "KubeletHasNoDiskPressure",
    message: "kubelet has no disk pressure",
  },
  {
    type: "PIDPressure",
    status: "False",
    reason: "KubeletHasSufficientPID",
    message: "kubelet has sufficient PID available",
  },
  {
    type: "NetworkUnavailable",
    status: "False",
    reason: "RouteCreated",
    message: "the provider brings the network of its pods",
  },
];

const maxLabelValue = 63;

const defaultLabels = (options: NodeOptions): Readonly<Record<string, string>> => ({
  // a node's name may be longer than a label's value
  ...(options.name.length <= maxLabelValue ? { "kubernetes.io/hostname": options.name } : {}),
  "kubernetes.io/os": options.os ?? "linux",
  "kubernetes.io/arch": options.arch ?? "amd64",
  "type": "virtual-kubelet",
  "node.kubernetes.io/exclude-from-external-load-balancers": "true",
});

const defaultNodeInfo = (options: NodeOptions): Readonly<Record<string, string>> => ({
  machineID: "",
  systemUUID: "",
  bootID: "",
  kernelVersion: "",
  osImage: `virtual-kubelet (${options.provider})`,
  containerRuntimeVersion: `${options.provider}://${version}`,
  kubeletVersion: options.kubeletVersion ?? `v1.36.0-vk-${version}`,
  kubeProxyVersion: "",
  operatingSystem: options.os ?? "linux",
  architecture: options.arch ?? "amd64",
});

const byType = <A extends { readonly type: string }>(
  base: readonly A[],
  over: readonly A[],
): readonly A[] => [
  ...base.filter((item) => !over.some((other) => other.type === item.type)),
  ...over,
];

/**
 * A whole description from a few names. Its labels are such that a node identity may set them on itself
 * (NodeRestriction); `kubernetes.io/role` and `node-role.kubernetes.io/…`, for kubectl's column, are not: add them to
 * `labels` where the credentials allow it.
 */
export const describeNode = (options: NodeOptions): NodeDescription => ({
  name: options.name,
  labels: { ...defaultLabels(options), ...options.labels },
  annotations: options.annotations ?? {},
  taints: options.taints ?? [providerTaint(options.provider)],
  capacity: options.capacity ?? { cpu: "32", memory: "256Gi", pods: "110" },
  allocatable: options.allocatable,
  conditions: byType(healthyConditions, options.conditions ?? []),
  addresses: options.addresses ?? [],
  kubeletPort: options.kubeletPort,
  nodeInfo: { ...defaultNodeInfo(options), ...options.nodeInfo },
  providerID: options.providerID,
  declaredFeatures: options.declaredFeatures,
});

const mergedAllocatable = (description: NodeDescription, facts: NodeFacts): ResourceList | undefined => {
  const { capacity, allocatable } = facts;
  if (capacity === undefined && allocatable === undefined) return description.allocatable;
  if (description.allocatable === undefined && allocatable === undefined) return undefined;
  return { ...(description.allocatable ?? description.capacity), ...capacity, ...allocatable };
};

/**
 * The description with what the back end says of the node on top: labels, annotations and resources by name,
 * conditions and addresses by type. Always merge into the static description: what newer facts no longer name is gone.
 */
export const mergeFacts = (description: NodeDescription, facts: NodeFacts): NodeDescription => ({
  ...description,
  labels: { ...description.labels, ...facts.labels },
  annotations: { ...description.annotations, ...facts.annotations },
  capacity: { ...description.capacity, ...facts.capacity },
  allocatable: mergedAllocatable(description, facts),
  conditions: byType(description.conditions, facts.conditions ?? []),
  addresses: byType(description.addresses, facts.addresses ?? []),
});
