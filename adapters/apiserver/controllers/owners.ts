import { apiVersionOf, type Kind, resourceOf } from "../kind.ts";
import { at, textAt } from "../kinds/fields.ts";
import { kinds } from "../kinds/kinds.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import {
  keyOf,
  noObjects,
  objectAt,
  type Objects,
  visitAfter,
  withObject,
  withoutObject,
} from "../objects.ts";
import type { Change } from "../response.ts";
import { sameJson } from "../same_json.ts";
import { objectsOf, type ServerState } from "../state.ts";

/** `metav1.OwnerReference`. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly isBlocked: boolean;
}

const kept: readonly Kind[] = kinds.filter(({ virtual, stored }) => virtual !== true && stored === undefined);

const byResource: ReadonlyMap<string, Kind> = new Map(kept.map((kind) => [resourceOf(kind), kind]));
const byName: ReadonlyMap<string, Kind> = new Map(
  kept.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind]),
);

export const kindOfResource = (resource: string): Kind | undefined => byResource.get(resource);

/** Where an object is served. */
export const pathOf = (kind: Kind, { metadata: { namespace, name } }: ApiObject): string =>
  `${kind.group === "" ? "/api" : "/apis"}/${apiVersionOf(kind)}${
    namespace === undefined ? "" : `/namespaces/${namespace}`
  }/${kind.plural}/${name}`;

const ownerOf = (reference: JsonObject): Owner => ({
  apiVersion: textAt(reference, "apiVersion"),
  kind: textAt(reference, "kind"),
  name: textAt(reference, "name"),
  uid: textAt(reference, "uid"),
  isBlocked: at(reference, "blockOwnerDeletion") === true,
});

export const ownersOf = ({ metadata }: ApiObject): readonly Owner[] =>
  (metadata.ownerReferences ?? []).map(ownerOf);

/** Kinds that are not served here may have objects elsewhere: nothing is known of their owners. */
export const isKnown = ({ apiVersion, kind }: Owner): boolean => byName.has(`${apiVersion} ${kind}`);

/** The resource that an owner is of. */
export const resourceOfOwner = ({ apiVersion, kind }: Owner): string | undefined => {
  const known = byName.get(`${apiVersion} ${kind}`);
  return known === undefined ? undefined : resourceOf(known);
};

/** The owner of an object, if there is one: in the object's namespace, or in none. */
export const ownerIn = (
  state: ServerState,
  of: ApiObject,
  { apiVersion, kind, name, uid }: Owner,
): ApiObject | undefined => {
  const known = byName.get(`${apiVersion} ${kind}`);
  if (known === undefined) return undefined;
  const namespace = known.namespaced ? of.metadata.namespace : undefined;
  const found = objectAt(objectsOf(state, resourceOf(known)), keyOf(namespace, name));
  return found?.metadata.uid === uid ? found : undefined;
};

/** Objects in the order of the UIDs of their owners, one under each: as they were when they got these owners. */
export type Dependents = Objects;

export const noDependents: Dependents = noObjects;

export const sameOwners = (a: ApiObject, b: ApiObject): boolean =>
  sameJson(a.metadata.ownerReferences, b.metadata.ownerReferences);

const indexKeys = (resource: string, object: ApiObject): readonly string[] => {
  const { ownerReferences, namespace, name } = object.metadata;
  return ownerReferences === undefined
    ? []
    : ownersOf(object).map(({ uid }) => `${uid}/${resource}/${keyOf(namespace, name)}`);
};

export const withDependent = (
  dependents: Dependents,
  { resource, type, object, previous }: Change,
): Dependents => {
  if (type === "MODIFIED" && previous !== undefined && sameOwners(previous, object)) return dependents;
  const before = indexKeys(resource, previous ?? object);
  const after = type === "DELETED" ? [] : indexKeys(resource, object);
  let next = dependents;
  for (const key of before) if (!after.includes(key)) next = withoutObject(next, key);
  for (const key of after) next = withObject(next, key, object);
  return next;
};

export interface Dependent {
  readonly resource: string;
  readonly object: ApiObject;
}

/** What depends on an object, as it is now. */
export const dependentsOf = (
  dependents: Dependents,
  state: ServerState,
  { metadata: { uid } }: ApiObject,
): readonly Dependent[] => {
  const found: Dependent[] = [];
  visitAfter(dependents, `${uid}/`, (key, indexed) => {
    if (!key.startsWith(`${uid}/`)) return false;
    const resource = key.split("/")[1] ?? "";
    const object = objectAt(objectsOf(state, resource), key.slice(uid.length + resource.length + 2));
    if (object?.metadata.uid === indexed.metadata.uid) found.push({ resource, object });
    return true;
  });
  return found;
};
