import type { Shape } from "./wire_shapes.ts";

/** One field of an object, wherever it is. */
export interface Place {
  /** Names and indices from the object on. */
  readonly path: readonly (string | number)[];
  /** As people read it, without the indices. */
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
}

type Fields = { readonly [name: string]: Shape };

const isFields = (shape: Shape): shape is Fields => typeof shape === "object" && !Array.isArray(shape);

const fieldsOf = (shape: Fields): readonly (readonly [string, Shape, boolean])[] =>
  Object.entries(shape).map(([key, inner]) => [key.replace(/\?$/, ""), inner, !key.endsWith("?")]);

/** A value of the shape with all that it may have. */
export const fullOf = (shape: Shape): unknown => {
  switch (shape) {
    case "string":
    case "time":
      return "2026-01-01T00:00:00Z";
    case "number":
      return 7;
    case "boolean":
      return true;
    case "object":
      return { any: { thing: 1 } };
    case "list":
      return [{ any: "thing" }, 1];
    case "strings":
      return { one: "1", two: "2" };
    default:
      return isFields(shape)
        ? Object.fromEntries(fieldsOf(shape).map(([name, inner]) => [name, fullOf(inner)]))
        : [fullOf(shape[0]), fullOf(shape[0])];
  }
};

/** Values that are none of the shape. */
export const othersThan = (shape: Shape): readonly unknown[] => {
  switch (shape) {
    case "string":
      return [7, true, null, {}, ["x"]];
    case "time":
      return [7, true, {}];
    case "number":
      return ["7", true, null];
    case "boolean":
      return ["true", 1, null];
    case "object":
      return ["x", 7, null];
    case "list":
      return ["x", {}, null];
    case "strings":
      return ["x", null, { one: 1 }];
    default:
      return isFields(shape) ? ["x", 7, null] : ["x", {}, null];
  }
};

/** Every field of the shape. Of a list, the fields of its second item: the first may not be all that is looked at. */
export const placesOf = (shape: Shape, path: Place["path"] = []): readonly Place[] => {
  if (typeof shape === "string") return [];
  if (!isFields(shape)) return placesOf(shape[0], [...path, 1]);
  return fieldsOf(shape).flatMap(([key, inner, isRequired]) => {
    const here = [...path, key];
    const name = here.filter((part) => typeof part === "string").join(".");
    return [{ path: here, name, shape: inner, isRequired }, ...placesOf(inner, here)];
  });
};

/** The object with another value at a place; `undefined`: without what is there. */
export const withValue = (object: unknown, [first, ...rest]: Place["path"], value: unknown): unknown => {
  if (first === undefined) return value;
  if (Array.isArray(object)) {
    return object.map((item, index) => index === first ? withValue(item, rest, value) : item);
  }
  const { [first]: old, ...others } = object as Readonly<Record<string, unknown>>;
  const next = withValue(old, rest, value);
  return next === undefined ? others : { ...others, [first]: next };
};
