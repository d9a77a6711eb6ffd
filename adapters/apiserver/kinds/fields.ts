import type { Json, JsonObject } from "../object.ts";

// Reading of JSON that may be anything: what is absent or of another type reads as empty.

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

const nothing: JsonObject = {};

/** A field of its own: what is called `toString` or `constructor` is no field. */
export const field = (json: Json | undefined, name: string): Json | undefined => {
  if (typeof json !== "object" || json === null) return undefined;
  const value = (json as JsonObject)[name];
  // most fields that are asked for are not there
  return value !== undefined && !isList(json) && Object.hasOwn(json, name) ? value : undefined;
};

export const at = (json: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let value = json;
  for (const name of path) value = field(value, name);
  return value ?? undefined;
};

export const textAt = (json: Json | undefined, ...path: readonly string[]): string => {
  const value = at(json, ...path);
  return typeof value === "string" ? value : "";
};

/** A text as it is, other JSON as text. */
export const textOf = (json: Json | undefined): string =>
  typeof json === "string" ? json : json === undefined ? "" : JSON.stringify(json);

/** The items of a list as texts. */
export const textsAt = (json: Json | undefined, ...path: readonly string[]): readonly string[] =>
  listAt(json, ...path).map(textOf);

export const numberAt = (json: Json | undefined, ...path: readonly string[]): number | undefined => {
  const value = at(json, ...path);
  return typeof value === "number" ? value : undefined;
};

export const objectAt = (json: Json | undefined, ...path: readonly string[]): JsonObject => {
  const value = at(json, ...path);
  return isObject(value) ? value : nothing;
};

export const listAt = (json: Json | undefined, ...path: readonly string[]): readonly Json[] => {
  const value = at(json, ...path);
  return isList(value) ? value : [];
};

/** The items of a list, those that are no objects as empty ones: indices stay what they are. */
export const objectsAt = (json: Json | undefined, ...path: readonly string[]): readonly JsonObject[] =>
  listAt(json, ...path).map((item) => isObject(item) ? item : nothing);

/** Fields that are there and not null. */
export const entriesAt = (
  json: Json | undefined,
  ...path: readonly string[]
): readonly (readonly [string, Json])[] =>
  Object.entries(objectAt(json, ...path)).filter((entry): entry is [string, Json] =>
    entry[1] !== undefined && entry[1] !== null
  );

/** The object with its field `name` changed; what is not there is changed as `undefined`, which leaves it out. */
export const withField = <A extends JsonObject>(
  object: A,
  name: string,
  change: (value: Json | undefined) => Json | undefined,
): A => {
  const before = field(object, name);
  const value = change(before);
  if (value === before) return object;
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _, ...rest } = object;
  return rest as unknown as A;
};

/** Each item of the list at `name`, where there is one. */
export const withItems = <A extends JsonObject>(
  object: A,
  name: string,
  change: (item: JsonObject, index: number) => JsonObject,
): A =>
  withField(
    object,
    name,
    (value) =>
      isList(value) ? value.map((item, index) => isObject(item) ? change(item, index) : item) : value,
  );

/** Fills in the fields of `defaults` that are absent. */
export const withDefaults = <A extends JsonObject>(object: A, defaults: JsonObject): A => {
  const missing = Object.entries(defaults).filter(([name]) => at(object, name) === undefined);
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
};
