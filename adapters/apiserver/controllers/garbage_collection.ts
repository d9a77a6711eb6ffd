import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { controllerManager, mergePatch, remove } from "./ask.ts";
import type { Controller } from "./controller.ts";
import {
  type Dependent,
  type Dependents,
  dependentsOf,
  isKnown,
  kindOfResource,
  noDependents,
  type Owner,
  ownerIn,
  ownersOf,
  pathOf,
  resourceOfOwner,
  sameOwners,
  withDependent,
} from "./owners.ts";

const foreground = "foregroundDeletion", orphan = "orphan";

const isEnding = ({ metadata }: ApiObject): boolean => metadata.deletionTimestamp !== undefined;

const has = ({ metadata }: ApiObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) === true;

/** Whether an owner is being deleted and waits for those that depend on it. */
const waitsForDependents = (owner: ApiObject): boolean => isEnding(owner) && has(owner, foreground);

const patched = ({ resource, object }: Dependent, metadata: JsonObject): readonly ServerRequest[] => {
  const kind = kindOfResource(resource), { uid } = object.metadata;
  return kind === undefined
    ? []
    : [mergePatch(controllerManager, pathOf(kind, object), { metadata: { uid, ...metadata } })];
};

const withoutOwners = (dependent: Dependent, gone: readonly Owner[]): readonly ServerRequest[] => {
  const rest = (dependent.object.metadata.ownerReferences ?? [])
    .filter(({ uid }) => gone.every((owner) => owner.uid !== uid));
  return patched(dependent, { ownerReferences: rest.length === 0 ? null : rest });
};

const withoutFinalizer = (dependent: Dependent, finalizer: string): readonly ServerRequest[] => {
  const rest = (dependent.object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  return patched(dependent, { finalizers: rest.length === 0 ? null : rest });
};

const deleted = ({ resource, object }: Dependent, propagationPolicy: string): readonly ServerRequest[] => {
  const kind = kindOfResource(resource), { uid } = object.metadata;
  return kind === undefined
    ? []
    : [remove(controllerManager, pathOf(kind, object), { propagationPolicy, preconditions: { uid } })];
};

/** An object goes when all its owners are gone; when only some are, it is no more theirs. */
const judge = (
  dependent: Dependent,
  state: ServerState,
  dependents: Dependents,
): readonly ServerRequest[] => {
  const { object } = dependent, owners = ownersOf(object);
  if (owners.length === 0 || isEnding(object)) return [];
  const gone: Owner[] = [], waiting: Owner[] = [];
  for (const owner of owners) {
    const found = ownerIn(state, object, owner);
    if (found === undefined) {
      if (isKnown(owner)) gone.push(owner);
    } else if (waitsForDependents(found)) waiting.push(owner);
  }
  const left = [...gone, ...waiting];
  if (left.length === 0) return [];
  if (left.length < owners.length) return withoutOwners(dependent, left);
  if (waiting.length > 0 && dependentsOf(dependents, state, object).length > 0) {
    return deleted(dependent, "Foreground");
  }
  return deleted(
    dependent,
    has(object, orphan) ? "Orphan" : has(object, foreground) ? "Foreground" : "Background",
  );
};

/** An owner that is being deleted lets its dependents go, or waits for them: then it goes itself. */
const judgeOwner = (
  owner: Dependent,
  state: ServerState,
  dependents: Dependents,
): readonly ServerRequest[] => {
  const { object } = owner;
  if (!isEnding(object)) return [];
  const own = dependentsOf(dependents, state, object);
  const refers = ({ uid }: Owner): boolean => uid === object.metadata.uid;
  if (has(object, orphan)) {
    return own.length === 0
      ? withoutFinalizer(owner, orphan)
      : own.flatMap((dependent) => withoutOwners(dependent, ownersOf(dependent.object).filter(refers)));
  }
  if (!has(object, foreground)) return [];
  const isBlocked = own.some(({ object: each }) =>
    ownersOf(each).some((reference) => refers(reference) && reference.isBlocked)
  );
  return isBlocked
    ? own.flatMap((dependent) => judge(dependent, state, dependents))
    : withoutFinalizer(owner, foreground);
};

const keyOfDependent = (resource: string, { metadata }: ApiObject): string =>
  `${resource}/${keyOf(metadata.namespace, metadata.name)}`;

/** What a change may have decided on: as a dependent, as an owner. */
interface Concerned {
  readonly objects: Map<string, Dependent>;
  readonly owners: Map<string, Dependent>;
}

const addConcerned = (
  { objects, owners }: Concerned,
  { resource, type, object, previous }: Change,
  state: ServerState,
  dependents: Dependents,
): void => {
  const self: Dependent = { resource, object }, key = keyOfDependent(resource, object);
  const isOther = previous === undefined || !sameOwners(previous, object);
  if (type === "DELETED") {
    for (const dependent of dependentsOf(dependents, state, object)) {
      objects.set(keyOfDependent(dependent.resource, dependent.object), dependent);
    }
  } else {
    if (object.metadata.ownerReferences !== undefined && isOther) objects.set(key, self);
    if (isEnding(object)) owners.set(key, self);
  }
  // its owners may be waiting for it to go, or to be another's
  if (type !== "DELETED" && !isOther) return;
  for (const reference of ownersOf(previous ?? object)) {
    const owner = ownerIn(state, object, reference);
    if (owner === undefined || !isEnding(owner)) continue;
    const ofOwner = resourceOfOwner(reference);
    if (ofOwner !== undefined) {
      owners.set(keyOfDependent(ofOwner, owner), { resource: ofOwner, object: owner });
    }
  }
};

/** As it is now: between a change and this call there may have been others. */
const latest = (state: ServerState, key: string, { resource, object }: Dependent): readonly Dependent[] => {
  const now = objectAt(objectsOf(state, resource), key.slice(resource.length + 1));
  return now === undefined || now.metadata.uid !== object.metadata.uid ? [] : [{ resource, object: now }];
};

/** Nothing is owned otherwise by it, and nothing goes. */
const isQuiet = ({ type, object, previous }: Change): boolean =>
  type === "MODIFIED" && previous !== undefined && !isEnding(object) && sameOwners(previous, object);

const nothing: readonly ServerRequest[] = [];

/**
 * What is owned goes with its owners: in the background after them, in the foreground before them, or not at all (orphans).
 * Of owners of kinds that are not served here nothing is known, so that what they own stays.
 */
export const garbageCollection: Controller<Dependents> = {
  name: "garbage-collection",
  looksAt: "*",
  start: noDependents,
  reconcile: (memory, { state }, all) => {
    const changes = all.filter((change) => !isQuiet(change));
    if (changes.length === 0) return { memory, requests: nothing };
    const dependents = changes.reduce(withDependent, memory);
    const concerned: Concerned = { objects: new Map(), owners: new Map() };
    for (const change of changes) addConcerned(concerned, change, state, dependents);
    const requests = [
      ...[...concerned.objects].flatMap(([key, each]) => latest(state, key, each))
        .flatMap((each) => judge(each, state, dependents)),
      ...[...concerned.owners].flatMap(([key, each]) => latest(state, key, each))
        .flatMap((each) => judgeOwner(each, state, dependents)),
    ];
    return { memory: dependents, requests };
  },
};
