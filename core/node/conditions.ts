import type { NodeCondition } from "../kubernetes/node.ts";
import { patchNodeStatus } from "../kubernetes/request.ts";
import type { Comparison, Draft } from "./change.ts";

const find = (conditions: readonly NodeCondition[] | undefined, type: string): NodeCondition | undefined =>
  conditions?.find((condition) => condition.type === type);

const sameCondition = (a: NodeCondition, b: NodeCondition | undefined): boolean =>
  b !== undefined && a.status === b.status && (a.reason ?? "") === (b.reason ?? "") &&
  (a.message ?? "") === (b.message ?? "");

/** A condition as it is written: `lastTransitionTime` moves only with the status. */
export const stampCondition = (
  condition: NodeCondition,
  before: NodeCondition | undefined,
  time: string,
): NodeCondition => ({
  type: condition.type,
  status: condition.status,
  reason: condition.reason ?? "",
  message: condition.message ?? "",
  lastHeartbeatTime: time,
  lastTransitionTime: before?.status === condition.status ? before.lastTransitionTime ?? time : time,
});

const driftOf = ({ conditions, node, left }: Comparison): readonly string[] => [
  ...conditions.filter((condition) => !sameCondition(condition, find(node.status.conditions, condition.type)))
    .map((condition) => `condition ${condition.type}=${condition.status} ${condition.reason ?? ""}`.trim()),
  ...left.conditions.map((type) => `condition -${type}`),
];

/** All of ours, so that every write is a heartbeat too, and the removal of what is no longer ours. */
const patchOf = ({ conditions, node, left, time }: Comparison): readonly unknown[] => [
  ...conditions.map((condition) =>
    stampCondition(condition, find(node.status.conditions, condition.type), time)
  ),
  ...left.conditions.map((type) => ({ $patch: "delete", type })),
];

/** The conditions: they merge by type in the API, so the others' stay. */
export const conditionsDraft = (comparison: Comparison): Draft => ({
  aspect: "conditions",
  drift: driftOf(comparison),
  wanted: comparison.conditions,
  action: (metadata) => ({
    _tag: "PatchNodeStatus",
    request: patchNodeStatus(comparison.desired.name, {
      metadata,
      status: { conditions: patchOf(comparison) },
    }),
  }),
});
