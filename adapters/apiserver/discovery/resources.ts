import type { JsonObject } from "../object.ts";
import type { Kind, Subresource } from "../kind.ts";
import type { Verb } from "../verb.ts";
import type { AbsentKind } from "./absent.ts";

/** Group and version of what a subresource takes, when they are not its parent's: `policy`, `v1` of evictions. */
const foreign = (kind: Kind, { apiVersion }: Subresource): { group: string; version: string } | undefined => {
  if (apiVersion === undefined) return undefined;
  const at = apiVersion.indexOf("/");
  const group = at < 0 ? "" : apiVersion.slice(0, at);
  const version = apiVersion.slice(at + 1);
  return group === kind.group && version === kind.version ? undefined : { group, version };
};

const sorted = (verbs: readonly Verb[]): readonly Verb[] => [...verbs].sort();

const byName = <A>([a]: readonly [string, A], [b]: readonly [string, A]): number => a < b ? -1 : 1;

const subresourcesOf = (kind: Kind): readonly (readonly [string, Subresource])[] =>
  Object.entries(kind.subresources).sort(byName);

const names = (shortNames: readonly string[], categories: readonly string[]): JsonObject => ({
  ...(shortNames.length === 0 ? {} : { shortNames }),
  ...(categories.length === 0 ? {} : { categories }),
});

/** `metav1.APIResource` of a kind and of each of its subresources. */
export const apiResources = (kind: Kind): readonly JsonObject[] => [
  {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: sorted(kind.verbs),
    ...names(kind.shortNames, kind.categories),
  },
  ...subresourcesOf(kind).map(([name, subresource]) => ({
    name: `${kind.plural}/${name}`,
    singularName: "",
    namespaced: kind.namespaced,
    ...foreign(kind, subresource),
    kind: subresource.kind ?? kind.kind,
    verbs: sorted(subresource.verbs),
  })),
];

/** A resource that can be named and not used: without verbs no client lists it, but kubectl can ask for it. */
export const absentApiResource = (kind: AbsentKind): JsonObject => ({
  name: kind.plural,
  singularName: kind.kind.toLowerCase(),
  namespaced: kind.namespaced,
  kind: kind.kind,
  verbs: [],
  ...names(kind.shortNames, []),
});

const scope = (namespaced: boolean): string => namespaced ? "Namespaced" : "Cluster";

/** Empty where group and version are those under which the resource is listed. */
const responseKind = (
  kind: string,
  from?: { readonly group: string; readonly version: string },
): JsonObject => ({
  group: from?.group ?? "",
  version: from?.version ?? "",
  kind,
});

/** `apidiscovery/v2 APIResourceDiscovery` of a kind. */
export const discoveredResource = (kind: Kind): JsonObject => {
  const subresources = subresourcesOf(kind).map(([name, subresource]) => ({
    subresource: name,
    responseKind: responseKind(subresource.kind ?? kind.kind, foreign(kind, subresource)),
    verbs: sorted(subresource.verbs),
  }));
  return {
    resource: kind.plural,
    responseKind: responseKind(kind.kind),
    scope: scope(kind.namespaced),
    singularResource: kind.singular,
    verbs: sorted(kind.verbs),
    ...names(kind.shortNames, kind.categories),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
};

export const discoveredAbsent = (kind: AbsentKind): JsonObject => ({
  resource: kind.plural,
  responseKind: responseKind(kind.kind),
  scope: scope(kind.namespaced),
  singularResource: kind.kind.toLowerCase(),
  verbs: [],
  ...names(kind.shortNames, []),
});
