import fc from "fast-check";
import type { Node, NodeAddress, NodeCondition, NodeStatus, Taint } from "../../core/kubernetes/node.ts";
import { anyTime } from "./moment.ts";
import { anyKey, anyLabels, anyName, anyUid, anyValue } from "./names.ts";
import { anyResources } from "./quantity.ts";
import { anyMap, anyOf, anyRecord } from "./record.ts";

/** `v1.Taint`. */
export const anyTaint: fc.Arbitrary<Taint> = anyRecord({
  key: anyKey,
  value: anyValue,
  effect: anyOf("NoSchedule", "NoExecute"),
});

/** Taints, one of a key and effect. */
export const anyTaints: fc.Arbitrary<readonly Taint[]> = fc.uniqueArray(anyTaint, {
  maxLength: 3,
  selector: ({ key, effect }) => `${key}:${effect}`,
});

/** `v1.NodeCondition` without times, as a back end tells it. */
export const anyNodeCondition: fc.Arbitrary<NodeCondition> = anyRecord({
  type: anyOf("Ready", "DiskPressure", "GpuReady"),
  status: anyOf("True", "False", "Unknown"),
  reason: anyOf("R1", "R2"),
});

/** Conditions, one of a type. */
export const anyNodeConditions: fc.Arbitrary<readonly NodeCondition[]> = fc.uniqueArray(anyNodeCondition, {
  maxLength: 3,
  selector: ({ type }) => type,
});

/** `v1.NodeAddress`. */
export const anyNodeAddress: fc.Arbitrary<NodeAddress> = anyRecord({
  type: anyOf("InternalIP", "ExternalIP", "Hostname"),
  address: anyOf("10.0.0.1", "10.0.0.2", "fd00::1"),
});

/** Addresses; a type may be there twice. */
export const anyNodeAddresses: fc.Arbitrary<readonly NodeAddress[]> = fc.uniqueArray(anyNodeAddress, {
  maxLength: 3,
  selector: ({ type, address }) => `${type}/${address}`,
});

/** Texts of `v1.NodeSystemInfo`. */
export const anyNodeInfo: fc.Arbitrary<Readonly<Record<string, string>>> = anyMap(
  anyOf("osImage", "kernelVersion", "architecture"),
  anyValue,
);

const anyTimes = fc.tuple(fc.oneof(fc.constant(null), anyTime), anyTime);

const anyNodeStatus: fc.Arbitrary<NodeStatus> = anyRecord({
  capacity: anyResources,
  allocatable: anyResources,
  conditions: fc.tuple(anyNodeConditions, anyTimes).map(([list, [lastHeartbeatTime, lastTransitionTime]]) =>
    list.map((condition) => ({ ...condition, lastHeartbeatTime, lastTransitionTime }))
  ),
  addresses: anyNodeAddresses,
}, {
  nodeInfo: anyNodeInfo,
  daemonEndpoints: anyOf({}, { kubeletEndpoint: { Port: 10_250 } }),
});

/** A node of this name that others made and keep: no entry of it is ours. */
export const anyForeignNodeOf = (name: string, uid = "foreign"): fc.Arbitrary<Node> =>
  anyRecord({
    metadata: anyRecord({
      name: fc.constant(name),
      uid: fc.constant(uid),
      resourceVersion: fc.constant("1"),
      labels: anyLabels,
      annotations: anyLabels,
    }),
    spec: anyRecord({ taints: anyTaints }, { unschedulable: fc.constant(true) }),
    status: anyNodeStatus,
  });

/** Any node. */
export const anyNode: fc.Arbitrary<Node> = fc.tuple(anyName, anyUid).chain(([name, uid]) =>
  anyForeignNodeOf(name, uid)
);
