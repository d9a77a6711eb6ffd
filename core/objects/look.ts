import type { ObjectAction } from "../action.ts";
import { nextDeadline, popDeadline, pushDeadline } from "../deadlines.ts";
import { insertAt, lookup, removeAt } from "../table.ts";
import type { Millis, Now } from "../time.ts";
import { type ObjectKey, partsOfKey, readRequest, sourceOfKey } from "./key.ts";
import { isFrozen, type ObjectEntry, type Objects } from "./objects.ts";
import type { ObjectPolicy } from "./policy.ts";

/** The objects after a look, and what is to be done. */
export interface ObjectsPlan {
  readonly objects: Objects;
  readonly actions: readonly ObjectAction[];
}

const put = (objects: Objects, key: ObjectKey, entry: ObjectEntry): Objects => {
  const { wakeAt } = entry;
  const deadlines = wakeAt === undefined || wakeAt === lookup(objects.entries, key)?.wakeAt
    ? objects.deadlines
    : pushDeadline(objects.deadlines, wakeAt, key);
  return { ...objects, deadlines, entries: insertAt(objects.entries, key, entry) };
};

const idle = (objects: Objects): ObjectsPlan => ({ objects, actions: [] });

const forget = (objects: Objects, key: ObjectKey, entry: ObjectEntry): ObjectsPlan => ({
  objects: {
    ...objects,
    entries: removeAt(objects.entries, key),
    watches: objects.watches - (entry.watched ? 1 : 0),
  },
  actions: entry.watched ? [{ _tag: "UnwatchObject", key }] : [],
});

const read = (objects: Objects, key: ObjectKey, entry: ObjectEntry): ObjectsPlan => ({
  objects: put(objects, key, { ...entry, reading: true, wakeAt: undefined }),
  actions: [{ _tag: "ReadObject", key, request: readRequest(key) }],
});

const watch = (
  objects: Objects,
  key: ObjectKey,
  entry: ObjectEntry,
  policy: ObjectPolicy,
  now: Now,
): ObjectsPlan => {
  const wakeAt = entry.items === undefined ? now.mono + policy.patienceMs : undefined;
  return {
    objects: {
      ...put(objects, key, { ...entry, watched: true, wakeAt }),
      watches: objects.watches + 1,
    },
    actions: [{ _tag: "WatchObject", key }],
  };
};

/** Nobody needs it: secrets are not kept for a moment, what is shared by many may be needed again soon. */
const unused = (
  objects: Objects,
  key: ObjectKey,
  entry: ObjectEntry,
  policy: ObjectPolicy,
  now: Now,
  isNew: boolean,
): ObjectsPlan => {
  const { kind } = partsOfKey(key);
  const isSecret = kind === "Secret" || kind === "ServiceAccountToken";
  return isSecret || !isNew
    ? forget(objects, key, entry)
    : idle(put(objects, key, { ...entry, wakeAt: now.mono + policy.lingerMs }));
};

const release = (objects: Objects, key: ObjectKey, entry: ObjectEntry): ObjectsPlan => ({
  objects: {
    ...put(objects, key, { ...entry, watched: false, wakeAt: undefined }),
    watches: objects.watches - 1,
  },
  actions: [{ _tag: "UnwatchObject", key }],
});

/** What one key needs now. `isNew`: it has just got its first user, or lost its last one. */
const lookAtKey = (
  objects: Objects,
  key: ObjectKey,
  policy: ObjectPolicy,
  now: Now,
  isNew: boolean,
): ObjectsPlan => {
  const entry = lookup(objects.entries, key);
  if (entry === undefined) return idle(objects);
  if (entry.users.size === 0) return unused(objects, key, entry, policy, now, isNew);
  if (isFrozen(entry)) return entry.watched ? release(objects, key, entry) : idle(objects);
  const watchable = sourceOfKey(key) !== undefined;
  if (watchable && !entry.watched && objects.watches < policy.maxWatches) {
    return watch(objects, key, entry, policy, now);
  }
  if (entry.watched && entry.items !== undefined) {
    return idle(put(objects, key, { ...entry, wakeAt: undefined }));
  }
  // what is known and need not be looked at again
  if (!watchable && !isNew && entry.items !== undefined && entry.wakeAt === undefined) return idle(objects);
  const early = !isNew && entry.wakeAt !== undefined && entry.wakeAt > now.mono;
  return entry.reading || early ? idle(objects) : read(objects, key, entry);
};

/** Without deadlines that their key no longer asks for. */
const current = (objects: Objects): Objects => {
  let { deadlines } = objects;
  for (;;) {
    const next = nextDeadline(deadlines);
    if (next === undefined || lookup(objects.entries, next.key)?.wakeAt === next.at) break;
    deadlines = popDeadline(deadlines);
  }
  return deadlines === objects.deadlines ? objects : { ...objects, deadlines };
};

/** Decides what is watched, read and forgotten; looks only at what has changed and what is due. */
export const lookAtObjects = (before: Objects, policy: ObjectPolicy, now: Now): ObjectsPlan => {
  const actions: ObjectAction[] = [];
  let objects = before;
  const take = (key: ObjectKey, isNew: boolean): void => {
    const plan = lookAtKey(objects, key, policy, now, isNew);
    actions.push(...plan.actions);
    objects = plan.objects;
  };
  for (const key of before.pending) take(key, true);
  if (before.pending.length > 0) objects = { ...objects, pending: [] };
  for (;;) {
    objects = current(objects);
    const due = nextDeadline(objects.deadlines);
    if (due === undefined || due.at > now.mono) return { objects, actions };
    objects = { ...objects, deadlines: popDeadline(objects.deadlines) };
    take(due.key, false);
  }
};

/** When {@link lookAtObjects} is due again. */
export const objectsWakeAt = ({ deadlines }: Objects): Millis | undefined => nextDeadline(deadlines)?.at;
