import type { NodeCondition } from "../kubernetes/node.ts";
import { createNode } from "../kubernetes/request.ts";
import { formatTime, type Now } from "../time.ts";
import { hashJson } from "../hash.ts";
import { type Change, ownedBy } from "./change.ts";
import type { NodeDescription } from "./description.ts";
import { formatOwned, ownedAnnotation } from "./owned.ts";
import { stampCondition } from "./conditions.ts";

/** The whole node, status included: it is Ready with its first appearance, not a write later. */
export const nodeObject = (
  desired: NodeDescription,
  conditions: readonly NodeCondition[],
  now: Now,
): unknown => {
  const time = formatTime(now.wall);
  const owned = formatOwned(ownedBy(desired, conditions, false));
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: desired.name,
      labels: desired.labels,
      annotations: { ...desired.annotations, [ownedAnnotation]: owned },
    },
    spec: {
      taints: desired.taints,
      ...(desired.providerID === undefined ? {} : { providerID: desired.providerID }),
    },
    status: {
      capacity: desired.capacity,
      allocatable: desired.allocatable ?? desired.capacity,
      conditions: conditions.map((condition) => stampCondition(condition, undefined, time)),
      addresses: desired.addresses,
      ...(desired.kubeletPort === undefined
        ? {}
        : { daemonEndpoints: { kubeletEndpoint: { Port: desired.kubeletPort } } }),
      nodeInfo: desired.nodeInfo,
    },
  };
};

export const createChange = (
  desired: NodeDescription,
  conditions: readonly NodeCondition[],
  now: Now,
): Change => ({
  aspect: "create",
  action: { _tag: "CreateNode", request: createNode(nodeObject(desired, conditions, now)) },
  drift: "register",
  wanted: hashJson([desired, conditions]),
  routine: false,
});
