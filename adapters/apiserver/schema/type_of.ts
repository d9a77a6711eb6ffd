import { type Struct, structs, type Type } from "./types.ts";

/** What names a type: `Pod` of `""` and `v1`. */
export interface TypeName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What `kind` and `apiVersion` of an object name. */
export const typeNameOf = (
  { kind, apiVersion }: { readonly kind: string; readonly apiVersion: string },
): TypeName => {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  return { group, version, kind };
};

/** `core.Pod`, `rbac.Role`: a group by its first word, as OpenAPI names them. */
export const structName = ({ group, kind }: Pick<TypeName, "group" | "kind">): string =>
  kind === "DeleteOptions"
    ? "meta.DeleteOptions"
    : `${group === "" ? "core" : group.split(".", 1)[0]}.${kind}`;

/** By kind and group: both are asked for with every write. */
const known = new Map<string, Map<string, Struct>>();

/** The fields of a kind, or nothing for one that is not in the table. All of it is `v1`. */
export const structOf = (name: TypeName): Struct | undefined => {
  const before = known.get(name.kind)?.get(name.group);
  if (before !== undefined) return before;
  const found = structs.get(structName(name));
  if (found === undefined) return undefined;
  const groups = known.get(name.kind) ?? new Map<string, Struct>();
  known.set(name.kind, groups.set(name.group, found));
  return found;
};

const types = new WeakMap<Struct, Type>();

export const typeOf = (struct: Struct): Type => {
  const found = types.get(struct);
  if (found !== undefined) return found;
  const type: Type = {
    _tag: "Struct",
    struct,
    atomic: false,
    go: `v1.${struct.name.slice(struct.name.indexOf(".") + 1)}`,
  };
  types.set(struct, type);
  return type;
};
