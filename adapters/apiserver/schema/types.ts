import { fieldsText } from "./fields.ts";

export type Atom =
  | "string"
  | "bool"
  | "int32"
  | "int64"
  | "float64"
  | "bytes"
  | "time"
  | "microtime"
  | "quantity"
  | "intstr"
  | "json";

/** What a value is. `go` is the type's name in the API server's messages. */
export type Type =
  | { readonly _tag: "Scalar"; readonly atom: Atom; readonly go: string }
  /** `atomic`: owned as a whole, not field by field. */
  | { readonly _tag: "Struct"; readonly struct: Struct; readonly atomic: boolean; readonly go: string }
  | {
    readonly _tag: "List";
    readonly item: Type;
    /** A set has scalars that occur once; a map has objects that are told apart by `keys`. */
    readonly topology: "atomic" | "set" | "map";
    readonly keys: readonly string[];
    readonly go: string;
  }
  | { readonly _tag: "Map"; readonly item: Type; readonly atomic: boolean; readonly go: string };

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** An empty value (`""`, 0, false) says something else than none. */
  readonly pointer: boolean;
  /** Encoded also when it is empty. */
  readonly always: boolean;
  readonly required: boolean;
  /** Of strategic merge patches: lists of objects merge by `mergeKey`, scalars as a set; without, a list is replaced. */
  readonly merges: boolean;
  readonly mergeKey?: string;
  readonly retainsKeys: boolean;
  /** Of a key of a list, where it is absent. */
  readonly fallback?: string;
  /** Between the struct and the field in the API server's messages: `ProbeHandler`. */
  readonly embedded?: string;
}

export interface Struct {
  /** `core.PodSpec`. */
  readonly name: string;
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
}

const pattern =
  /^(\w+|\$\w+)(\*?)(!?)(\^?):(\{!?\}|\[[^\]]*\])?((?:\[\])?[\w.]+)(\+?)(?:~([\w,]+)(?:@(\w+))?)?(?:=([^%&]+))?(?:%([^&]+))?(?:&(.+))?$/;

const scalarGo: Readonly<Record<string, string>> = {
  time: "v1.Time",
  microtime: "v1.MicroTime",
  quantity: "resource.Quantity",
  intstr: "intstr.IntOrString",
  bytes: "[]uint8",
  json: "v1.FieldsV1",
};

type Structs = Map<string, Struct & { fields: ReadonlyMap<string, Field> }>;

/** The type of a name: `string`, `[]string`, `core.Container`. `go` is its own name, when it has one. */
const namedType = (structs: Structs, name: string, granular: boolean, go?: string): Type => {
  if (name.startsWith("[]")) {
    const item = namedType(structs, name.slice(2), false);
    return { _tag: "List", item, topology: "atomic", keys: [], go: go ?? `[]${item.go}` };
  }
  const struct = structs.get(name);
  return struct === undefined ? { _tag: "Scalar", atom: name as Atom, go: go ?? scalarGo[name] ?? name } : {
    _tag: "Struct",
    struct,
    atomic: struct.atomic && !granular,
    go: go ?? `v1.${name.slice(name.indexOf(".") + 1)}`,
  };
};

/** `[]v1.IPFamily` has items `v1.IPFamily`, `map[string]v1.ExtraValue` has `v1.ExtraValue`. */
const itemGo = (go: string | undefined): string | undefined => {
  const end = go?.indexOf("]") ?? -1;
  return end < 0 ? undefined : go?.slice(end + 1);
};

const fieldType = (
  structs: Structs,
  shape: string | undefined,
  name: string,
  granular: boolean,
  go?: string,
): Type => {
  if (shape === undefined) return namedType(structs, name, granular, go);
  const item = namedType(structs, name, granular, itemGo(go));
  if (shape.startsWith("{")) {
    return { _tag: "Map", item, atomic: shape === "{!}", go: go ?? `map[string]${item.go}` };
  }
  const keys = shape.slice(1, -1);
  const topology = keys === "" ? "atomic" : keys === "=" ? "set" : "map";
  return {
    _tag: "List",
    item,
    topology,
    keys: topology === "map" ? keys.split(",") : [],
    go: go ?? `[]${item.go}`,
  };
};

const parseField = (structs: Structs, text: string): Field => {
  const [
    ,
    name = "",
    pointer,
    always,
    required,
    shape,
    type = "",
    granular,
    strategy,
    key,
    fallback,
    go,
    inside,
  ] = pattern.exec(text) ?? [];
  const strategies = strategy?.split(",") ?? [];
  return {
    name,
    type: fieldType(structs, shape, type, granular === "+", go),
    pointer: pointer === "*",
    always: always === "!",
    required: required === "^",
    merges: strategies.includes("merge"),
    retainsKeys: strategies.includes("retainKeys"),
    ...(key === undefined ? {} : { mergeKey: key }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(inside === undefined ? {} : { embedded: inside }),
  };
};

const parse = (text: string): ReadonlyMap<string, Struct> => {
  const structs: Structs = new Map();
  const rows = text.trim().split("\n").map((line) => line.split(" "));
  for (const [head = ""] of rows) {
    const atomic = head.endsWith("!");
    const name = atomic ? head.slice(0, -1) : head;
    structs.set(name, { name, atomic, fields: new Map() });
  }
  for (const [head = "", ...fields] of rows) {
    const struct = structs.get(head.replace("!", ""));
    if (struct === undefined) continue;
    struct.fields = new Map(
      fields.map((field) => parseField(structs, field)).map((field) => [field.name, field]),
    );
  }
  return structs;
};

/** Every struct of the served kinds, by its name (`core.Pod`). */
export const structs: ReadonlyMap<string, Struct> = parse(fieldsText);
