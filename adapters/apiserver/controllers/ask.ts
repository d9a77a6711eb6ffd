import { formatMicroTime, formatTime, type Now } from "../../../core/time.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import type { ServerRequest } from "../request.ts";
import type { ServerState } from "../state.ts";
import type { User } from "../user.ts";

// Requests of controllers, as the real ones send them.

/** Who asks: the user and, for `managedFields`, the program. */
export interface Actor {
  readonly user: User;
  readonly agent: string;
}

const actor = (agent: string): Actor => ({
  agent,
  user: { name: `system:${agent}`, groups: ["system:masters", "system:authenticated"] },
});

export const scheduler: Actor = actor("kube-scheduler");
export const controllerManager: Actor = actor("kube-controller-manager");

const ask = (
  { user, agent }: Actor,
  method: string,
  path: string,
  body: Json,
  contentType = "application/json",
): ServerRequest => ({
  method,
  path,
  query: {},
  headers: { "content-type": contentType, "user-agent": `${agent}/v1.36` },
  body: JSON.stringify(body),
  user,
});

export const create = (by: Actor, path: string, body: JsonObject): ServerRequest =>
  ask(by, "POST", path, body);

export const replace = (by: Actor, path: string, body: JsonObject): ServerRequest =>
  ask(by, "PUT", path, body);

export const mergePatch = (by: Actor, path: string, body: JsonObject): ServerRequest =>
  ask(by, "PATCH", path, body, "application/merge-patch+json");

export const strategicPatch = (by: Actor, path: string, body: JsonObject): ServerRequest =>
  ask(by, "PATCH", path, body, "application/strategic-merge-patch+json");

export const remove = (by: Actor, path: string, options: JsonObject = {}): ServerRequest =>
  ask(by, "DELETE", path, { kind: "DeleteOptions", apiVersion: "v1", ...options });

export const podPath = ({ metadata }: ApiObject): string =>
  `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;

export const nodePath = ({ metadata }: ApiObject): string => `/api/v1/nodes/${metadata.name}`;

/** Something to be told of an object as an Event. */
export interface News {
  readonly about: ApiObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

const namespaceOf = ({ metadata }: ApiObject): string => metadata.namespace ?? "default";

/** As client-go does: the name and the time in nanoseconds; revisions tell apart what is of one millisecond. */
const eventName = ({ about, reason }: News, state: ServerState, now: Now): string => {
  const nanoseconds = BigInt(Math.floor(now.wall)) * 1_000_000n +
    BigInt((state.revision * 16 + reason.length) % 1_000_000);
  return `${about.metadata.name}.${nanoseconds.toString(16)}`;
};

const reference = ({ apiVersion, kind, metadata }: ApiObject): JsonObject => ({
  kind,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  name: metadata.name,
  uid: metadata.uid,
  apiVersion,
  resourceVersion: metadata.resourceVersion,
});

/** An Event of the controller manager, in the form of the core group. */
export const tell = (component: string, news: News, state: ServerState, now: Now): ServerRequest => {
  const namespace = namespaceOf(news.about);
  const { resourceVersion: _, ...involvedObject } = reference(news.about);
  return create(controllerManager, `/api/v1/namespaces/${namespace}/events`, {
    metadata: { name: eventName(news, state, now), namespace },
    involvedObject,
    reason: news.reason,
    message: news.message,
    source: { component },
    firstTimestamp: formatTime(now.wall),
    lastTimestamp: formatTime(now.wall),
    count: 1,
    type: news.type,
    reportingComponent: component,
  });
};

/** An Event of the scheduler, in the form of `events.k8s.io`. */
export const tellOfScheduling = (
  action: "Binding" | "Scheduling",
  news: News,
  state: ServerState,
  now: Now,
): ServerRequest => {
  const namespace = namespaceOf(news.about);
  return create(scheduler, `/apis/events.k8s.io/v1/namespaces/${namespace}/events`, {
    metadata: { name: eventName(news, state, now), namespace },
    eventTime: formatMicroTime(now.wall),
    reportingController: "default-scheduler",
    reportingInstance: "default-scheduler",
    action,
    reason: news.reason,
    regarding: reference(news.about),
    note: news.message,
    type: news.type,
  });
};
