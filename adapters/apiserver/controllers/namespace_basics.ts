import type { Now } from "../../../core/time.ts";
import { textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { controllerManager, create, mergePatch } from "./ask.ts";
import type { Controller } from "./controller.ts";

const accountName = "default";
const bundleName = "kube-root-ca.crt";

const descriptionKey = "kubernetes.io/description";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as " +
  "the internal service IP or kubernetes.default.svc. " +
  "No other usage is guaranteed across distributions of Kubernetes clusters.";

/** The namespace that a change says something of. */
const concerned = ({ resource, type, object: { metadata } }: Change): string | undefined => {
  if (resource === "namespaces") return type === "DELETED" ? undefined : metadata.name;
  if (resource === "serviceaccounts") return metadata.name === accountName ? metadata.namespace : undefined;
  return metadata.name === bundleName ? metadata.namespace : undefined;
};

const isActive = (namespace: ApiObject | undefined): boolean =>
  namespace !== undefined && namespace.metadata.deletionTimestamp === undefined &&
  textAt(namespace, "status", "phase") !== "Terminating";

const found = (state: ServerState, resource: string, namespace: string, name: string): boolean =>
  objectAt(objectsOf(state, resource), keyOf(namespace, name)) !== undefined;

const account = (state: ServerState, namespace: string): readonly ServerRequest[] =>
  found(state, "serviceaccounts", namespace, accountName) ? [] : [
    create(controllerManager, `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      metadata: { name: accountName, namespace },
    }),
  ];

/** Fields of a `data` that are not the bundle's, as a merge patch takes them away. */
const withoutOthers = (data: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(data).map((name) => [name, null]));

const bundle = (state: ServerState, namespace: string): readonly ServerRequest[] => {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const metadata = { annotations: { [descriptionKey]: description } };
  const data = { "ca.crt": state.settings.caBundle };
  const held = objectAt(objectsOf(state, "configmaps"), keyOf(namespace, bundleName));
  if (held === undefined) {
    return [
      create(controllerManager, path, { metadata: { name: bundleName, namespace, ...metadata }, data }),
    ];
  }
  const before = (held["data"] ?? {}) as JsonObject;
  const isRight = held.metadata.annotations?.[descriptionKey] === description &&
    Object.keys(before).length === 1 && before["ca.crt"] === data["ca.crt"];
  if (isRight) return [];
  const body = { metadata, data: { ...withoutOthers(before), ...data } };
  return [mergePatch(controllerManager, `${path}/${bundleName}`, body)];
};

/** What every namespace has: the service account `default`, and the cluster's CA for those who call the API server. */
export const namespaceBasics: Controller<null> = {
  name: "namespace-basics",
  looksAt: ["namespaces", "serviceaccounts", "configmaps"],
  start: null,
  reconcile: (_memory, { state }, changes, _now: Now) => {
    const names = new Set(changes.map(concerned));
    const requests = [...names].flatMap((name) => {
      const namespace = name === undefined ? undefined : objectAt(objectsOf(state, "namespaces"), name);
      return name === undefined || !isActive(namespace)
        ? []
        : [...account(state, name), ...bundle(state, name)];
    });
    return { memory: null, requests };
  },
};
