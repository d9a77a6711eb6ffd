import { earlier, type Millis, type Now } from "../../../core/time.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { listAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";
import { objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { controllerManager, mergePatch, remove, replace } from "./ask.ts";
import type { Controller, View } from "./controller.ts";
import { conditionsFor } from "./namespace_conditions.ts";
import { contentsOf, firstContent } from "./namespace_contents.ts";

/** A namespace that waits for its contents to go. */
interface Waiting {
  /** The resource that it waits for. */
  readonly resource: string | undefined;
  /** Whether the deletion of its contents has just been asked for. */
  readonly hasAsked: boolean;
  readonly lookAt: Millis;
}

type Memory = Readonly<Record<string, Waiting>>;

const finalizer = "kubernetes";

const isEnding = (namespace: ApiObject): boolean =>
  namespace.metadata.deletionTimestamp !== undefined &&
  listAt(namespace, "spec", "finalizers").includes(finalizer);

const collectionPath = (kind: Kind, namespace: string): string =>
  `${kind.group === "" ? "/api" : "/apis"}/${apiVersionOf(kind)}/namespaces/${namespace}/${kind.plural}`;

const finalized = (namespace: ApiObject): ServerRequest => {
  const finalizers = listAt(namespace, "spec", "finalizers").filter((name) => name !== finalizer);
  const spec = { ...(namespace["spec"] as object), finalizers };
  const path = `/api/v1/namespaces/${namespace.metadata.name}/finalize`;
  return replace(controllerManager, path, { ...namespace, spec });
};

interface Looked {
  readonly requests: readonly ServerRequest[];
  readonly waiting?: Waiting;
}

/** Asks for the deletion of what is there; when that was done, says what is left, or lets the namespace go. */
const look = (namespace: ApiObject, before: Waiting | undefined, view: View, now: Now): Looked => {
  const { name } = namespace.metadata;
  const contents = contentsOf(view.state, name);
  const resource = contents[0]?.kind.plural;
  const untouched = contents.filter((content) => content.untouched > 0);
  if (untouched.length > 0 && before?.hasAsked !== true) {
    const requests = untouched.map(({ kind }) => remove(controllerManager, collectionPath(kind, name)));
    return { requests, waiting: { resource, hasAsked: true, lookAt: now.mono } };
  }
  const conditions = conditionsFor(namespace, contents, now);
  if (conditions !== undefined) {
    const path = `/api/v1/namespaces/${name}/status`;
    const request = mergePatch(controllerManager, path, { status: { conditions } });
    const lookAt = contents.length === 0 ? now.mono : now.mono + view.settings.namespacePeriodMs;
    return { requests: [request], waiting: { resource, hasAsked: false, lookAt } };
  }
  if (contents.length === 0) return { requests: [finalized(namespace)] };
  const lookAt = now.mono + view.settings.namespacePeriodMs;
  return { requests: [], waiting: { resource, hasAsked: false, lookAt } };
};

/** The namespaces of which a change may let something go on. */
const concerned = (
  memory: Memory,
  state: ServerState,
  changes: readonly Change[],
  now: Now,
): ReadonlySet<string> => {
  const found = new Set<string>(), left = new Set<string>();
  for (const { resource, type, object: { metadata } } of changes) {
    if (resource === "namespaces") found.add(metadata.name);
    else if (type === "DELETED" && metadata.namespace !== undefined) left.add(metadata.namespace);
  }
  for (const [name, waiting] of Object.entries(memory)) {
    const isOver = waiting.lookAt <= now.mono ||
      (left.has(name) && firstContent(state, name) !== waiting.resource);
    if (isOver) found.add(name);
  }
  return found;
};

const wakeAtOf = (memory: Memory): Millis | undefined =>
  Object.values(memory).map(({ lookAt }) => lookAt).reduce(earlier, undefined);

/**
 * Namespaces that are being deleted: their pods go first, with their grace periods, then everything else, then the finalizer
 * `kubernetes` and with it the namespace. (The real one begins five seconds late, so that other API servers have heard of it.)
 */
export const namespaceDeletion: Controller<Memory> = {
  name: "namespace-deletion",
  looksAt: "*",
  start: {},
  reconcile: (memory, view, changes, now) => {
    const names = concerned(memory, view.state, changes, now);
    if (names.size === 0) return { memory, requests: [], wakeAt: wakeAtOf(memory) };
    const next: Record<string, Waiting> = { ...memory };
    const requests: ServerRequest[] = [];
    for (const name of names) {
      const namespace = objectAt(objectsOf(view.state, "namespaces"), name);
      delete next[name];
      if (namespace === undefined || !isEnding(namespace)) continue;
      const looked = look(namespace, memory[name], view, now);
      requests.push(...looked.requests);
      if (looked.waiting !== undefined) next[name] = looked.waiting;
    }
    return { memory: next, requests, wakeAt: wakeAtOf(next) };
  },
};
