import type { Node, NodeCondition } from "../kubernetes/node.ts";
import type { NodeDescription } from "./description.ts";
import type { Health } from "./ping.ts";

const shutdownReason = "NodeShutdown";

const kubeletReady: NodeCondition = {
  type: "Ready",
  status: "True",
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};

/** The Ready condition: drained before unreachable before what the back end says of itself. */
export const readyCondition = (desired: NodeDescription, health: Health): NodeCondition => {
  if (desired.lifecycle === "drained") {
    return {
      type: "Ready",
      status: "False",
      reason: shutdownReason,
      message: "the virtual node was shut down",
    };
  }
  if (health._tag === "Failing") {
    return { type: "Ready", status: "False", reason: "ProviderUnreachable", message: health.message };
  }
  return desired.conditions.findLast((condition) => condition.type === "Ready") ?? kubeletReady;
};

/** All conditions that are ours, one of a type, Ready last. */
export const wantedConditions = (desired: NodeDescription, health: Health): readonly NodeCondition[] => {
  const byType = new Map(desired.conditions.map((condition) => [condition.type, condition]));
  byType.delete("Ready");
  return [...byType.values(), readyCondition(desired, health)];
};

/** The node object says that it was shut down: a drain's last write has arrived. */
export const saysShutdown = (node: Node): boolean =>
  (node.status.conditions ?? []).some((condition) =>
    condition.type === "Ready" && condition.status === "False" && condition.reason === shutdownReason
  );
