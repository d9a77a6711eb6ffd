import { isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { type FieldSet, justHere, setOf } from "./field_set.ts";

/** Steps are at most as deep as any served kind is, with room. */
const maxDepth = 64;

const isStep = (step: string): boolean => {
  if (step.startsWith("f:")) return true;
  if (!/^[kvi]:/.test(step)) return false;
  try {
    const value: unknown = JSON.parse(step.slice(2));
    return !step.startsWith("k:") || isObject(value as Json);
  } catch {
    return false;
  }
};

/** What `fieldsV1` of an entry says, or nothing when it is not written as it must be. */
export const fromFieldsV1 = (json: Json | undefined, depth = 0): FieldSet | undefined => {
  if (!isObject(json) || depth > maxDepth) return undefined;
  const children: (readonly [string, FieldSet])[] = [];
  let member = false;
  for (const step of Object.keys(json)) {
    if (step === ".") {
      member = true;
      continue;
    }
    const inner = json[step];
    const child = isStep(step) ? fromFieldsV1(inner, depth + 1) : undefined;
    if (child === undefined) return undefined;
    children.push([step, isObject(inner) && Object.keys(inner).length === 0 ? justHere : child]);
  }
  return setOf(member, children);
};

/** `{"f:data":{".":{},"f:a":{}}}`: a leaf is `{}`, a path that has others below it and is meant itself has a `.`. */
export const toFieldsV1 = ({ member, children }: FieldSet): JsonObject => {
  const next: Record<string, Json> = {};
  if (member && children.size > 0) next["."] = {};
  for (const step of [...children.keys()].sort()) {
    const child = children.get(step);
    if (child !== undefined) next[step] = toFieldsV1(child);
  }
  return next;
};

const stepText = (step: string): string => {
  const rest = step.slice(2);
  if (step.startsWith("f:")) return `.${rest}`;
  if (step.startsWith("v:")) return `[=${rest}]`;
  if (step.startsWith("i:")) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`;
};

/** `.spec.containers[name="a"].image`, as people are told. */
export const pathText = (path: readonly string[]): string => path.map(stepText).join("");
