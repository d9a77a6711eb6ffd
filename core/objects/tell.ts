import { type Backoff, backoffMs } from "../backoff.ts";
import { pushDeadline } from "../deadlines.ts";
import type { Fault } from "../fault.ts";
import { hash32 } from "../hash.ts";
import type { BadItem } from "../kubernetes/decode.ts";
import { present, type Seen, unknown } from "../seen.ts";
import { insertAt, lookup } from "../table.ts";
import type { Millis, Now } from "../time.ts";
import { type ObjectKey, partsOfKey, type ReferredObject } from "./key.ts";
import { isFrozen, type ObjectEntry, type Objects } from "./objects.ts";
import type { ObjectPolicy } from "./policy.ts";

/** Somebody waits: soon again, and never long. */
const readBackoff: Backoff = { baseMs: 500, capMs: 30_000, jitter: 0.25 };

type Items = ReadonlyMap<string, Seen<ReferredObject>>;

const update = (objects: Objects, key: ObjectKey, change: (entry: ObjectEntry) => ObjectEntry): Objects => {
  const entry = lookup(objects.entries, key);
  if (entry === undefined) return objects;
  const next = change(entry);
  const { wakeAt } = next;
  const deadlines = wakeAt === undefined || wakeAt === entry.wakeAt
    ? objects.deadlines
    : pushDeadline(objects.deadlines, wakeAt, key);
  const told = { ...objects, deadlines, entries: insertAt(objects.entries, key, next) };
  return next.watched && isFrozen(next) ? { ...told, pending: [...told.pending, key] } : told;
};

/** Names and types of fields, never what is in them. */
const unreadable = (bad: BadItem): string => `it cannot be read: ${bad.problems.join("; ")}`;

/** What was not watched, or not told of yet, is known now: it need not be read any more. */
const known = (entry: ObjectEntry, items: Items, fault: string | undefined): ObjectEntry => ({
  ...entry,
  items,
  fault,
  failures: 0,
  // a time to be forgotten stays
  wakeAt: entry.users.size > 0 && entry.watched ? undefined : entry.wakeAt,
});

const itemsOf = (items: readonly ReferredObject[], bad: readonly BadItem[]): Items =>
  new Map<string, Seen<ReferredObject>>([
    ...items.map((item) => [item.metadata.name, present(item)] as const),
    ...bad.map((item) => [item.name, unknown] as const),
  ]);

/** All that there is of the key. */
export const toldAll = (
  objects: Objects,
  key: ObjectKey,
  items: readonly ReferredObject[],
  bad: readonly BadItem[],
): Objects => update(objects, key, (entry) => known(entry, itemsOf(items, bad), bad.map(unreadable)[0]));

/** One of the key is new, or has changed. */
export const toldOne = (objects: Objects, key: ObjectKey, item: ReferredObject): Objects =>
  update(
    objects,
    key,
    (entry) => known(entry, new Map(entry.items).set(item.metadata.name, present(item)), undefined),
  );

/** One of the key is there, and not understood. */
export const toldBad = (objects: Objects, key: ObjectKey, bad: BadItem): Objects =>
  update(objects, key, (entry) => known(entry, new Map(entry.items).set(bad.name, unknown), unreadable(bad)));

/** One of the key is gone. */
export const toldGone = (objects: Objects, key: ObjectKey, name: string): Objects =>
  update(objects, key, (entry) => {
    const items = new Map(entry.items);
    items.delete(name);
    return known(entry, items, undefined);
  });

const dayMs: Millis = 86_400_000;

/** Pods that were begun together do not ask together. */
const spreadMs: Millis = 10_000;

/** How often is looked whether a claim has been bound. */
const boundMs: Millis = 5_000;

/**
 * A token is asked for again after 80 % of its life, as the kubelet does it, and after a day at the latest; a claim until it
 * is bound, for then it stays so.
 */
const nextReadMs = (
  key: ObjectKey,
  items: readonly ReferredObject[],
  policy: ObjectPolicy,
): Millis | undefined => {
  const [one] = items;
  switch (one?.kind) {
    case "ServiceAccountToken":
      return Math.max(
        policy.patienceMs,
        Math.min(dayMs, 0.8 * one.lifeMs) - hash32(key) % spreadMs,
      );
    case "PersistentVolumeClaim":
      return one.phase === "Bound" ? undefined : boundMs;
    case "PersistentVolume":
      return undefined;
    default:
      return policy.pollMs;
  }
};

/** The answer to a read; a watch that has told meanwhile knows better. */
export const readDone = (
  objects: Objects,
  key: ObjectKey,
  items: readonly ReferredObject[],
  bad: readonly BadItem[],
  policy: ObjectPolicy,
  now: Now,
): Objects =>
  update(objects, key, (entry) => {
    const nextMs = nextReadMs(key, items, policy);
    const next = nextMs === undefined ? undefined : now.mono + nextMs;
    const wakeAt = entry.watched || entry.users.size === 0 ? entry.wakeAt : next;
    const answered = { ...entry, reading: false, wakeAt };
    return entry.watched && entry.items !== undefined
      ? answered
      : { ...known(answered, itemsOf(items, bad), bad.map(unreadable)[0]), wakeAt };
  });

const isClaim = (key: ObjectKey): boolean => partsOfKey(key).kind.startsWith("PersistentVolume");

/** A read that failed is repeated with back-off, unless a watch has told meanwhile. What is known stays known. */
export const readFailed = (objects: Objects, key: ObjectKey, fault: Fault, now: Now): Objects =>
  update(objects, key, (entry) => {
    if (entry.users.size === 0 || (entry.watched && entry.items !== undefined)) {
      return { ...entry, reading: false };
    }
    // of what is read by its own path that is an answer
    if (fault._tag === "NotFound" && isClaim(key)) {
      return { ...known(entry, new Map(), undefined), reading: false, wakeAt: now.mono + boundMs };
    }
    const failures = entry.failures + 1;
    const asked = fault._tag === "Throttled" ? fault.retryAfterMs ?? 0 : 0;
    const wakeAt = now.mono + Math.max(asked, backoffMs(readBackoff, failures, key));
    return {
      ...entry,
      reading: false,
      fault: `${fault._tag}: ${fault.message}`,
      failures,
      wakeAt,
    };
  });
