import type { Now } from "../../core/time.ts";
import { firstExpiry, withExpiry, withoutExpiry } from "./expiring.ts";
import { changesAfter, remember } from "./history.ts";
import { type Kind, resourceOf } from "./kind.ts";
import type { ApiObject } from "./object.ts";
import { keyOf, objectAt, type Objects, visitAfter, withObject, withoutObject } from "./objects.ts";
import type { Change } from "./response.ts";
import { objectsOf, type ServerState } from "./state.ts";

/** What the store must know of a kind. */
export type Filed = Pick<Kind, "group" | "plural" | "stored" | "lifeMs">;

/** The resource under which the objects of a kind are kept: its own, unless it is another face of one. */
export const fileOf = (kind: Pick<Filed, "group" | "plural" | "stored">): string =>
  kind.stored?.resource ?? resourceOf(kind);

const shown = (stored: Kind["stored"], object: ApiObject): ApiObject =>
  stored === undefined ? object : stored.fromStored(object);

/** The object of this name, in the form of `kind`. Without a namespace for what has none. */
export const lookup = (
  state: ServerState,
  kind: Filed,
  namespace: string | undefined,
  name: string,
): ApiObject | undefined => {
  const object = objectAt(objectsOf(state, fileOf(kind)), keyOf(namespace, name));
  return object === undefined ? undefined : shown(kind.stored, object);
};

/** Every object of a resource (`pods`, `leases.coordination.k8s.io`), of one namespace when it is given, in order. */
export const listed = (state: ServerState, resource: string, namespace?: string): readonly ApiObject[] => {
  const found: ApiObject[] = [];
  const prefix = namespace === undefined || namespace === "" ? "" : `${namespace}/`;
  visitAfter(objectsOf(state, resource), prefix, (key, object) => {
    if (!key.startsWith(prefix)) return false;
    found.push(object);
    return true;
  });
  return found;
};

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);

const changed = (state: ServerState, change: Change, objects: Objects, now: Now): ServerState => ({
  ...state,
  revision: change.revision,
  objects: { ...state.objects, [change.resource]: objects },
  history: remember(state.history, change, now.mono, {
    limit: state.settings.historyLimit,
    maxAgeMs: state.settings.historyMs,
  }),
});

const versioned = (object: ApiObject, revision: number): ApiObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: `${revision}` },
});

export interface Put {
  readonly state: ServerState;
  /** As it is stored now, with its resourceVersion, in the form of the kind that it was put as. */
  readonly object: ApiObject;
  readonly change: Change;
}

/** Stores a new object, or another in place of the one of its name: assigns the resourceVersion and nothing else. */
export const putObject = (state: ServerState, kind: Filed, object: ApiObject, now: Now): Put => {
  const revision = state.revision + 1;
  const resource = fileOf(kind);
  const stored = versioned(kind.stored === undefined ? object : kind.stored.toStored(object), revision);
  const key = keyOfObject(stored);
  const objects = objectsOf(state, resource);
  const previous = objectAt(objects, key);
  const change: Change = previous === undefined
    ? { revision, resource, type: "ADDED", object: stored }
    : { revision, resource, type: "MODIFIED", object: stored, previous };
  const next = changed(state, change, withObject(objects, key, stored), now);
  return {
    state: kind.lifeMs === undefined ? next : withLife(next, kind.lifeMs(state.settings), change, key, now),
    object: shown(kind.stored, stored),
    change,
  };
};

const withLife = (
  state: ServerState,
  lifeMs: number,
  { revision, resource, previous }: Change,
  key: string,
  now: Now,
): ServerState => {
  const rest = previous === undefined
    ? state.expiring
    : withoutExpiry(state.expiring, Number(previous.metadata.resourceVersion));
  return { ...state, expiring: withExpiry(rest, revision, { resource, key, at: now.mono + lifeMs }) };
};

export interface Removed {
  readonly state: ServerState;
  readonly change: Change;
}

const removeAt = (state: ServerState, resource: string, stored: ApiObject, now: Now): Removed => {
  const revision = state.revision + 1;
  const objects = objectsOf(state, resource), key = keyOfObject(stored);
  const previous = objectAt(objects, key) ?? stored;
  const change: Change = {
    revision,
    resource,
    type: "DELETED",
    object: versioned(stored, revision),
    previous,
  };
  const next = changed(state, change, withoutObject(objects, key), now);
  const expiring = withoutExpiry(next.expiring, Number(previous.metadata.resourceVersion));
  return { state: expiring === next.expiring ? next : { ...next, expiring }, change };
};

/** Removes an object that is stored; what is told is the object as it is given here. */
export const removeObject = (state: ServerState, kind: Filed, object: ApiObject, now: Now): Removed =>
  removeAt(state, fileOf(kind), kind.stored === undefined ? object : kind.stored.toStored(object), now);

/** At most as many as this go at once, so that no request pays for a day of Events. */
const expiriesAtOnce = 200;

export interface Expired {
  readonly state: ServerState;
  readonly changes: readonly Change[];
}

/** Without the objects whose life is over. */
export const expire = (state: ServerState, now: Now): Expired => {
  const changes: Change[] = [];
  let next = state;
  while (changes.length < expiriesAtOnce) {
    const expiry = firstExpiry(next.expiring);
    if (expiry === undefined || expiry.at > now.mono) break;
    const object = objectAt(objectsOf(next, expiry.resource), expiry.key);
    // every removal takes its expiry along, so that an expiry has its object
    if (object === undefined) break;
    const removed = removeAt(next, expiry.resource, object, now);
    next = removed.state;
    changes.push(removed.change);
  }
  return { state: next, changes };
};

/**
 * The objects of a resource as they were at a revision: today's with the changes since then undone. `undefined` when the
 * history does not reach back so far.
 */
export const objectsAtRevision = (
  state: ServerState,
  resource: string,
  revision: number,
): Objects | undefined => {
  const objects = objectsOf(state, resource);
  if (revision >= state.revision) return objects;
  if (revision < state.history.compacted) return undefined;
  const undone = changesAfter(state.history, revision).filter((change) => change.resource === resource);
  return undone.reduceRight((later, { object, previous }) => {
    const key = keyOfObject(object);
    return previous === undefined ? withoutObject(later, key) : withObject(later, key, previous);
  }, objects);
};
