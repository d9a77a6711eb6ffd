import { field } from "../kinds/fields.ts";
import type { Json } from "../object.ts";

/** By what items of a list are told apart: a field of theirs, or themselves. */
export const identity = (mergeKey: string | undefined, item: Json): string => {
  const key = mergeKey === undefined ? item : field(item, mergeKey) ?? null;
  // no JSON begins so
  return typeof key === "string" ? `=${key}` : JSON.stringify(key);
};

/**
 * The items in an order that somebody has asked for, `asked`. Those that are not asked for stay behind what they stood
 * behind in `before`.
 */
export const inOrder = (
  items: readonly Json[],
  asked: readonly Json[],
  before: readonly Json[],
  mergeKey: string | undefined,
): readonly Json[] => {
  const placesIn = (list: readonly Json[]): ReadonlyMap<string, number> =>
    new Map(list.map((item, index) => [identity(mergeKey, item), index]));
  const wanted = placesIn(asked), old = placesIn(before);
  const placed = items.map((item) => {
    const id = identity(mergeKey, item);
    return { item, asked: wanted.get(id), before: old.get(id) };
  });
  const left = placed.filter((one) => one.asked === undefined)
    .sort((a, b) => (a.before ?? old.size) - (b.before ?? old.size));
  const right = placed.filter((one) => one.asked !== undefined)
    .sort((a, b) => (a.asked ?? 0) - (b.asked ?? 0));
  const next: Json[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const a = left[i], b = right[j];
    const isLeft = b === undefined ||
      (a !== undefined && b.before !== undefined && (a.before ?? old.size) < b.before);
    if (isLeft && a !== undefined) {
      next.push(a.item);
      i++;
    } else if (b !== undefined) {
      next.push(b.item);
      j++;
    }
  }
  return next;
};
