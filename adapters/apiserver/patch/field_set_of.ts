import { isObject } from "../kinds/fields.ts";
import type { Json } from "../object.ts";
import type { Type } from "../schema/types.ts";
import { type FieldSet, justHere, noFields, setOf, union } from "./field_set.ts";
import { entryType, isNamedField, itemsByStep, ownedAs, stepType } from "./typed.ts";

const isNothing = (value: Json): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0);

/** What somebody who applies this value owns: leaves, entries of maps, items of lists; of structs only what is in them. */
export const fieldSetOf = (type: Type | undefined, value: Json): FieldSet => {
  const owned = ownedAs(type, value);
  switch (owned._tag) {
    case "Leaf":
      return justHere;
    case "Entries": {
      const children: (readonly [string, FieldSet])[] = [];
      for (const [name, entry] of Object.entries(owned.value)) {
        if (entry === undefined) continue;
        const inner = fieldSetOf(entryType(owned.type, name), entry);
        const itself = isNothing(entry) || !isNamedField(owned.type, name);
        children.push([`f:${name}`, itself ? union(justHere, inner) : inner]);
      }
      return setOf(false, children);
    }
    case "Items": {
      const children = [...itemsByStep(owned.type, owned.value)].map(([step, [item = null, ...more]]) => {
        const inner = more.length > 0 ? noFields : fieldSetOf(owned.type.item, item);
        return [step, union(justHere, inner)] as const;
      });
      return setOf(false, children);
    }
  }
};

/** The set with every field of a struct that has something below it in the set. */
export const withNamedFields = (set: FieldSet, type: Type | undefined): FieldSet => {
  if (set.children.size === 0) return set;
  const children = [...set.children].map(([step, child]) => {
    const inner = withNamedFields(child, stepType(type, step));
    const named = child.children.size > 0 && step.startsWith("f:") && isNamedField(type, step.slice(2));
    return [step, named ? union(justHere, inner) : inner] as const;
  });
  return setOf(set.member, children);
};
