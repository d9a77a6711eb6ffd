import type { Uid } from "../kubernetes/meta.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { Seen } from "../seen.ts";
import { insertAt, lookup, removeAt } from "../table.ts";
import type { ObjectKey } from "./key.ts";
import { newObjectEntry, type ObjectEntry, type Objects } from "./objects.ts";
import { type Needs, needsObjects, referencesOf } from "./references.ts";

const noKeys: readonly ObjectKey[] = [];

const withEntry = (objects: Objects, key: ObjectKey, entry: ObjectEntry): Objects => ({
  ...objects,
  entries: insertAt(objects.entries, key, entry),
});

/** The first user, or the last one to go, calls for something to be done. */
const pending = (objects: Objects, key: ObjectKey): Objects =>
  objects.pending.includes(key) ? objects : { ...objects, pending: [...objects.pending, key] };

const addUser = (objects: Objects, key: ObjectKey, uid: Uid): Objects => {
  const entry = lookup(objects.entries, key) ?? newObjectEntry(key);
  const next = withEntry(objects, key, { ...entry, users: insertAt(entry.users, uid, uid) });
  return entry.users.size === 0 ? pending(next, key) : next;
};

const dropUser = (objects: Objects, key: ObjectKey, uid: Uid): Objects => {
  const entry = lookup(objects.entries, key);
  if (entry === undefined) return objects;
  const users = removeAt(entry.users, uid);
  const next = withEntry(objects, key, { ...entry, users });
  return users.size === 0 ? pending(next, key) : next;
};

/** What a pod refers to, while it may still be given something. A pod that cannot be read keeps what it had. */
const keysOf = (
  objects: Objects,
  desired: Seen<Pod>,
  needs: Needs,
  before: readonly ObjectKey[],
): readonly ObjectKey[] => {
  if (desired._tag === "Unknown") return before;
  const isLive = desired._tag === "Present" && needsObjects(desired.value);
  return isLive ? referencesOf(desired.value, needs, objects) : noKeys;
};

/**
 * The objects with the pod as their user: of what it now refers to, and no longer of `before`. Gives back the keys, for
 * the next time.
 */
export const refer = (
  objects: Objects,
  uid: Uid,
  desired: Seen<Pod>,
  needs: Needs,
  before: readonly ObjectKey[] = noKeys,
): readonly [Objects, readonly ObjectKey[]] => {
  if (!objects.read) return [objects, noKeys];
  const keys = keysOf(objects, desired, needs, before);
  const added = keys.filter((key) => !before.includes(key));
  const dropped = before.filter((key) => !keys.includes(key));
  if (added.length === 0 && dropped.length === 0) return [objects, before];
  const without = dropped.reduce((all, key) => dropUser(all, key, uid), objects);
  const next = added.reduce((all, key) => addUser(all, key, uid), without);
  // of equal texts one: there are many pods
  return [next, keys.map((key) => lookup(next.entries, key)?.key ?? key)];
};
