// Arbitrary objects of the API server's kinds, made from its table of fields.
import type { Json, JsonObject } from "../../adapters/apiserver/object.ts";
import { type Atom, type Struct, structs, type Type } from "../../adapters/apiserver/schema/types.ts";
import fc from "./fast_check.ts";

const few = <A>(...values: readonly A[]): fc.Arbitrary<A> => fc.constantFrom(...values);

/** Few values, so that two objects often share some. */
const scalarOf = (atom: Atom): fc.Arbitrary<Json> => {
  switch (atom) {
    case "string":
      return few("a", "b", "c", "");
    case "bool":
      return fc.boolean();
    case "int32":
    case "int64":
    case "float64":
      return few(0, 1, 80);
    case "bytes":
      return few("YQ==", "");
    case "time":
      return few("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    case "microtime":
      return few("2020-01-01T00:00:00.000000Z");
    case "quantity":
      return few<Json>("1", "500m", "1Gi", "1000m");
    case "intstr":
      return few<Json>(80, "http");
    case "json":
      return few<Json>({});
  }
};

const itemsOf = (
  type: Type & { readonly _tag: "List" },
  depth: number,
  mergeKey: string | undefined,
): fc.Arbitrary<Json> => {
  const items = fc.array(valueOf(type.item, depth), { maxLength: 3 });
  const keys = type.keys.length === 0 && mergeKey !== undefined ? [mergeKey] : type.keys;
  if (type.topology !== "set" && keys.length === 0) return items;
  // keys are given to each item and are different ones, as in what the API server keeps
  return items.map((list) => {
    const seen = new Set<string>();
    return list.map((item, index) => {
      if (type.topology === "set") return `${item}` === "" ? "d" : item;
      return {
        ...item as JsonObject,
        ...Object.fromEntries(keys.map((key) => [key, keyOf(type.item, key, index)])),
      };
    }).filter((item) => {
      const id = JSON.stringify(
        type.topology === "set" ? item : keys.map((key) => (item as JsonObject)[key]),
      );
      return seen.has(id) ? false : (seen.add(id), true);
    });
  });
};

const keyOf = (item: Type, key: string, index: number): Json => {
  const field = item._tag === "Struct" ? item.struct.fields.get(key) : undefined;
  const isText = field?.type._tag === "Scalar" && field.type.atom === "string";
  return isText ? ["a", "b", "c"][index] ?? "d" : 80 + index;
};

const valueOf = (type: Type, depth: number, mergeKey?: string): fc.Arbitrary<Json> => {
  switch (type._tag) {
    case "Scalar":
      return scalarOf(type.atom);
    case "List":
      return itemsOf(type, depth, mergeKey);
    case "Map":
      return fc.dictionary(few("x", "y", "z/w"), valueOf(type.item, depth), { maxKeys: 3 });
    case "Struct":
      return structValue(type.struct, depth - 1);
  }
};

/** At most so many fields of a struct are set at once: all of a pod would be megabytes. */
const maxFields = 5;

const structValue = (struct: Struct, depth: number): fc.Arbitrary<Json> => {
  const fields = [...struct.fields.values()].filter(({ name, type }) =>
    name !== "managedFields" && (depth > 0 || type._tag === "Scalar")
  );
  return fc.subarray(fields, { maxLength: Math.min(maxFields, fields.length) }).chain((chosen) =>
    fc.record(
      Object.fromEntries(chosen.map(({ name, type, mergeKey }) => [name, valueOf(type, depth, mergeKey)])),
    )
  );
};

const bodyOf = (struct: Struct, parts: readonly string[]): fc.Arbitrary<JsonObject> => {
  const names = parts.filter((name) => struct.fields.has(name));
  const fields = names.flatMap((name) => {
    const field = struct.fields.get(name);
    return field === undefined ? [] : [[name, valueOf(field.type, 4)] as const];
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
};

/** An object of `v1` of the core group, with a name; what is in it makes no sense, but is of the right types. */
export const objectsOf = (
  kind: string,
  parts: readonly string[] = ["metadata", "spec", "status", "data"],
): fc.Arbitrary<JsonObject> => {
  const struct = structs.get(`core.${kind}`);
  if (struct === undefined) throw new Error(`no kind ${kind}`);
  return bodyOf(struct, parts).map((body) => ({
    apiVersion: "v1",
    kind,
    ...body,
    metadata: { ...(body["metadata"] as JsonObject | undefined), name: "n", resourceVersion: "1", uid: "u" },
  }));
};
