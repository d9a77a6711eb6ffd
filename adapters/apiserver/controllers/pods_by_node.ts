import { textAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";
import { keyOf, noObjects, type Objects, visitAfter, withObject, withoutObject } from "../objects.ts";
import type { Change } from "../response.ts";

/** Pods in the order of their nodes' names; those that are bound to none are under the name "". */
export interface PodsByNode {
  readonly objects: Objects;
}

export const noPods: PodsByNode = { objects: noObjects };

export const nodeNameOf = (pod: ApiObject): string => textAt(pod, "spec", "nodeName");

const indexKey = (pod: ApiObject): string =>
  `${nodeNameOf(pod)}/${keyOf(pod.metadata.namespace, pod.metadata.name)}`;

/** With the changes of pods; other changes are passed over. */
export const withPodChanges = (pods: PodsByNode, changes: readonly Change[]): PodsByNode => {
  let objects = pods.objects;
  for (const { resource, type, object, previous } of changes) {
    if (resource !== "pods") continue;
    const key = indexKey(object), before = previous === undefined ? key : indexKey(previous);
    if (type === "DELETED" || before !== key) objects = withoutObject(objects, before);
    if (type !== "DELETED") objects = withObject(objects, key, object);
  }
  return objects === pods.objects ? pods : { objects };
};

/** The pods that are bound to a node. */
export const podsOfNode = ({ objects }: PodsByNode, node: string): readonly ApiObject[] => {
  const found: ApiObject[] = [];
  visitAfter(objects, `${node}/`, (key, pod) => {
    if (!key.startsWith(`${node}/`)) return false;
    found.push(pod);
    return true;
  });
  return found;
};

/** Whether any pod is bound to a node. */
export const hasPods = ({ objects }: PodsByNode, node: string): boolean => {
  let found = false;
  visitAfter(objects, `${node}/`, (key) => {
    found = key.startsWith(`${node}/`);
    return false;
  });
  return found;
};
