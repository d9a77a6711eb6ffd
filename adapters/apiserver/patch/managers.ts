import { formatTime, type Now } from "../../../core/time.ts";
import { isList, isObject, textAt } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { type FieldSet, union } from "./field_set.ts";
import { fromFieldsV1, toFieldsV1 } from "./fields_v1.ts";

/** An entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339; an entry that never changed a value has none. */
  readonly time?: string;
  readonly fields: FieldSet;
}

/** By `idOf`. */
export type Managers = ReadonlyMap<string, Manager>;

export const noManagers: Managers = new Map();

/** Who applies is the same in each version of the API; who updates is not. */
export const idOf = (
  { manager, operation, apiVersion, subresource }: Omit<Manager, "time" | "fields">,
): string => {
  const version = operation === "Apply" ? "" : apiVersion;
  return `${operation} ${version.length} ${version} ${subresource.length} ${subresource} ${manager}`;
};

/** Most entries own the same fields for as long as they live: those are read once and written once. */
const setOfJson = new WeakMap<JsonObject, FieldSet>();
const jsonOfSet = new WeakMap<FieldSet, JsonObject>();

const fieldsOf = (json: Json): FieldSet | undefined => {
  const known = isObject(json) ? setOfJson.get(json) : undefined;
  if (known !== undefined) return known;
  const fields = fromFieldsV1(json);
  if (fields !== undefined && isObject(json)) {
    setOfJson.set(json, fields);
    jsonOfSet.set(fields, json);
  }
  return fields;
};

const jsonOf = (fields: FieldSet): JsonObject => {
  const known = jsonOfSet.get(fields);
  if (known !== undefined) return known;
  const json = toFieldsV1(fields);
  jsonOfSet.set(fields, json);
  setOfJson.set(json, fields);
  return json;
};

const decoded = (entry: Json): Manager | undefined => {
  const operation = textAt(entry, "operation"), apiVersion = textAt(entry, "apiVersion");
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (!isObject(entry) || apiVersion === "" || textAt(entry, "fieldsType") !== "FieldsV1") return undefined;
  const fields = fieldsOf(entry["fieldsV1"] ?? {});
  const time = textAt(entry, "time");
  return fields === undefined ? undefined : {
    manager: textAt(entry, "manager"),
    operation,
    apiVersion,
    subresource: textAt(entry, "subresource"),
    ...(time === "" ? {} : { time }),
    fields,
  };
};

/** What `metadata.managedFields` says, or nothing when an entry is not written as it must be. */
export const readManagers = (managedFields: Json | undefined): Managers | undefined => {
  if (!isList(managedFields)) return noManagers;
  const found = new Map<string, Manager>();
  for (const entry of managedFields) {
    const manager = decoded(entry);
    if (manager === undefined) return undefined;
    found.set(idOf(manager), manager);
  }
  return found;
};

const order = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

const byPlace = (a: Manager, b: Manager): number =>
  order(a.operation, b.operation) || order(a.time ?? "", b.time ?? "") || order(a.manager, b.manager) ||
  order(a.apiVersion, b.apiVersion) || order(a.subresource, b.subresource);

/** As `metadata.managedFields`: appliers first, then by time. */
export const writeManagers = (managers: Managers): readonly JsonObject[] =>
  [...managers.values()].sort(byPlace).map((
    { manager, operation, apiVersion, time, fields, subresource },
  ) => ({
    ...(manager === "" ? {} : { manager }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: jsonOf(fields),
    ...(subresource === "" ? {} : { subresource }),
  }));

/** The wall clock in whole seconds, as `metav1.Time`. */
export const timeOf = ({ wall }: Now): string => formatTime(wall);

const mostUpdaters = 10;

/** The oldest updaters as one, `ancient-changes`, when there are more than ten: the list cannot grow for ever. */
export const capped = (managers: Managers): Managers => {
  if (managers.size <= mostUpdaters) return managers;
  const updaters = [...managers.values()].filter(({ operation }) => operation === "Update").sort(byPlace);
  const excess = updaters.length - mostUpdaters;
  const { apiVersion } = updaters[0] ?? {};
  if (excess <= 0 || apiVersion === undefined) return managers;
  const oldest = updaters.filter((updater) => updater.apiVersion === apiVersion).slice(0, excess + 1);
  const ancient: Manager = {
    manager: "ancient-changes",
    operation: "Update",
    apiVersion,
    subresource: "",
    time: oldest.at(-1)?.time ?? "",
    fields: oldest.map(({ fields }) => fields).reduce(union),
  };
  const gone = new Set(oldest.map(idOf));
  const kept = [...managers].filter(([id]) => !gone.has(id));
  return new Map([...kept, [idOf(ancient), ancient]]);
};
