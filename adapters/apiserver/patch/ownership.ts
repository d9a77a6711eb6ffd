import type { Kind } from "../kind.ts";
import type { Json } from "../object.ts";
import { structOf, typeOf } from "../schema/type_of.ts";
import type { Type } from "../schema/types.ts";
import { compare, type Comparison } from "./comparison.ts";
import { difference, type FieldSet, intersection, isEmpty, union } from "./field_set.ts";
import type { Manager, Managers } from "./managers.ts";
import { reachable } from "./reset_fields.ts";

/** The type whose fields are owned; nothing for a kind that the table does not have: such objects are owned whole. */
export const ownedType = (kind: Kind): Type | undefined => {
  const struct = structOf(kind);
  return struct === undefined ? undefined : typeOf(struct);
};

/** In what a write through a subresource changes an object, as far as it reaches. */
export const changesOf = (
  kind: Kind,
  subresource: string,
  before: Json,
  after: Json,
): Comparison => {
  const { added, modified, removed } = compare(ownedType(kind), before, after);
  return {
    added: reachable(kind, subresource, added),
    modified: reachable(kind, subresource, modified),
    removed: reachable(kind, subresource, removed),
  };
};

export const setBy = ({ added, modified }: Comparison): FieldSet => union(added, modified);

/** Of each other manager, the fields that somebody has given another value. */
export const takenFrom = (
  managers: Managers,
  by: string | undefined,
  changes: Comparison,
): ReadonlyMap<Manager, FieldSet> => {
  const set = setBy(changes);
  const taken = new Map<Manager, FieldSet>();
  if (isEmpty(set)) return taken;
  for (const [id, manager] of managers) {
    const lost = id === by ? undefined : intersection(manager.fields, set);
    if (lost !== undefined && !isEmpty(lost)) taken.set(manager, lost);
  }
  return taken;
};

/** The managers after a write of `by`: the others lose what it has changed or removed, and go when nothing is left. */
export const afterWrite = (managers: Managers, by: string | undefined, changes: Comparison): Managers => {
  const lost = union(setBy(changes), changes.removed);
  if (isEmpty(lost)) return managers;
  const next = new Map<string, Manager>();
  for (const [id, manager] of managers) {
    const fields = id === by ? manager.fields : difference(manager.fields, lost);
    if (!isEmpty(fields)) next.set(id, fields === manager.fields ? manager : { ...manager, fields });
  }
  return next;
};
