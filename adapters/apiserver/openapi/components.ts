import type { JsonObject } from "../object.ts";
import { type Field, type Struct, structs, type Type } from "../schema/types.ts";
import { wordsOf } from "./words.ts";

/** `core.Pod` is `io.k8s.api.core.v1.Pod`. */
const componentName = (struct: string): string => {
  const [group = "", name = ""] = struct.split(".");
  return group === "meta" ? `io.k8s.apimachinery.pkg.apis.meta.v1.${name}` : `io.k8s.api.${group}.v1.${name}`;
};

const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

/** What is no struct and has a name. */
const named: Readonly<Record<string, JsonObject>> = {
  [quantity]: {
    description: "An amount: a decimal number, with a suffix such as m, k, M, G, Ki, Mi or Gi.",
    oneOf: [{ type: "string" }, { type: "number" }],
  },
  [intOrString]: {
    description: "A number, or a name or percentage as text.",
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
  },
};

export const reference = (component: string): JsonObject => ({ $ref: `#/components/schemas/${component}` });

const typeSchema = (type: Type): JsonObject => {
  switch (type._tag) {
    case "Struct":
      return { allOf: [reference(componentName(type.struct.name))] };
    case "List":
      return { type: "array", items: typeSchema(type.item) };
    case "Map":
      return { type: "object", additionalProperties: typeSchema(type.item) };
    case "Scalar":
      break;
  }
  switch (type.atom) {
    case "string":
      return { type: "string" };
    case "bool":
      return { type: "boolean" };
    case "int32":
    case "int64":
      return { type: "integer", format: type.atom };
    case "float64":
      return { type: "number", format: "double" };
    case "bytes":
      return { type: "string", format: "byte" };
    case "time":
    case "microtime":
      return { type: "string", format: "date-time" };
    case "quantity":
      return { allOf: [reference(quantity)] };
    case "intstr":
      return { allOf: [reference(intOrString)] };
    case "json":
      return { type: "object" };
  }
};

/** How the field merges and is owned, as kubectl reads it. */
const topology = ({ type, merges, mergeKey, retainsKeys }: Field): JsonObject => {
  const strategy = [...(merges ? ["merge"] : []), ...(retainsKeys ? ["retainKeys"] : [])].join(",");
  return {
    ...(type._tag === "List" ? { "x-kubernetes-list-type": type.topology } : {}),
    ...(type._tag === "List" && type.keys.length > 0 ? { "x-kubernetes-list-map-keys": type.keys } : {}),
    ...(type._tag === "Map" && type.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(mergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": mergeKey }),
    ...(strategy === "" ? {} : { "x-kubernetes-patch-strategy": strategy }),
  };
};

const fieldSchema = (struct: Struct, field: Field): JsonObject => {
  const description = wordsOf(`${struct.name}.${field.name}`);
  return {
    ...(description === undefined ? {} : { description }),
    ...(field.fallback === undefined ? {} : { default: field.fallback }),
    ...typeSchema(field.type),
    ...topology(field),
  };
};

const structSchema = (struct: Struct, kind: JsonObject | undefined): JsonObject => {
  const fields = [...struct.fields.values()];
  const description = wordsOf(struct.name);
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    ...(description === undefined ? {} : { description }),
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(struct, field)])),
    ...(required.length === 0 ? {} : { required }),
    ...(struct.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(kind === undefined ? {} : { "x-kubernetes-group-version-kind": [kind] }),
  };
};

const structIn = (type: Type): Struct | undefined => {
  switch (type._tag) {
    case "Scalar":
      return undefined;
    case "Struct":
      return type.struct;
    case "List":
    case "Map":
      return structIn(type.item);
  }
};

/** These structs and all that they are made of. */
const reached = (names: readonly string[]): ReadonlySet<Struct> => {
  const found = new Set<Struct>();
  const open = names.flatMap((name) => structs.get(name) ?? []);
  for (let struct = open.pop(); struct !== undefined; struct = open.pop()) {
    if (found.has(struct)) continue;
    found.add(struct);
    for (const { type } of struct.fields.values()) {
      const inner = structIn(type);
      if (inner !== undefined) open.push(inner);
    }
  }
  return found;
};

/** The schemas of kinds, by the names of their structs, and of everything in them. */
export const componentsOf = (kinds: ReadonlyMap<string, JsonObject>): JsonObject => {
  const schemas = [...reached([...kinds.keys()])].map((struct) =>
    [componentName(struct.name), structSchema(struct, kinds.get(struct.name))] as const
  );
  return { ...named, ...Object.fromEntries(schemas) };
};
