import type { ApiRequest } from "../../../core/kubernetes/request.ts";

/** A resource that the API server has, as its discovery tells of it. */
export interface Resource {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** `pods`, `leases.coordination.k8s.io`. */
export const resourceName = ({ group, plural }: Resource): string =>
  group === "" ? plural : `${plural}.${group}`;

/** `pod/web`, `lease.coordination.k8s.io/a`: as `-o name` prints it. */
export const objectName = ({ group, kind }: Pick<Resource, "group" | "kind">, name: string): string =>
  `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;

const base = ({ group, version }: Resource): string =>
  group === "" ? `/api/${version}` : `/apis/${group}/${version}`;

/** The path of a collection: of all namespaces when `namespace` is absent. */
export const collectionPath = (resource: Resource, namespace: string | undefined): string => {
  const within = resource.namespaced && namespace !== undefined;
  return `${base(resource)}${
    within ? `/namespaces/${encodeURIComponent(namespace)}` : ""
  }/${resource.plural}`;
};

export const objectPath = (resource: Resource, namespace: string, name: string): string =>
  `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;

const has = (resource: Resource, word: string): boolean => {
  const { group, version, plural, singular, shortNames, kind } = resource;
  const [name = "", ...rest] = word.toLowerCase().split(".");
  const place = rest.join(".");
  const names = [plural, singular, kind.toLowerCase(), ...shortNames];
  return names.includes(name) && (place === "" || place === group || place === `${version}.${group}`);
};

/** The first resource that a word means: `pods`, `pod`, `po`, `Pod`, `events.events.k8s.io`. */
export const findResource = (resources: readonly Resource[], word: string): Resource | undefined =>
  resources.find((resource) => has(resource, word));

/** The resource of objects with this `apiVersion` and `kind`. */
export const resourceOfKind = (
  resources: readonly Resource[],
  apiVersion: string,
  kind: string,
): Resource | undefined =>
  resources.find((resource) =>
    resource.kind === kind &&
    (resource.group === "" ? resource.version : `${resource.group}/${resource.version}`) === apiVersion
  );

/** Tables for people; what has none is answered as it is. */
export const asTable: Pick<ApiRequest, "accept"> = {
  accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
};
