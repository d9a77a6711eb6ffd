import { left, right } from "fp-ts/lib/Either.js";
import { answered, noEffect } from "../answer.ts";
import { type ApiError, badRequest, conflict, notFound } from "../api_error.ts";
import type { Call, Custom } from "../call.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt as storedAt } from "../objects.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { putObject } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { entriesAt, listAt, objectAt, textAt, withField } from "./fields.ts";
import { withCondition } from "./pod_conditions.ts";
import { success } from "./success.ts";

/** Where a node is: pods that are bound to it are labelled with it. */
const placeLabels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"] as const;

const placeOf = (state: ServerState, node: string): JsonObject => {
  const labels = objectAt(storedAt(objectsOf(state, "nodes"), keyOf(undefined, node)), "metadata", "labels");
  return Object.fromEntries(placeLabels.flatMap((label) => {
    const value = textAt(labels, label);
    return value === "" ? [] : [[label, value]];
  }));
};

const bodyFault = (call: Call, body: JsonObject): ApiError | undefined => {
  if (textAt(body, "metadata", "name") !== call.name) {
    return badRequest("name in URL does not match name in Binding object");
  }
  const kind = textAt(body, "target", "kind");
  // these are no statuses in the real API server either, so that it calls them its own failure
  if (kind !== "" && kind !== "Node") {
    const message = `target.kind: Unsupported value: ${
      JSON.stringify(kind)
    }: supported values: "Node", "<empty>"`;
    return { code: 500, reason: "", message };
  }
  return textAt(body, "target", "name") === ""
    ? { code: 500, reason: "", message: "target.name: Required value" }
    : undefined;
};

/** Why a pod cannot be bound, in the words by which schedulers know it. */
const podFault = (pod: ApiObject): string | undefined => {
  const { name } = pod.metadata;
  const node = textAt(pod, "spec", "nodeName");
  if (pod.metadata.deletionTimestamp !== undefined) {
    return `pod ${name} is being deleted, cannot be assigned to a host`;
  }
  if (node !== "") return `pod ${name} is already assigned to node ${JSON.stringify(node)}`;
  return listAt(pod, "spec", "schedulingGates").length > 0
    ? `pod ${name} has non-empty .spec.schedulingGates`
    : undefined;
};

const storageFault = (call: Call, pod: ApiObject, body: JsonObject): ApiError | undefined => {
  const uid = textAt(body, "metadata", "uid"), version = textAt(body, "metadata", "resourceVersion");
  const key = `Key: /registry/pods/${call.namespace}/${call.name}, ResourceVersion: 0`;
  const fault = (what: string, asked: string, is: string): ApiError =>
    conflict(
      subjectOf(call),
      `StorageError: invalid object, Code: 4, ${key}, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ` +
        `${asked}, ${what} in object meta: ${is}`,
    );
  if (uid !== "" && uid !== pod.metadata.uid) return fault("UID", uid, pod.metadata.uid);
  return version !== "" && version !== pod.metadata.resourceVersion
    ? fault("ResourceVersion", version, pod.metadata.resourceVersion)
    : undefined;
};

const bound = (call: Call, pod: ApiObject, body: JsonObject): ApiObject => {
  const node = textAt(body, "target", "name");
  const annotations = Object.fromEntries([
    ...entriesAt(pod, "metadata", "annotations"),
    ...entriesAt(body, "metadata", "annotations"),
  ]);
  const labels = Object.fromEntries([
    ...entriesAt(pod, "metadata", "labels"),
    ...entriesAt(body, "metadata", "labels"),
    ...entriesAt(placeOf(call.state, node)),
  ]);
  const metadata = {
    ...pod.metadata,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  } as ApiObject["metadata"];
  const spec = { ...objectAt(pod, "spec"), nodeName: node };
  const status = withField(objectAt(pod, "status"), "nominatedNodeName", () => undefined);
  return withCondition(
    { ...pod, metadata, spec, status },
    { type: "PodScheduled", status: "True" },
    call.now,
  );
};

/** `POST pods/NAME/binding`: the pod is the node's, once and for all. */
export const podBinding: Custom = (call, body = {}, pod) => {
  const wrong = bodyFault(call, body);
  if (wrong !== undefined) return left(wrong);
  if (pod === undefined) return left(notFound(subjectOf(call)));
  const stale = storageFault(call, pod, body);
  if (stale !== undefined) return left(stale);
  const why = podFault(pod);
  if (why !== undefined) return left(conflict({ ...subjectOf(call), plural: "pods/binding" }, why));
  if (call.dryRun) return right(answered(noEffect(call.state), 201, success));
  const put = putObject(call.state, call.kind, bound(call, pod, body), call.now);
  return right(answered({ state: put.state, changes: [put.change] }, 201, success));
};
