import { field } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { sameJson } from "../same_json.ts";
import type { Type } from "../schema/types.ts";
import { unsetValue } from "../schema/zero.ts";
import { type FieldSet, isEmpty, justHere, noFields, setOf, union } from "./field_set.ts";
import { entryType, itemsByStep, type Owned, ownedAs } from "./typed.ts";

/** In what a value differs from what it was. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const same: Comparison = { added: noFields, modified: noFields, removed: noFields };
const isSame = (found: Comparison): boolean =>
  isEmpty(found.added) && isEmpty(found.modified) && isEmpty(found.removed);

const joined = (inner: readonly (readonly [string, Comparison])[]): Comparison => {
  const changed = inner.filter(([, found]) => !isSame(found));
  if (changed.length === 0) return same;
  return {
    added: setOf(false, changed.map(([step, { added }]) => [step, added])),
    modified: setOf(false, changed.map(([step, { modified }]) => [step, modified])),
    removed: setOf(false, changed.map(([step, { removed }]) => [step, removed])),
  };
};

const leaf = (before: Json | undefined, after: Json | undefined): Comparison => {
  if (before === undefined) return { ...same, added: justHere };
  if (after === undefined) return { ...same, removed: justHere };
  return sameJson(before, after) ? same : { ...same, modified: justHere };
};

/** A side of a comparison: what is in it, and whether it is there at all. */
interface Side {
  readonly value: JsonObject;
  readonly exists: boolean;
}

const entryOf = ({ value, exists }: Side, type: Type, name: string): Json | undefined => {
  const own = field(value, name);
  if (own !== undefined || !exists || type._tag !== "Struct") return own;
  const known = type.struct.fields.get(name);
  return known === undefined ? undefined : unsetValue(known);
};

const entries = (type: Type, before: Side, after: Side): Comparison => {
  const inner: (readonly [string, Comparison])[] = [];
  const look = (name: string): void => {
    const old = entryOf(before, type, name), now = entryOf(after, type, name);
    if (old !== now) inner.push([`f:${name}`, compare(entryType(type, name), old, now)]);
  };
  for (const name of Object.keys(before.value)) {
    if (before.value[name] === undefined || before.value[name] !== after.value[name]) look(name);
  }
  for (const name of Object.keys(after.value)) if (!Object.hasOwn(before.value, name)) look(name);
  return inner.length === 0 ? same : joined(inner);
};

const several = (old: readonly Json[], now: readonly Json[]): Comparison => {
  if (sameJson(old, now)) return same;
  return old.length < 2
    ? { ...same, added: justHere }
    : now.length < 2
    ? { ...same, removed: justHere }
    : { ...same, modified: justHere };
};

const items = (
  type: Type & { readonly _tag: "List" },
  before: readonly Json[],
  after: readonly Json[],
): Comparison => {
  const old = itemsByStep(type, before), now = itemsByStep(type, after);
  const inner = [...new Set([...old.keys(), ...now.keys()])].map((step) => {
    const [was = [], is = []] = [old.get(step), now.get(step)];
    const found = was.length > 1 || is.length > 1 ? several(was, is) : compare(type.item, was[0], is[0]);
    return [step, found] as const;
  });
  return joined(inner);
};

const isVoid = (owned: Owned): boolean =>
  owned._tag === "Items"
    ? owned.value.length === 0
    : owned._tag === "Entries" && Object.keys(owned.value).length === 0;

const withItself = (found: Comparison, before: Json | undefined, after: Json | undefined): Comparison => {
  if (before === undefined) return { ...found, added: union(justHere, found.added) };
  if (after === undefined) return { ...found, removed: union(justHere, found.removed) };
  return found;
};

/**
 * What is new, other or gone in `after`, field by field as fields are owned. What is added or removed whole is told with
 * all that is in it. A field that the API server always has counts as there, empty. Costs nothing where both are the same
 * value.
 */
export const compare = (
  type: Type | undefined,
  before: Json | undefined,
  after: Json | undefined,
): Comparison => {
  if (before === after) return same;
  const old = ownedAs(type, before ?? null), now = ownedAs(type, after ?? null);
  if (old._tag === "Leaf" || now._tag === "Leaf" || (isVoid(old) && isVoid(now))) return leaf(before, after);
  if (old._tag === "Items" && now._tag === "Items") {
    return withItself(items(now.type, old.value, now.value), before, after);
  }
  if (old._tag === "Entries" && now._tag === "Entries") {
    const sides = [{ value: old.value, exists: before !== undefined }, {
      value: now.value,
      exists: after !== undefined,
    }] as const;
    return withItself(entries(now.type, ...sides), before, after);
  }
  return leaf(before, after);
};
