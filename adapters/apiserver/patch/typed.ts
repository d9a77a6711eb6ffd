import { field, isList, isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import type { Type } from "../schema/types.ts";

/**
 * How a value is owned. `Leaf`: as a whole (scalars, atomic lists and maps, what the schema does not know). `Entries`: by its
 * fields or entries. `Items`: by items, each under a step of its own.
 */
export type Owned =
  | { readonly _tag: "Leaf" }
  | { readonly _tag: "Entries"; readonly value: JsonObject; readonly type: Type }
  | {
    readonly _tag: "Items";
    readonly value: readonly Json[];
    readonly type: Type & { readonly _tag: "List" };
  };

const leaf: Owned = { _tag: "Leaf" };

const nothing: JsonObject = {};

/** `null` counts as an empty list or map. */
export const ownedAs = (type: Type | undefined, value: Json | undefined): Owned => {
  if (type === undefined) return leaf;
  switch (type._tag) {
    case "Scalar":
      return leaf;
    case "Struct":
    case "Map":
      if (type.atomic || (value !== null && !isObject(value))) return leaf;
      return { _tag: "Entries", value: value ?? nothing, type };
    case "List":
      if (type.topology === "atomic" || (value !== null && !isList(value))) return leaf;
      return { _tag: "Items", value: value ?? [], type };
  }
};

/** The type of an entry: of a field that the struct has, or of any entry of a map. */
export const entryType = (type: Type, name: string): Type | undefined =>
  type._tag === "Struct" ? type.struct.fields.get(name)?.type : type._tag === "Map" ? type.item : undefined;

/** Whether a step names a field of a struct, and no entry of a map. */
export const isNamedField = (type: Type | undefined, name: string): boolean =>
  type?._tag === "Struct" && type.struct.fields.has(name);

const fallbackOf = (type: Type, key: string): Json | undefined => {
  const found = type._tag === "Struct" ? type.struct.fields.get(key) : undefined;
  if (found === undefined) return undefined;
  if (found.fallback !== undefined) return found.fallback;
  if (found.pointer || !found.always || found.type._tag !== "Scalar") return undefined;
  return found.type.atom === "string" ? "" : found.type.atom === "bool" ? false : 0;
};

/** The step to an item of a list; nothing when the item has none of its keys. */
export const itemStep = (type: Type & { readonly _tag: "List" }, item: Json): string | undefined => {
  if (type.topology === "set") {
    return typeof item === "object" && item !== null ? undefined : `v:${JSON.stringify(item)}`;
  }
  if (!isObject(item)) return undefined;
  const keys: Record<string, Json> = {};
  for (const key of type.keys) {
    const value = field(item, key) ?? fallbackOf(type.item, key);
    if (value !== undefined) keys[key] = value;
  }
  return Object.keys(keys).length === 0 ? undefined : `k:${JSON.stringify(keys)}`;
};

/** The items by their steps, in order; those without keys are left out, those with the same keys come together. */
export const itemsByStep = (
  type: Type & { readonly _tag: "List" },
  items: readonly Json[],
): ReadonlyMap<string, readonly Json[]> => {
  const found = new Map<string, Json[]>();
  for (const item of items) {
    const step = itemStep(type, item);
    if (step === undefined) continue;
    const same = found.get(step);
    if (same === undefined) found.set(step, [item]);
    else same.push(item);
  }
  return found;
};

/** The type of what is below a step. */
export const stepType = (type: Type | undefined, step: string): Type | undefined =>
  type === undefined
    ? undefined
    : step.startsWith("f:")
    ? entryType(type, step.slice(2))
    : type._tag === "List"
    ? type.item
    : undefined;
