import * as E from "fp-ts/lib/Either.js";
import { field as ownField, isList, isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { child, fieldPlace, pathOf, type Place } from "./place.ts";
import { jsonType, scalar, type ScalarFault } from "./scalars.ts";
import type { Field, Struct, Type } from "./types.ts";
import { zeroValue } from "./zero.ts";

/** The first value that is of another type than its field's. */
export interface Fault {
  readonly place: Place | undefined;
  readonly type: Type;
  readonly why: ScalarFault;
}

export interface Decoded {
  readonly object: JsonObject;
  /** Paths of fields that are not in the schema; they are left out of `object`. At most `maxUnknown`. */
  readonly unknown: readonly string[];
  /** How many fields the text had, when no name was given twice and nothing of it was known. */
  readonly names: number;
}

const maxUnknown = 100;

interface Walk {
  readonly unknown: string[];
  names: number;
  fault: Fault | undefined;
}

/** As an assignment, also for what is called `__proto__`. */
const put = (object: Record<string, Json>, name: string, value: Json): void => {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  } else object[name] = value;
};

const maxDepth = 64;

/** How many fields are below, or not a number when that is too deep to be counted. */
export const countNames = (value: Json | undefined, depth = 0): number => {
  if (depth > maxDepth) return NaN;
  if (isList(value)) return value.reduce<number>((sum, item) => sum + countNames(item, depth + 1), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, entry) => sum + 1 + countNames(entry, depth + 1), 0);
};

const fail = (walk: Walk, place: Place | undefined, type: Type, why: ScalarFault): undefined => {
  walk.fault ??= { place, type, why };
  return undefined;
};

const isEmpty = (value: Json): boolean =>
  value === "" || value === 0 || value === false || (isList(value) && value.length === 0);

/** Whether an encoder leaves the value out, as it says nothing. No owners at all is a wish, that they be forgotten. */
const isOmitted = ({ name, pointer, always, type }: Field, value: Json): boolean => {
  if (pointer || always || name === "managedFields") return false;
  if (type._tag === "Map") return Object.keys(value as JsonObject).length === 0;
  return type._tag !== "Struct" && isEmpty(value);
};

const nothing: JsonObject = {};
const none: readonly Json[] = [];

const structValue = (
  walk: Walk,
  struct: Struct,
  given: JsonObject,
  at: Place | undefined,
  known: JsonObject = nothing,
): JsonObject => {
  const next: Record<string, Json> = {};
  let isAsGiven = true;
  for (const name of Object.keys(given)) {
    walk.names++;
    const value = given[name];
    if (value !== undefined && value === known[name]) {
      next[name] = value;
      continue;
    }
    const field = struct.fields.get(name);
    if (field === undefined) {
      if (walk.unknown.length < maxUnknown) walk.unknown.push(pathOf(child(at, name)));
      walk.names += countNames(value);
      isAsGiven = false;
      continue;
    }
    const kept = value === undefined || value === null
      ? undefined
      : typedValue(walk, field.type, value, fieldPlace(at, struct, field), known[name]);
    if (kept !== undefined && !isOmitted(field, kept)) next[name] = kept;
    if (kept !== value || next[name] === undefined) isAsGiven = false;
  }
  return isAsGiven ? given : next;
};

const mapValue = (walk: Walk, type: Type, given: JsonObject, at: Place | undefined): JsonObject => {
  const next: Record<string, Json> = {};
  let isAsGiven = true;
  for (const name of Object.keys(given)) {
    walk.names++;
    const value = ownField(given, name) ?? null;
    const kept = value === null ? zeroValue(type) : typedValue(walk, type, value, child(at, name));
    if (kept !== undefined) put(next, name, kept);
    if (kept !== value) isAsGiven = false;
  }
  return isAsGiven ? given : next;
};

const listValue = (
  walk: Walk,
  type: Type,
  given: readonly Json[],
  at: Place | undefined,
  known: readonly Json[],
): readonly Json[] => {
  const next: Json[] = [];
  let isAsGiven = true;
  for (let index = 0; index < given.length; index++) {
    const value = given[index] ?? null;
    const kept = value === null
      ? zeroValue(type)
      : value === known[index]
      ? value
      : typedValue(walk, type, value, child(at, index), known[index]);
    if (kept !== undefined) next.push(kept);
    if (kept !== value) isAsGiven = false;
  }
  return isAsGiven ? given : next;
};

const typedValue = (
  walk: Walk,
  type: Type,
  value: Json,
  at: Place | undefined,
  known?: Json,
): Json | undefined => {
  switch (type._tag) {
    case "Scalar": {
      const kept = scalar(type.atom, value);
      if (type.atom === "json") walk.names += countNames(value);
      return E.isLeft(kept) ? fail(walk, at, type, kept.left) : kept.right;
    }
    case "List":
      if (isList(value)) return listValue(walk, type.item, value, at, isList(known) ? known : none);
      break;
    case "Map":
      if (isObject(value)) return mapValue(walk, type.item, value, at);
      break;
    case "Struct":
      if (isObject(value)) {
        return structValue(walk, type.struct, value, at, isObject(known) ? known : nothing);
      }
      break;
  }
  return fail(walk, at, type, { _tag: "Mismatch", given: jsonType(value) });
};

/**
 * The object as the API server's types hold it: what they do not know is gone, what says nothing is left out. What is so
 * already is kept as the same value. `known` is an object that has been decoded: what is taken from it is not looked at.
 */
export const decode = (
  struct: Struct,
  given: JsonObject,
  known?: JsonObject,
): E.Either<Fault, Decoded> => {
  const walk: Walk = { unknown: [], names: 0, fault: undefined };
  const object = structValue(walk, struct, given, undefined, known);
  return walk.fault === undefined
    ? E.right({ object, unknown: walk.unknown, names: walk.names })
    : E.left(walk.fault);
};
