import { isList, isObject } from "../kinds/fields.ts";
import type { Json } from "../object.ts";

/** A value as Go prints it with `%v`, as messages of the API server have it: `map[a:1 b:[x y]]`. */
export const goText = (value: Json): string => {
  if (isList(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isObject(value)) return value === null ? "<nil>" : `${value}`;
  const names = Object.keys(value).sort();
  return `map[${names.map((name) => `${name}:${goText(value[name] ?? null)}`).join(" ")}]`;
};
