import type { NodeCondition } from "../../../core/kubernetes/node.ts";
import { formatTime, type Millis, type Now } from "../../../core/time.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import type { ServerRequest } from "../request.ts";
import { controllerManager, nodePath, strategicPatch } from "./ask.ts";
import { conditionOf } from "./node_facts.ts";
import type { ControlSettings } from "./settings.ts";

const told = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** Until when a node may be silent that was heard of at `heardAt`. */
export const silentUntil = (node: ApiObject, heardAt: Millis, settings: ControlSettings): Millis =>
  heardAt +
  (conditionOf(node, "Ready") === undefined ? settings.nodeStartupGraceMs : settings.nodeMonitorGraceMs);

const unknown = (node: ApiObject, type: string, wall: Millis): NodeCondition | undefined => {
  const before = conditionOf(node, type), lastTransitionTime = formatTime(wall);
  if (before?.status === "Unknown") return undefined;
  return before === undefined
    ? {
      type,
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
      lastHeartbeatTime: node.metadata.creationTimestamp,
      lastTransitionTime,
    }
    : {
      ...before,
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
      lastTransitionTime,
    };
};

/** A silent node's conditions are `Unknown`; none when they are so already. */
export const silenced = (node: ApiObject, now: Now): readonly ServerRequest[] => {
  const conditions = told.flatMap((type) => unknown(node, type, now.wall) ?? []);
  if (conditions.length === 0) return [];
  const { resourceVersion } = node.metadata;
  const status = { conditions: conditions as unknown as readonly JsonObject[] };
  return [
    strategicPatch(controllerManager, `${nodePath(node)}/status`, { metadata: { resourceVersion }, status }),
  ];
};
