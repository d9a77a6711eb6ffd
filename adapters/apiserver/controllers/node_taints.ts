import type { Taint } from "../../../core/kubernetes/node.ts";
import { formatTime, type Now } from "../../../core/time.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import type { ServerRequest } from "../request.ts";
import { controllerManager, mergePatch, nodePath } from "./ask.ts";
import { conditionOf, isUnschedulable, readinessOf, taintKeys, taintsOf } from "./node_facts.ts";

const schedulingKeys: ReadonlySet<string> = new Set(Object.values(taintKeys));

/** Taints with which a node's conditions keep new pods away. */
const forScheduling = (node: ApiObject): readonly string[] => {
  const isTrue = (type: string): boolean => conditionOf(node, type)?.status === "True";
  const readiness = readinessOf(node);
  return [
    ...(isTrue("MemoryPressure") ? [taintKeys.memoryPressure] : []),
    ...(isTrue("DiskPressure") ? [taintKeys.diskPressure] : []),
    ...(isTrue("PIDPressure") ? [taintKeys.pidPressure] : []),
    ...(isTrue("NetworkUnavailable") ? [taintKeys.networkUnavailable] : []),
    ...(readiness === "False" ? [taintKeys.notReady] : []),
    ...(readiness === "Unknown" ? [taintKeys.unreachable] : []),
    ...(isUnschedulable(node) ? [taintKeys.unschedulable] : []),
  ];
};

/**
 * What may be done to the pods of a node that is not ready: `evict` them, leave those alone that are not being evicted yet
 * (`hold`: most of the zone is not ready), or stop evicting (`stop`: every node is not ready, so that the fault is elsewhere).
 */
export type Eviction = "evict" | "hold" | "stop";

const executeKey = (node: ApiObject): string | undefined => {
  const readiness = readinessOf(node);
  if (readiness === "False") return taintKeys.notReady;
  return readiness === "Unknown" ? taintKeys.unreachable : undefined;
};

/** Taints with which a node's readiness drives its pods away: one at the most. */
const forExecution = (node: ApiObject, eviction: Eviction): readonly string[] => {
  const key = executeKey(node);
  if (key === undefined || eviction === "stop") return [];
  const isEvicting = taintsOf(node).some(({ key, effect }) => effect === "NoExecute" && isOwnExecute(key));
  return eviction === "evict" || isEvicting ? [key] : [];
};

const isOwnExecute = (key: string): boolean => key === taintKeys.notReady || key === taintKeys.unreachable;

const isOwn = ({ key, effect }: Taint): boolean =>
  (effect === "NoSchedule" && schedulingKeys.has(key)) || (effect === "NoExecute" && isOwnExecute(key));

/** The change of `spec.taints` that makes them say what the node's conditions say, or none when they do. */
export const taintChange = (node: ApiObject, eviction: Eviction, now: Now): readonly ServerRequest[] => {
  const before = taintsOf(node), timeAdded = formatTime(now.wall);
  const desired: readonly Taint[] = [
    ...forScheduling(node).map((key) => ({ key, effect: "NoSchedule", timeAdded })),
    ...forExecution(node, eviction).map((key) => ({ key, effect: "NoExecute", timeAdded })),
  ];
  const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
  const kept = before.filter((taint) => !isOwn(taint) || desired.some((other) => isSame(taint, other)));
  const added = desired.filter((taint) => !before.some((other) => isSame(taint, other)));
  if (added.length === 0 && kept.length === before.length) return [];
  const taints = [...kept, ...added] as unknown as readonly JsonObject[];
  const { resourceVersion } = node.metadata;
  return [mergePatch(controllerManager, nodePath(node), { metadata: { resourceVersion }, spec: { taints } })];
};
