import type { Json } from "../object.ts";
import type { Type } from "../schema/types.ts";
import { putEntry } from "./entry.ts";
import { below, type FieldSet, isEmpty } from "./field_set.ts";
import { entryType, itemStep, ownedAs } from "./typed.ts";

/**
 * The value without the paths of the set; null when nothing is left of it: who owns the list or the map itself does so still.
 * An atomic value of which a part is in the set goes as a whole.
 */
export const without = (type: Type | undefined, value: Json, set: FieldSet): Json => {
  if (isEmpty(set)) return value;
  const owned = ownedAs(type, value);
  switch (owned._tag) {
    case "Leaf":
      return typeof value === "object" ? null : value;
    case "Entries": {
      const next: Record<string, Json> = {};
      for (const [name, entry] of Object.entries(owned.value)) {
        const inner = below(set, `f:${name}`);
        if (entry === undefined || inner.member) continue;
        putEntry(next, name, without(entryType(owned.type, name), entry, inner));
      }
      return Object.keys(next).length === 0 ? null : next;
    }
    case "Items": {
      const next: Json[] = [];
      for (const item of owned.value) {
        const inner = below(set, itemStep(owned.type, item) ?? "");
        const kept = inner.member ? null : without(owned.type.item, item, inner);
        if (kept !== null) next.push(kept);
      }
      return next.length === 0 ? null : next;
    }
  }
};
