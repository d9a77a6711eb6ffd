import { listAt } from "../kinds/fields.ts";
import type { Json } from "../object.ts";

/** The texts of the list under a path; what is absent or no text is left out. */
export const textsAt = (json: Json | undefined, ...path: readonly string[]): readonly string[] =>
  listAt(json, ...path).filter((item) => typeof item === "string");
