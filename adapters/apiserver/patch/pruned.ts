import type { JsonObject } from "../object.ts";
import type { Type } from "../schema/types.ts";
import { difference, type FieldSet, intersection, union } from "./field_set.ts";
import { fieldSetOf, withNamedFields } from "./field_set_of.ts";
import { without } from "./without.ts";

/**
 * The merged object without what its applier had applied the last time (`last`) and does not any more, except what is owned by
 * anybody (`owned`, with what the applier owns now).
 */
export const pruned = (
  type: Type | undefined,
  merged: JsonObject,
  last: FieldSet,
  owned: FieldSet,
): JsonObject => {
  const named = (set: FieldSet): FieldSet => withNamedFields(set, type);
  const namedSet = (object: JsonObject): FieldSet => named(fieldSetOf(type, object));
  const removed = (set: FieldSet): JsonObject => (without(type, merged, set) ?? {}) as JsonObject;
  const all = namedSet(merged);
  const rest = namedSet(removed(named(last)));
  const withOwned = namedSet(removed(difference(all, union(rest, named(owned)))));
  // what nobody ever owned stays, also where what it stood in goes
  return removed(intersection(difference(all, withOwned), named(last)));
};
