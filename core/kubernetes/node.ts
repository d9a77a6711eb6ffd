import * as t from "io-ts";
import { type Decode, decoder } from "./decode.ts";
import { type ObjectMeta, ObjectMetaCodec, slimMeta } from "./meta.ts";

/** `v1.Taint`. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

/** What we read and write of `v1.NodeCondition`. */
export interface NodeCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastHeartbeatTime?: string | null;
  readonly lastTransitionTime?: string | null;
}

/** `v1.NodeAddress`. */
export interface NodeAddress {
  readonly type: string;
  readonly address: string;
}

/** Resource name to quantity: `{ cpu: "4", memory: "8Gi" }`. */
export type ResourceList = Readonly<Record<string, string>>;

/** What we read and write of `v1.NodeStatus`. */
export interface NodeStatus {
  readonly capacity?: ResourceList;
  readonly allocatable?: ResourceList;
  readonly conditions?: readonly NodeCondition[];
  readonly addresses?: readonly NodeAddress[];
  readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port: number } };
  readonly nodeInfo?: Readonly<Record<string, unknown>>;
  readonly phase?: string;
  /** From Kubernetes 1.35 on; older API servers drop it. */
  readonly declaredFeatures?: readonly string[];
}

/** What we read of `v1.NodeSpec`. */
export interface NodeSpecWire {
  readonly taints?: readonly Taint[];
  readonly providerID?: string;
  readonly unschedulable?: boolean;
}

/** What we keep of a `v1.Node`. */
export interface Node {
  readonly metadata: ObjectMeta;
  readonly spec: NodeSpecWire;
  readonly status: NodeStatus;
}

const TaintCodec: t.Type<Taint> = t.intersection([
  t.type({ key: t.string, effect: t.string }),
  t.partial({ value: t.string, timeAdded: t.string }),
]);

const textOrNull: t.Type<string | null> = t.union([t.string, t.null]);

const NodeConditionCodec: t.Type<NodeCondition> = t.intersection([
  t.type({ type: t.string, status: t.string }),
  t.partial({
    reason: t.string,
    message: t.string,
    lastHeartbeatTime: textOrNull,
    lastTransitionTime: textOrNull,
  }),
]);

const quantities: t.Type<ResourceList> = t.record(t.string, t.string);

const NodeStatusCodec: t.Type<NodeStatus> = t.partial({
  capacity: quantities,
  allocatable: quantities,
  conditions: t.readonlyArray(NodeConditionCodec),
  addresses: t.readonlyArray(t.type({ type: t.string, address: t.string })),
  daemonEndpoints: t.partial({ kubeletEndpoint: t.type({ Port: t.number }) }),
  nodeInfo: t.UnknownRecord,
  phase: t.string,
  declaredFeatures: t.readonlyArray(t.string),
});

type WireNode = { readonly metadata: ObjectMeta; readonly spec?: NodeSpecWire; readonly status?: NodeStatus };

/** The codec of what we read of a `v1.Node`. */
export const NodeCodec: t.Type<WireNode> = t.intersection([
  t.type({ metadata: ObjectMetaCodec }),
  t.partial({
    spec: t.partial({ taints: t.readonlyArray(TaintCodec), providerID: t.string, unschedulable: t.boolean }),
    status: NodeStatusCodec,
  }),
]);

/** Reads one node of the API server. */
export const decodeNode: Decode<Node> = decoder(NodeCodec, (node) => ({
  metadata: slimMeta(node.metadata),
  spec: node.spec ?? {},
  status: node.status ?? {},
}));
