import type { ApiError } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import { isList, isObject, textAt } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import type { Atom, Type } from "../schema/types.ts";
import { pathText } from "./fields_v1.ts";
import { ownedType } from "./ownership.ts";
import { itemStep } from "./typed.ts";

const maxFaults = 20;

const goText = (value: Json): string =>
  isObject(value)
    ? `map[string]interface {}{${Object.keys(value).length === 0 ? "" : "…"}}`
    : isList(value)
    ? "[]interface {}{…}"
    : JSON.stringify(value);

const brief = (value: Json): string => {
  const text = isList(value)
    ? `[${value.map((item) => typeof item === "object" ? "…" : item).join(" ")}]`
    : `${value}`;
  return `&{${text}}`;
};

const goKind = (value: Json): string =>
  typeof value === "boolean"
    ? "bool"
    : isList(value)
    ? "[]interface {}"
    : isObject(value)
    ? "map[string]interface {}"
    : typeof value;

const scalarFault = (atom: Atom, value: Json): string | undefined => {
  switch (atom) {
    case "string":
    case "bytes":
    case "time":
    case "microtime":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goText(value)}}`;
    case "bool":
      return typeof value === "boolean" ? undefined : `expected boolean, got ${brief(value)}`;
    case "int32":
    case "int64":
    case "float64":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goKind(value)}`;
    case "quantity":
    case "intstr":
      return typeof value === "object" ? `expected any scalar, got ${brief(value)}` : undefined;
    case "json":
      return undefined;
  }
};

type Faults = string[];

const listFaults = (
  faults: Faults,
  type: Type & { readonly _tag: "List" },
  items: readonly Json[],
  path: readonly string[],
): void => {
  const seen = new Set<string>();
  const told = new Set<string>();
  items.forEach((item, index) => {
    const step = type.topology === "atomic" ? undefined : itemStep(type, item);
    if (type.topology !== "atomic" && step === undefined) {
      faults.push(
        `${
          pathText(path)
        }: element ${index}: associative list with keys has an element that omits all key fields`,
      );
    } else if (step !== undefined && seen.has(step) && !told.has(step)) {
      told.add(step);
      faults.push(`${pathText(path)}: duplicate entries for key ${pathText([step])}`);
    }
    if (step !== undefined) seen.add(step);
    collect(faults, type.item, item, [...path, step ?? `i:${index}`]);
  });
};

/** Adds a text for each value that is of another type than its field, or in a field that is not there. */
const collect = (faults: Faults, type: Type, value: Json, path: readonly string[]): void => {
  if (value === null || faults.length >= maxFaults) return;
  switch (type._tag) {
    case "Scalar": {
      const fault = scalarFault(type.atom, value);
      if (fault !== undefined) faults.push(`${pathText(path)}: ${fault}`);
      return;
    }
    case "List":
      if (isList(value)) listFaults(faults, type, value, path);
      else faults.push(`${pathText(path)}: expected list, got ${brief(value)}`);
      return;
    case "Map":
    case "Struct":
      if (!isObject(value)) {
        faults.push(`${pathText(path)}: expected map, got ${brief(value)}`);
        return;
      }
      for (const name of Object.keys(value)) {
        const inner = type._tag === "Map" ? type.item : type.struct.fields.get(name)?.type;
        if (inner === undefined) {
          faults.push(`${pathText([...path, `f:${name}`])}: field not declared in schema`);
        } else collect(faults, inner, value[name] ?? null, [...path, `f:${name}`]);
      }
  }
};

/** 500, as the real server answers to an apply of what is no object of the kind; nothing when it is one. */
export const typedFault = (kind: Kind, applied: JsonObject): ApiError | undefined => {
  const type = ownedType(kind);
  if (type === undefined) return undefined;
  const faults: string[] = [];
  collect(faults, type, applied, []);
  if (faults.length === 0) return undefined;
  const text = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join("\n")}`;
  const named = `${textAt(applied, "metadata", "namespace")}/${textAt(applied, "metadata", "name")}`;
  const version = `${kind.group}/${kind.version}, Kind=${kind.kind}`;
  return {
    code: 500,
    reason: "",
    message: `failed to create typed patch object (${named}; ${version}): ${text}`,
  };
};
