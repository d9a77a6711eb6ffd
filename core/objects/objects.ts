import type { Deadlines } from "../deadlines.ts";
import type { Uid } from "../kubernetes/meta.ts";
import { absent, type Seen, unknown } from "../seen.ts";
import { emptyTable, lookup, type Table } from "../table.ts";
import type { Millis } from "../time.ts";
import type { ObjectKey, ReferredObject } from "./key.ts";

/** What is known of one key, and who needs it. */
export interface ObjectEntry {
  readonly key: ObjectKey;
  /** By name. `undefined`: not read yet. One that could not be decoded is unknown. */
  readonly items: ReadonlyMap<string, Seen<ReferredObject>> | undefined;
  /** Why it could not be read, when it was last asked for. */
  readonly fault: string | undefined;
  /** The pods that refer to it. */
  readonly users: Table<Uid>;
  readonly watched: boolean;
  /** A read is under way. */
  readonly reading: boolean;
  /** Reads that failed in a row. */
  readonly failures: number;
  /** When it has to be looked at again (`mono`): read, or forgotten. */
  readonly wakeAt: Millis | undefined;
}

/** Everything that the node's pods refer to. */
export interface Objects {
  /** `false`: nothing is ever read, and everything counts as absent. */
  readonly read: boolean;
  readonly entries: Table<ObjectEntry>;
  /** How many of them are watched. */
  readonly watches: number;
  /** Keys that were first needed, or are no longer needed, since the last step. */
  readonly pending: readonly ObjectKey[];
  /** @ignore */
  readonly deadlines: Deadlines;
}

/** Nothing is known of any object. */
export const noObjects = (read: boolean): Objects => ({
  read,
  entries: emptyTable,
  watches: 0,
  pending: [],
  deadlines: undefined,
});

/** Nobody needs it, and nothing is known of it. */
export const newObjectEntry = (key: ObjectKey): ObjectEntry => ({
  key,
  items: undefined,
  fault: undefined,
  users: emptyTable,
  watched: false,
  reading: false,
  failures: 0,
  wakeAt: undefined,
});

/** What is known of the objects of a key, by name. */
export const seeAll = (
  objects: Objects,
  key: ObjectKey,
): Seen<ReadonlyMap<string, Seen<ReferredObject>>> => {
  if (!objects.read) return absent;
  const items = lookup(objects.entries, key)?.items;
  return items === undefined ? unknown : { _tag: "Present", value: items };
};

/** What is known of one object. */
export const seeObject = (objects: Objects, key: ObjectKey, name: string): Seen<ReferredObject> => {
  const all = seeAll(objects, key);
  return all._tag === "Present" ? all.value.get(name) ?? absent : all;
};

/** One object that will never change: there is nothing more to be told of it. */
export const isFrozen = ({ items }: ObjectEntry): boolean => {
  const [only] = items?.size === 1 ? items.values() : [];
  return only?._tag === "Present" && "immutable" in only.value && only.value.immutable;
};
