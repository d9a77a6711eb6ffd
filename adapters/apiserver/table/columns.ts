import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf } from "./age.ts";

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  priority: 0,
  description: "The object's name.",
};

/** A column of text that is always shown. */
export const column = (name: string, description: string): Column => ({
  name,
  type: "string",
  format: "",
  priority: 0,
  description,
});

/** A column of text that is shown with `-o wide`. */
export const wideColumn = (name: string, description: string): Column => ({
  ...column(name, description),
  priority: 1,
});

export const ageColumn: Column = column("Age", "How long ago the object was created.");

/** Of kinds that have nothing more to show. */
export const plainColumns: readonly Column[] = [nameColumn, ageColumn];

export const plainCells = (object: ApiObject, now: Now): readonly Json[] => [
  object.metadata.name,
  ageOf(object, now),
];
