import type { Cause } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { metaFaults, type NameRule } from "./meta_rules.ts";

/** Faults of a whole object, and those of a change beside them. */
export interface ObjectRules {
  readonly namespaced: boolean;
  readonly name: NameRule;
  readonly faults?: (object: ApiObject) => readonly Cause[];
  readonly changeFaults?: (next: ApiObject, before: ApiObject) => readonly Cause[];
}

/** A `validate` for most kinds: metadata by its own rules, then the object; the status of one is only held to metadata's. */
export const validator =
  ({ namespaced, name, faults, changeFaults }: ObjectRules): Kind["validate"] =>
  (object, before, subresource) => {
    const meta = metaFaults(object, before, { namespaced, name });
    if (subresource !== "") return meta;
    return [
      ...meta,
      ...(before === undefined ? [] : changeFaults?.(object, before) ?? []),
      ...(faults?.(object) ?? []),
    ];
  };
