import type { ApiObject, Json, JsonObject } from "../apiserver/object.ts";
import type { View } from "./view.ts";

const statusOf = (object: ApiObject): JsonObject => (object["status"] ?? {}) as JsonObject;

const isReady = (object: ApiObject): boolean => {
  const { conditions } = statusOf(object);
  return Array.isArray(conditions) &&
    conditions.some((each: JsonObject) => each["type"] === "Ready" && each["status"] === "True");
};

/** Whether the pod has come as far as it will: it is ready, or its end has been reached. */
const hasCome = (pod: ApiObject): boolean =>
  ["Succeeded", "Failed"].includes(String(statusOf(pod)["phase"])) ||
  isReady(pod) && pod.metadata.name.startsWith("web");

const taintsOf = (node: ApiObject): readonly Json[] => {
  const { taints } = (node["spec"] ?? {}) as JsonObject;
  return Array.isArray(taints) ? taints : [];
};

/** Whether so many nodes are there, and all of them take pods. */
export const areReady = ({ objects: { nodes } }: View, wanted: number): boolean =>
  nodes.size >= wanted &&
  [...nodes.values()].every((node) => isReady(node) && taintsOf(node).length === 0);

/** Whether every node is ready and every pod has run, of which there are to be so many. */
export const haveRun = (view: View, wanted: { readonly nodes: number; readonly pods: number }): boolean =>
  areReady(view, wanted.nodes) && view.objects.pods.size >= wanted.pods &&
  [...view.objects.pods.values()].every(hasCome);
