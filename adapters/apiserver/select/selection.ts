import type { FieldRequirement } from "./field_selector.ts";
import type { LabelRequirement } from "./label_selector.ts";

/** Which objects of a kind a list or a watch is about: all terms must hold. Plain data. */
export interface Selection {
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
}
