import type { Json, JsonObject } from "../object.ts";
import { zeroOf } from "../schema/scalars.ts";
import type { Field, Struct, Type } from "../schema/types.ts";
import { field as fieldOf, isList, isObject } from "./fields.ts";

/** What stands for a field that is encoded also when nobody set it. */
const zeroOfField = ({ pointer, type }: Field): Json => {
  if (pointer) return null;
  switch (type._tag) {
    case "Scalar":
      return zeroOf(type.atom);
    case "Struct":
      return filledStruct(type.struct, {});
    case "List":
    case "Map":
      return null;
  }
};

const filledItems = (item: Type, list: readonly Json[]): readonly Json[] => {
  const next = list.map((value) => filledValue(item, value));
  return next.every((value, index) => value === list[index]) ? list : next;
};

const filledEntries = (item: Type, map: JsonObject): JsonObject => {
  if (item._tag === "Scalar") return map;
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, filledValue(item, value ?? null)]),
  );
};

const filledValue = (type: Type, value: Json): Json => {
  switch (type._tag) {
    case "Scalar":
      return value;
    case "List":
      return isList(value) && type.item._tag !== "Scalar" ? filledItems(type.item, value) : value;
    case "Map":
      return isObject(value) ? filledEntries(type.item, value) : value;
    case "Struct":
      return isObject(value) ? filledStruct(type.struct, value) : value;
  }
};

/** Managed fields are another's, and most of an object: nothing in them is ever missing. */
const isComplete = ({ name, type }: Field): boolean => name === "managedFields" || type._tag === "Scalar";

const filledStruct = (struct: Struct, object: JsonObject): JsonObject => {
  let next: Record<string, Json | undefined> | undefined;
  for (const [name, field] of struct.fields) {
    const value = fieldOf(object, name);
    if (value === undefined || value === null) {
      const zero = field.always && value === undefined ? zeroOfField(field) : value;
      if (zero !== value) (next ??= { ...object })[name] = zero;
      continue;
    }
    if (isComplete(field)) continue;
    const filled = filledValue(field.type, value);
    if (filled !== value) (next ??= { ...object })[name] = filled;
  }
  return next ?? object;
};

/**
 * The object with what the API server's types always write, also where nobody set it: `resources: {}` of a container,
 * `lastProbeTime: null` of a condition. Itself when nothing is missing.
 */
export const filled = <A extends JsonObject>(struct: Struct | undefined, object: A): A =>
  struct === undefined ? object : filledStruct(struct, object) as A;
