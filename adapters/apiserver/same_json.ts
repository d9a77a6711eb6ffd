import type { Json, JsonObject } from "./object.ts";

/** Equal values, whatever the order of fields; a field that is `undefined` is none. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length &&
      a.every((item, index) => sameJson(item, b[index]));
  }
  const left = a as Readonly<Record<string, Json>>, right = b as Readonly<Record<string, Json>>;
  for (const name of Object.keys(left)) {
    const other = Object.hasOwn(right, name) ? right[name] : undefined;
    if (!sameJson(left[name], other)) return false;
  }
  return Object.keys(right).every((name) => right[name] === undefined || Object.hasOwn(left, name));
};

/** The very same values under the same names: what nobody has changed. */
export const sameFields = (a: JsonObject, b: JsonObject): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};
