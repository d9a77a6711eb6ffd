import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "../api_error.ts";
import { field, isList, isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { sameFields, sameJson } from "../same_json.ts";
import type { Field, Type } from "../schema/types.ts";
import { identity, inOrder } from "./element_order.ts";
import { putEntry } from "./entry.ts";
import { goText } from "./go_text.ts";
import { entryType } from "./typed.ts";

const orderPrefix = "$setElementOrder/";
const deletePrefix = "$deleteFromPrimitiveList/";

/** The first fault stops everything: what is made after it is not used. */
interface Walk {
  fault: ApiError | undefined;
}

const fail = (walk: Walk, message: string, isClients = false): undefined => {
  walk.fault ??= isClients ? badRequest(message) : { code: 500, reason: "", message };
  return undefined;
};

const fieldOf = (type: Type | undefined, name: string): Field | undefined =>
  type?._tag === "Struct" ? type.struct.fields.get(name) : undefined;

const unknownDirective = (walk: Walk, directive: Json, patch: JsonObject): undefined =>
  fail(walk, `unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);

/** A value that is new: its directives are followed as far as they make sense on nothing, its nulls are gone. */
const fresh = (value: Json): Json | undefined => {
  if (isList(value)) return value.map(fresh).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (value["$patch"] === "delete") return undefined;
  const next: Record<string, Json> = {};
  for (const [name, entry] of Object.entries(value)) {
    const isDirective = name === "$patch" || name === "$retainKeys" || name.startsWith(orderPrefix) ||
      name.startsWith(deletePrefix);
    const kept = entry === undefined || entry === null || isDirective ? undefined : fresh(entry);
    if (kept !== undefined) putEntry(next, name, kept);
  }
  return next;
};

/** The fields of `original` that `$retainKeys` of the patch keeps. */
const retained = (walk: Walk, original: JsonObject, patch: JsonObject): JsonObject => {
  const keys = field(patch, "$retainKeys");
  if (keys === undefined) return original;
  const bad = "invalid patch format of retainKeys";
  if (!isList(keys)) return fail(walk, bad, true) ?? original;
  const kept = new Set(keys);
  for (const [name, value] of Object.entries(patch)) {
    const isPlain = value !== null && value !== undefined && !name.startsWith("$");
    if (isPlain && !kept.has(name)) return fail(walk, bad, true) ?? original;
  }
  return Object.fromEntries(Object.entries(original).filter(([name]) => kept.has(name)));
};

const withoutItem = (items: readonly Json[], mergeKey: string, value: Json): readonly Json[] =>
  items.filter((item) => !sameJson(field(item, mergeKey), value));

/** The list that was there, when the other has the same values in the same order. */
const unlessSame = (original: readonly Json[], next: readonly Json[]): readonly Json[] =>
  next.length === original.length && next.every((item, index) => item === original[index]) ? original : next;

/** A list of objects after a patch of some of them. */
const mergedItems = (
  walk: Walk,
  type: Type,
  mergeKey: string,
  original: readonly Json[],
  patch: readonly Json[],
): readonly Json[] => {
  let next = original;
  const plain: JsonObject[] = [];
  let replaces = false;
  for (const item of patch) {
    if (!isObject(item)) {
      return fail(walk, `list element types are not identical: ${goText([original, patch])}`) ?? original;
    }
    const directive = item["$patch"], key = field(item, mergeKey);
    if (directive === "replace") replaces = true;
    else if (directive === "merge") {
      return fail(walk, "merging lists cannot yet be specified in the patch") ?? original;
    } else if (directive !== undefined && directive !== "delete") {
      return unknownDirective(walk, directive, item) ?? original;
    } else if (key === undefined) {
      return fail(walk, `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`) ?? original;
    } else if (directive === "delete") next = withoutItem(next, mergeKey, key);
    else plain.push(item);
  }
  if (replaces) return plain;
  const places = new Map(next.map((item, index) => [identity(mergeKey, item), index]));
  const items = [...next];
  for (const item of plain) {
    const id = identity(mergeKey, item), place = places.get(id);
    if (place === undefined) {
      places.set(id, items.length);
      items.push(fresh(item) ?? {});
    } else items[place] = mergedObject(walk, type, items[place] as JsonObject, item);
  }
  return unlessSame(original, inOrder(items, plain, original, mergeKey));
};

const mergedScalars = (original: readonly Json[], patch: readonly Json[]): readonly Json[] => {
  const both = new Map([...original, ...patch].map((item) => [JSON.stringify(item), item]));
  return unlessSame(original, inOrder([...both.values()], patch, original, undefined));
};

const mergedList = (
  walk: Walk,
  known: Field | undefined,
  original: readonly Json[],
  patch: readonly Json[],
): readonly Json[] => {
  if (known?.type._tag !== "List" || !known.merges) {
    const next = (fresh(patch) ?? []) as readonly Json[];
    return sameJson(original, next) ? original : next;
  }
  if (known.mergeKey === undefined) return mergedScalars(original, patch);
  return mergedItems(walk, known.type.item, known.mergeKey, original, patch);
};

const mergedValue = (
  walk: Walk,
  type: Type | undefined,
  name: string,
  original: Json,
  patch: Json,
): Json | undefined => {
  const known = fieldOf(type, name);
  if (isObject(original) && isObject(patch)) {
    return mergedObject(
      walk,
      known?.type ?? (type === undefined ? undefined : entryType(type, name)),
      original,
      patch,
    );
  }
  return isList(original) && isList(patch) ? mergedList(walk, known, original, patch) : fresh(patch);
};

/** Lists whose order is asked for: the list that is there or was patched, in that order. */
const reorder = (
  walk: Walk,
  type: Type | undefined,
  next: Record<string, Json>,
  original: JsonObject,
  patch: JsonObject,
): void => {
  for (const directive of Object.keys(patch).filter((name) => name.startsWith(orderPrefix))) {
    const name = directive.slice(orderPrefix.length), order = patch[directive] ?? null;
    const known = fieldOf(type, name), items = field(next, name), patched = field(patch, name);
    if (!isList(order)) {
      fail(
        walk,
        `expected a []interface {}, but received a ${typeof order === "number" ? "int64" : typeof order}`,
      );
    } else if (known === undefined && type?._tag === "Struct") {
      fail(
        walk,
        `unable to find api field in struct ${type.struct.name.replace(/^\w+\./, "")} for the json field ${
          JSON.stringify(name)
        }`,
      );
    } else if (isList(patched) && !isAskedFor(patched, order, known?.mergeKey)) {
      fail(
        walk,
        `The order in patch list:\n${goText(patched)}\n doesn't match $setElementOrder list:\n${
          goText(order)
        }\n`,
      );
    } else if (isList(items)) {
      const before = field(original, name);
      next[name] = inOrder(items, order, isList(before) ? before : [], known?.mergeKey);
    }
  }
};

/** Whether the items of a patch come in the order that it asks for. */
const isAskedFor = (
  patched: readonly Json[],
  order: readonly Json[],
  mergeKey: string | undefined,
): boolean => {
  const ids = order.map((item) => identity(mergeKey, item));
  let place = 0;
  for (const item of patched) {
    if (isObject(item) && item["$patch"] !== undefined) continue;
    place = ids.indexOf(identity(mergeKey, item), place) + 1;
    if (place === 0) return false;
  }
  return true;
};

const mergedObject = (
  walk: Walk,
  type: Type | undefined,
  original: JsonObject,
  patch: JsonObject,
): JsonObject => {
  const directive = field(patch, "$patch");
  if (directive === "replace") return (fresh(patch) ?? {}) as JsonObject;
  if (directive === "delete") return {};
  if (directive !== undefined) return unknownDirective(walk, directive, patch) ?? original;
  const next: Record<string, Json> = {};
  for (const [name, value] of Object.entries(retained(walk, original, patch))) {
    if (value !== undefined) putEntry(next, name, value);
  }
  for (const [name, value] of Object.entries(patch)) {
    if (walk.fault !== undefined) return original;
    if (value === undefined || name === "$retainKeys" || name.startsWith(orderPrefix)) continue;
    if (name.startsWith(deletePrefix)) {
      const target = name.slice(deletePrefix.length), items = field(next, target);
      const gone = isList(value) ? new Set(value.map((item) => JSON.stringify(item))) : undefined;
      if (isList(items) && gone !== undefined) {
        next[target] = items.filter((item) => !gone.has(JSON.stringify(item)));
      }
    } else if (value === null) delete next[name];
    else {
      const before = field(next, name);
      const kept = before === undefined ? fresh(value) : mergedValue(walk, type, name, before, value);
      if (kept !== undefined) putEntry(next, name, kept);
    }
  }
  reorder(walk, type, next, original, patch);
  return sameFields(next, original) ? original : next;
};

/**
 * Kubernetes' strategic merge patch: a merge patch in which lists of objects merge by a key, with the directives `$patch`,
 * `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…`. Neither object is changed.
 */
export const strategicPatched = (
  type: Type | undefined,
  original: JsonObject,
  patch: JsonObject,
): E.Either<ApiError, JsonObject> => {
  const walk: Walk = { fault: undefined };
  const object = mergedObject(walk, type, original, patch);
  return walk.fault === undefined ? E.right(object) : E.left(walk.fault);
};
