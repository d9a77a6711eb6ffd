import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import { objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf } from "./age.ts";
import { ageColumn, column, nameColumn, wideColumn } from "./columns.ts";

export const roleColumns: readonly Column[] = [
  nameColumn,
  { name: "Created At", type: "date", format: "", priority: 0, description: "When it was created." },
];

export const roleCells = (role: ApiObject): readonly Json[] => [
  role.metadata.name,
  role.metadata.creationTimestamp,
];

export const bindingColumns: readonly Column[] = [
  nameColumn,
  column("Role", "The role that is given."),
  ageColumn,
  wideColumn("Users", "Users that have it."),
  wideColumn("Groups", "Groups that have it."),
  wideColumn("ServiceAccounts", "Service accounts that have it."),
];

const subjects = (binding: ApiObject, kind: string): string =>
  objectsAt(binding, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => {
      const name = textAt(subject, "name");
      return kind === "ServiceAccount" ? `${textAt(subject, "namespace")}/${name}` : name;
    })
    .join(", ");

export const bindingCells = (binding: ApiObject, now: Now): readonly Json[] => [
  binding.metadata.name,
  `${textAt(binding, "roleRef", "kind")}/${textAt(binding, "roleRef", "name")}`,
  ageOf(binding, now),
  subjects(binding, "User"),
  subjects(binding, "Group"),
  subjects(binding, "ServiceAccount"),
];
