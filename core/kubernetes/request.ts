import type { Millis } from "../time.ts";

/**
 * A request to the API server as a value: the core builds it, an `ApiPort` sends it.
 * `path` starts with `/`, its segments are already percent-encoded; `body` is JSON to be.
 */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of the body; `application/json` when there is a body and this is absent. */
  readonly contentType?: string;
  /** Of the answer; `application/json` when absent. */
  readonly accept?: string;
  readonly body?: unknown;
  /** `true`: nobody reads a successful answer's body, so it need not be decoded (the watch brings the object). */
  readonly discardAnswer?: boolean;
  /** How long an answer is worth waiting for, where that is less than the port would wait. */
  readonly timeoutMs?: Millis;
}

/** The field manager under which everything we write is recorded. */
export const fieldManager = "virtual-kubelet";

export const strategicMerge = "application/strategic-merge-patch+json";
export const mergePatch = "application/merge-patch+json";

/** A name as a part of a path. (Half of a character, which no name can have, would be thrown at.) */
export const segment = (text: string): string =>
  /^[\w.-]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
const managed: Readonly<Record<string, string>> = { fieldManager };

/** `/api/v1/namespaces/{namespace}/pods/{name}`. */
export const podPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${segment(namespace)}/pods/${segment(name)}`;

/** `/api/v1/namespaces/{namespace}/{resource}`, for example of `configmaps`. */
export const objectsPath = (namespace: string, resource: string): string =>
  `/api/v1/namespaces/${segment(namespace)}/${resource}`;

/** `/api/v1/nodes/{name}`. */
export const nodePath = (name: string): string => `/api/v1/nodes/${segment(name)}`;

/** The namespace in which every node's lease lives. */
export const leaseNamespace = "kube-node-lease";

const leasesPath = `/apis/coordination.k8s.io/v1/namespaces/${leaseNamespace}/leases`;

/** `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}`. */
export const leasePath = (name: string): string => `${leasesPath}/${segment(name)}`;

export const getObject = (path: string): ApiRequest => ({ method: "GET", path });

export const patchPodStatus = (namespace: string, name: string, body: unknown): ApiRequest => ({
  method: "PATCH",
  path: `${podPath(namespace, name)}/status`,
  query: managed,
  contentType: strategicMerge,
  body,
  discardAnswer: true,
});

/** Deletes a pod, only while it is still the one with this UID. `graceSeconds` 0 removes the object at once. */
export const deletePod = (
  namespace: string,
  name: string,
  uid: string,
  graceSeconds: number | undefined,
): ApiRequest => ({
  method: "DELETE",
  path: podPath(namespace, name),
  body: {
    kind: "DeleteOptions",
    apiVersion: "v1",
    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    preconditions: { uid },
  },
  discardAnswer: true,
});

export const createNode = (body: unknown): ApiRequest => ({
  method: "POST",
  path: "/api/v1/nodes",
  query: managed,
  body,
  discardAnswer: true,
});

export const patchNode = (name: string, body: unknown): ApiRequest => ({
  method: "PATCH",
  path: nodePath(name),
  query: managed,
  contentType: strategicMerge,
  body,
  discardAnswer: true,
});

export const patchNodeStatus = (name: string, body: unknown): ApiRequest => ({
  method: "PATCH",
  path: `${nodePath(name)}/status`,
  query: managed,
  contentType: strategicMerge,
  body,
  discardAnswer: true,
});

export const deleteNode = (name: string, uid: string): ApiRequest => ({
  method: "DELETE",
  path: nodePath(name),
  body: { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid } },
  discardAnswer: true,
});

export const createLease = (body: unknown, timeoutMs: Millis): ApiRequest => ({
  method: "POST",
  path: leasesPath,
  query: managed,
  body,
  discardAnswer: true,
  timeoutMs,
});

export const patchLease = (name: string, body: unknown, timeoutMs: Millis): ApiRequest => ({
  method: "PATCH",
  path: leasePath(name),
  query: managed,
  contentType: mergePatch,
  body,
  discardAnswer: true,
  timeoutMs,
});

export const createEvent = (namespace: string, body: unknown): ApiRequest => ({
  method: "POST",
  path: `/api/v1/namespaces/${segment(namespace)}/events`,
  query: managed,
  body,
  discardAnswer: true,
});

export const patchEvent = (namespace: string, name: string, body: unknown): ApiRequest => ({
  method: "PATCH",
  path: `/api/v1/namespaces/${segment(namespace)}/events/${segment(name)}`,
  query: managed,
  contentType: mergePatch,
  body,
  discardAnswer: true,
});
