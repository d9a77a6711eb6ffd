import { canonicalJson } from "../../../../core/hash.ts";
import { type ApiError, notFound } from "../../api_error.ts";
import { objectAt as fieldsAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import { keyOf, objectAt } from "../../objects.ts";
import { objectsOf, type ServerState } from "../../state.ts";
import { mirrorPodFault } from "./mirror_pod.ts";
import { type Fault, quote, type Write } from "./write.ts";

/** The pod that a write is about, or 404. */
const podOf = (state: ServerState, { namespace }: Write, name: string): ApiObject | undefined =>
  objectAt(objectsOf(state, "pods"), keyOf(namespace, name));

const missing = (name: string): ApiError => notFound({ group: "", plural: "pods", name });

const isOn = (node: string, pod: ApiObject | undefined): boolean => textAt(pod, "spec", "nodeName") === node;

const objectFault = (state: ServerState, node: string, write: Write): Fault => {
  if (write.operation === "CREATE") return mirrorPodFault(state, node, write.object ?? {});
  if (write.operation === "UPDATE") {
    return `unexpected operation "UPDATE", node ${quote(node)} can only create and delete mirror pods`;
  }
  const pod = write.before ?? podOf(state, write, write.name);
  if (pod === undefined) return missing(write.name);
  return isOn(node, pod)
    ? undefined
    : `node ${quote(node)} can only delete pods with spec.nodeName set to itself`;
};

const statusFault = (node: string, { before, object }: Write): Fault => {
  if (!isOn(node, before)) {
    return `node ${quote(node)} can only update pod status for pods with spec.nodeName set to itself`;
  }
  const [was, is] = [before, object].map((pod) => canonicalJson(fieldsAt(pod, "metadata", "labels")));
  return was === is ? undefined : `node ${quote(node)} cannot update labels through pod status`;
};

const evictionFault = (state: ServerState, node: string, write: Write): Fault => {
  const name = write.name === "" ? textAt(write.object, "metadata", "name") : write.name;
  const pod = podOf(state, write, name);
  if (pod === undefined) return missing(name);
  return isOn(node, pod) ? undefined : `node ${node} can only evict pods with spec.nodeName set to itself`;
};

/** A node writes the status of pods that are bound to it, deletes and evicts them, and mirrors its own. */
export const podFault = (state: ServerState, node: string, write: Write): Fault => {
  switch (write.subresource) {
    case "":
      return objectFault(state, node, write);
    case "status":
      return statusFault(node, write);
    case "eviction":
      return evictionFault(state, node, write);
    default:
      return `unexpected pod subresource ${
        quote(write.subresource)
      }, only 'status' and 'eviction' are allowed`;
  }
};
