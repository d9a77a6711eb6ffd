import * as E from "fp-ts/lib/Either.js";
import { isList, isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { sameJson } from "../same_json.ts";
import { putEntry } from "./entry.ts";

/** Why an operation cannot be done; the API server does not tell it. */
export type JsonPatchFault = string;

type Result = E.Either<JsonPatchFault, Json>;

/** What `copy` may add, in characters of JSON: a few copies of copies are without end. */
const maxCopied = 3 * 1024 * 1024;

/** `/a~1b/0` as `["a/b", "0"]`, or nothing for what is no pointer. */
const pointer = (path: Json | undefined): readonly string[] | undefined => {
  if (path === "") return [];
  if (typeof path !== "string" || !path.startsWith("/")) return undefined;
  return path.slice(1).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
};

/** The index that a step is, from the end when negative, or nothing when the list (of `length`) has none such. */
const indexOf = (step: string, length: number): number | undefined => {
  if (!/^-?\d+$/.test(step)) return undefined;
  const index = Number(step) < 0 ? Number(step) + length : Number(step);
  return index >= 0 && index < length ? index : undefined;
};

const inside = (value: Json, step: string): Json | undefined => {
  if (isObject(value)) return Object.hasOwn(value, step) ? value[step] : undefined;
  if (!isList(value)) return undefined;
  const index = indexOf(step, value.length);
  return index === undefined ? undefined : value[index];
};

const at = (value: Json, path: readonly string[]): Json | undefined => {
  let found: Json | undefined = value;
  for (const step of path) {
    if (found === undefined) return undefined;
    found = inside(found, step);
  }
  return found;
};

const withEntry = (object: JsonObject, name: string, value: Json): JsonObject => {
  const next: Record<string, Json> = {};
  for (const [other, kept] of Object.entries(object)) if (kept !== undefined) putEntry(next, other, kept);
  putEntry(next, name, value);
  return next;
};

/** What an operation does to the container that its last step is in; nothing when it cannot. */
type Change = (container: JsonObject | readonly Json[], step: string) => Json | undefined;

const add = (value: Json): Change => (container, step) => {
  if (!isList(container)) return withEntry(container as JsonObject, step, value);
  const index = step === "-" || step === `${container.length}`
    ? container.length
    : indexOf(step, container.length);
  return index === undefined ? undefined : container.toSpliced(index, 0, value);
};

/** As the API server's library has it: a field that is not there is added, an item that is not there is a fault. */
const replace = (value: Json): Change => (container, step) => {
  if (!isList(container)) return withEntry(container as JsonObject, step, value);
  const index = indexOf(step, container.length);
  return index === undefined ? undefined : container.with(index, value);
};

const remove: Change = (container, step) => {
  if (!isList(container)) {
    const object = container as JsonObject;
    if (!Object.hasOwn(object, step)) return undefined;
    const { [step]: _, ...rest } = object;
    return rest as JsonObject;
  }
  const index = indexOf(step, container.length);
  return index === undefined ? undefined : container.toSpliced(index, 1);
};

/** The document with a change made at a path. Only what is on the way there is made anew. */
const changed = (document: Json, path: readonly string[], change: Change): Json | undefined => {
  const [step, ...rest] = path;
  if (step === undefined || (!isObject(document) && !isList(document))) return undefined;
  if (rest.length === 0) return change(document, step);
  const inner = inside(document, step);
  const next = inner === undefined ? undefined : changed(inner, rest, change);
  return next === undefined ? undefined : replace(next)(document, step);
};

const done = (document: Json | undefined, why: string): Result =>
  document === undefined ? E.left(why) : E.right(document);

const applied = (document: Json, operation: JsonObject): Result => {
  const { op, value = null } = operation;
  const path = pointer(operation["path"]), from = pointer(operation["from"]);
  const where = JSON.stringify(operation["path"] ?? null);
  if (path === undefined) return E.left(`no pointer: ${where}`);
  const source = from === undefined ? undefined : at(document, from);
  switch (op) {
    case "add":
      return path.length === 0
        ? E.right(value)
        : done(changed(document, path, add(value)), `nothing to add to at ${where}`);
    case "replace":
      return path.length === 0
        ? E.right(value)
        : done(changed(document, path, replace(value)), `nothing at ${where}`);
    case "remove":
      return done(changed(document, path, remove), `nothing at ${where}`);
    case "test":
      return sameJson(at(document, path) ?? null, value)
        ? E.right(document)
        : E.left(`another value at ${where}`);
    case "copy":
      return done(
        source === undefined ? undefined : changed(document, path, add(source)),
        `nothing to copy to ${where}`,
      );
    case "move": {
      const taken = from === undefined || source === undefined ? undefined : changed(document, from, remove);
      const moved = taken === undefined || source === undefined
        ? undefined
        : changed(taken, path, add(source));
      return done(moved, `nothing to move to ${where}`);
    }
    default:
      return E.left(`no operation: ${JSON.stringify(op ?? null)}`);
  }
};

const copiedSize = (document: Json, { op, from }: JsonObject): number => {
  const path = op === "copy" ? pointer(from) : undefined;
  const source = path === undefined ? undefined : at(document, path);
  return source === undefined ? 0 : JSON.stringify(source).length;
};

/** RFC 6902, all operations or none. `document` stays as it is. */
export const jsonPatched = (document: Json, operations: readonly Json[]): Result => {
  let next = document, copied = 0;
  for (const operation of operations) {
    if (!isObject(operation)) return E.left("an operation is no object");
    copied += copiedSize(next, operation);
    if (copied > maxCopied) return E.left("copies too much");
    const result = applied(next, operation);
    if (E.isLeft(result)) return result;
    next = result.right;
  }
  return E.right(next);
};
