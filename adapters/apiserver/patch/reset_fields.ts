import { type Kind, resourceOf } from "../kind.ts";
import { difference, type FieldSet, isEmpty, noFields, onePath, outside, union } from "./field_set.ts";

const paths = (...texts: readonly string[]): FieldSet =>
  texts.map((text) => onePath(text.split(".").map((name) => `f:${name}`))).reduce(union, noFields);

const status = paths("status");
const spec = paths("spec");

/** Where a kind differs from the rule: `resource` or `resource/subresource` to what a write there does not reach. */
const exceptions: Readonly<Record<string, FieldSet>> = {
  "pods/status": paths("spec", "metadata.deletionTimestamp", "metadata.ownerReferences"),
  "namespaces/finalize": status,
  "certificatesigningrequests.certificates.k8s.io": paths("spec", "status"),
  "certificatesigningrequests.certificates.k8s.io/status": paths("spec", "status.conditions"),
  "certificatesigningrequests.certificates.k8s.io/approval": paths("spec", "status.certificate"),
  "volumeattachments.storage.k8s.io/status": paths("metadata", "spec"),
};

/** What alone a write to a subresource reaches. */
const reached: Readonly<Record<string, (set: FieldSet) => FieldSet>> = {
  "pods/ephemeralcontainers": (set) => onlyBelow(set, ["f:spec", "f:ephemeralContainers"]),
};

const onlyBelow = (set: FieldSet, path: readonly string[]): FieldSet => {
  const [step, ...rest] = path;
  if (step === undefined) return set;
  const child = onlyBelow(set.children.get(step) ?? noFields, rest);
  const kept = child === noFields ? [] : [[step, child] as const];
  return { member: false, children: new Map(kept) };
};

const unreachedAt = (kind: Kind, subresource: string): FieldSet => {
  const own = exceptions[subresource === "" ? resourceOf(kind) : `${resourceOf(kind)}/${subresource}`];
  if (own !== undefined) return own;
  if (subresource === "status") return spec;
  return subresource === "" && kind.subresources["status"] !== undefined ? status : noFields;
};

/** Of a set, what a write through this subresource may own: the others' parts of the object it does not reach. */
export const reachable = (kind: Kind, subresource: string, set: FieldSet): FieldSet => {
  if (isEmpty(set)) return set;
  const alone = reached[`${resourceOf(kind)}/${subresource}`];
  return alone === undefined ? outside(set, unreachedAt(kind, subresource)) : alone(set);
};

const unowned = paths(
  "apiVersion",
  "kind",
  "metadata",
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((name) => `metadata.${name}`),
);

/** What nobody owns: the object's identity and the server's own marks. */
export const withoutIdentity = (set: FieldSet): FieldSet => difference(set, unowned);
