import { field, isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { sameJson } from "../same_json.ts";
import { putEntry } from "./entry.ts";

/**
 * RFC 7386: objects are merged, null removes, anything else takes the place of what was there. Neither is changed, and what
 * the patch does not change is kept as the same value.
 */
export const mergePatched = (document: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return document !== undefined && sameJson(document, patch) ? document : patch;
  const base: JsonObject = isObject(document) ? document : {};
  const changes = new Map<string, Json | undefined>();
  let isSame = base === document;
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const before = field(base, name);
    const after = value === null ? undefined : mergePatched(before, value);
    if (after === before) continue;
    isSame = false;
    changes.set(name, after);
  }
  if (isSame) return base;
  const next: Record<string, Json> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !changes.has(name)) putEntry(next, name, value);
  }
  for (const [name, value] of changes) if (value !== undefined) putEntry(next, name, value);
  return next;
};
