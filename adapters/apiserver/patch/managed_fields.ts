import type { Now } from "../../../core/time.ts";
import { isList, isObject } from "../kinds/fields.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { difference, type FieldSet, isEmpty, noFields, union } from "./field_set.ts";
import {
  capped,
  idOf,
  type Manager,
  type Managers,
  noManagers,
  readManagers,
  timeOf,
  writeManagers,
} from "./managers.ts";
import { sameJson } from "../same_json.ts";
import { afterWrite, changesOf, setBy } from "./ownership.ts";
import { reachable, withoutIdentity } from "./reset_fields.ts";

export interface RecordedUpdate {
  /** Absent on a create. */
  readonly before: ApiObject | undefined;
  /** With `metadata.managedFields` as the client sent them. */
  readonly after: ApiObject;
  /** The query `fieldManager`, or the program of the user agent. */
  readonly manager: string;
  readonly subresource: string;
  readonly kind: Kind;
  readonly now: Now;
}

/** `[]` or `[{}]`: the client wants ownership to be forgotten. */
const isReset = (managedFields: Json | undefined): boolean =>
  isList(managedFields) &&
  (managedFields.length === 0 ||
    (managedFields.length === 1 && isObject(managedFields[0]) && Object.keys(managedFields[0]).length === 0));

/** What the client sends, when that can be read and is not empty; else what is there. */
const managersOf = ({ before, after, subresource }: RecordedUpdate): Managers => {
  const live = readManagers(before?.metadata.managedFields) ?? noManagers;
  if (subresource !== "") return live;
  const { managedFields } = after.metadata;
  if (isReset(managedFields)) return noManagers;
  const sent = managedFields === before?.metadata.managedFields ? live : readManagers(managedFields);
  return sent === undefined || sent.size === 0 ? live : sent;
};

const withEntries = (object: ApiObject, managedFields: readonly JsonObject[] | undefined): ApiObject => {
  if (managedFields !== undefined) return { ...object, metadata: { ...object.metadata, managedFields } };
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

export const withManagers = (object: ApiObject, managers: Managers): ApiObject => {
  return withEntries(object, managers.size === 0 ? undefined : writeManagers(managers));
};

/** The managers after one of them has made `after` of `before`. */
export const updated = (
  { kind, manager, subresource, now }: Omit<RecordedUpdate, "before" | "after">,
  managers: Managers,
  before: Json,
  after: Json,
): Managers => {
  const changes = changesOf(kind, subresource, before, after);
  const own: Manager = {
    manager: manager === "" ? "unknown" : manager,
    operation: "Update",
    apiVersion: apiVersionOf(kind),
    subresource,
    time: timeOf(now),
    fields: withoutIdentity(reachable(kind, subresource, setBy(changes))),
  };
  const id = idOf(own), earlier = managers.get(id);
  const others = afterWrite(managers, id, changes);
  const kept = earlier === undefined ? noFields : difference(earlier.fields, changes.removed);
  if (isEmpty(own.fields)) return earlier === undefined ? others : withFields(others, id, earlier, kept);
  const next = new Map(others);
  next.set(id, { ...own, fields: union(kept, own.fields) });
  return capped(next);
};

const withFields = (managers: Managers, id: string, manager: Manager, fields: FieldSet): Managers => {
  if (fields === manager.fields) return managers;
  const next = new Map(managers);
  if (isEmpty(fields)) next.delete(id);
  else next.set(id, { ...manager, fields });
  return next;
};

/**
 * The object with `metadata.managedFields` after a create, an update or a patch that is no apply: the manager owns what it
 * has set, the others lose it. Call it with the object as the client and the defaults make it, before anything else of the
 * server changes it. What a client sends as `managedFields` counts on a write of the object itself: `[{}]` forgets them, and
 * an object whose owners are forgotten gets none by updates, until somebody applies. Costs as much as what has changed.
 */
export const recordUpdate = (write: RecordedUpdate): ApiObject => {
  const { before, after } = write;
  const managers = managersOf(write);
  if (before !== undefined && managers.size === 0) return withManagers(after, noManagers);
  return withManagers(after, updated(write, managers, before ?? {}, after));
};

/** `object` with the owners of another. */
export const withOwnersOf = (object: ApiObject, { metadata: { managedFields } }: ApiObject): ApiObject => {
  return object.metadata.managedFields === managedFields ? object : withEntries(object, managedFields);
};

const timeless = ({ metadata: { managedFields = [] } }: ApiObject): Json =>
  managedFields.map(({ time: _, ...entry }) => entry);

/** `next` with the owners of `before` when only their times differ: a time alone is no change. */
export const withoutNews = (next: ApiObject, before: ApiObject): ApiObject =>
  next.metadata.managedFields !== before.metadata.managedFields && sameJson(timeless(next), timeless(before))
    ? withOwnersOf(next, before)
    : next;
