import type { Cause } from "../api_error.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { sameFields } from "../same_json.ts";
import { forbiddenField, immutable, invalidValue, invalidValues, required, tooLong } from "./causes.ts";
import { at, entriesAt, listAt, objectsAt, textAt, textOf } from "./fields.ts";
import { bytesOf, dnsLabel, labelValue, qualifiedName } from "./name_rules.ts";

/** The most bytes that an object's annotations have together. */
const annotationBytes = 256 * 1024;

export type NameRule = (name: string) => readonly string[];

/** Keys and values of `metadata.labels`, `spec.nodeSelector`, … */
export const labelFaults = (
  path: string,
  labels: readonly (readonly [string, Json])[],
): readonly Cause[] =>
  labels.flatMap(([name, value]) => [
    ...invalidValues(path, name, qualifiedName(name)),
    ...invalidValues(path, textOf(value), labelValue(textOf(value))),
  ]);

const annotationFaults = (annotations: readonly (readonly [string, Json])[]): readonly Cause[] => {
  const path = "metadata.annotations";
  const size = annotations.reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(textOf(value)), 0);
  return [
    ...annotations.flatMap(([name]) => invalidValues(path, name, qualifiedName(name.toLowerCase()))),
    ...(size > annotationBytes ? [tooLong(path, annotationBytes)] : []),
  ];
};

const ownerFaults = (owner: JsonObject, path: string): readonly Cause[] => {
  const version = textAt(owner, "apiVersion").split("/").at(-1);
  const missing = (["kind", "name", "uid"] as const).filter((name) => textAt(owner, name) === "");
  return [
    ...(version === ""
      ? [invalidValue(`${path}.apiVersion`, textAt(owner, "apiVersion"), "version must not be empty")]
      : []),
    ...missing.map((name) => invalidValue(`${path}.${name}`, "", "must not be empty")),
  ];
};

const controllerFaults = (owners: readonly JsonObject[]): readonly Cause[] => {
  const names = owners
    .filter((owner) => at(owner, "controller") === true)
    .map((owner) => `${textAt(owner, "kind")}/${textAt(owner, "name")}`);
  return names.slice(1).map((name) =>
    invalidValue(
      "metadata.ownerReferences",
      owners,
      `Only one reference can have Controller set to true. Found "true" in references for ${
        names[0]
      } and ${name}`,
    )
  );
};

/** What holds of metadata on create and on update. */
const commonFaults = (object: ApiObject): readonly Cause[] => {
  const owners = objectsAt(object, "metadata", "ownerReferences");
  return [
    ...labelFaults("metadata.labels", entriesAt(object, "metadata", "labels")),
    ...annotationFaults(entriesAt(object, "metadata", "annotations")),
    ...owners.flatMap((owner) => ownerFaults(owner, "metadata.ownerReferences")),
    ...controllerFaults(owners),
  ];
};

const finalizersOf = (object: ApiObject): readonly string[] =>
  listAt(object, "metadata", "finalizers").filter((one): one is string => typeof one === "string");

const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

const finalizerKind = (name: string): readonly string[] =>
  name.includes("/") || standardFinalizers.has(name)
    ? []
    : ["name is neither a standard finalizer name nor is it fully qualified"];

/** What a namespace may wait for: `[domain/]name`, without a domain only what Kubernetes knows itself. */
export const finalizerName: NameRule = (name) => [...qualifiedName(name), ...finalizerKind(name)];

const unqualified = (object: ApiObject): readonly Cause[] =>
  finalizersOf(object).flatMap((name, index) =>
    invalidValues(`metadata.finalizers[${index}]`, name, finalizerKind(name))
  );

const namespaceFaults = (object: ApiObject, namespaced: boolean): readonly Cause[] => {
  const path = "metadata.namespace";
  const namespace = textAt(object, "metadata", "namespace");
  if (!namespaced) return namespace === "" ? [] : [forbiddenField(path, "not allowed on this type")];
  return namespace === "" ? [required(path)] : invalidValues(path, namespace, dnsLabel(namespace));
};

const newFaults = (object: ApiObject, namespaced: boolean, rule: NameRule): readonly Cause[] => {
  const name = textAt(object, "metadata", "name");
  const prefix = textAt(object, "metadata", "generateName");
  const prefixFaults = prefix === "" ? [] : rule(prefix.replace(/-$/, "a"));
  return [
    ...invalidValues("metadata.generateName", prefix, prefixFaults),
    ...(name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : invalidValues("metadata.name", name, rule(name))),
    ...namespaceFaults(object, namespaced),
    ...commonFaults(object),
    ...finalizersOf(object).flatMap((one) => invalidValues("metadata.finalizers", one, qualifiedName(one))),
    ...unqualified(object),
  ];
};

const unchanging = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

const newFinalizers = (object: ApiObject, before: ApiObject): readonly Cause[] => {
  if (before.metadata.deletionTimestamp === undefined) return [];
  const had = new Set(finalizersOf(before));
  const added = finalizersOf(object).filter((one) => !had.has(one)).sort();
  if (added.length === 0) return [];
  const list = added.map((one) => JSON.stringify(one)).join(", ");
  return [forbiddenField(
    "metadata.finalizers",
    `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
  )];
};

/** But for the owners of fields, which have no rules here. */
const sameMetadata = ({ metadata }: ApiObject, { metadata: before }: ApiObject): boolean =>
  metadata === before || sameFields({ ...metadata, managedFields: before.managedFields }, before);

/** What is as it was has been looked at when it became so. */
const changeFaults = (object: ApiObject, before: ApiObject): readonly Cause[] =>
  sameMetadata(object, before) ? [] : [
    ...newFinalizers(object, before),
    ...unchanging.flatMap((name) =>
      immutable(`metadata.${name}`, object.metadata[name], before.metadata[name])
    ),
    ...commonFaults(object),
    ...unqualified(object),
  ];

/** Faults of `metadata`: of a new object, or of a change. */
export const metaFaults = (
  object: ApiObject,
  before: ApiObject | undefined,
  { namespaced, name }: { readonly namespaced: boolean; readonly name: NameRule },
): readonly Cause[] =>
  before === undefined ? newFaults(object, namespaced, name) : changeFaults(object, before);
