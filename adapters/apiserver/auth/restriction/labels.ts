import { objectAt } from "../../kinds/fields.ts";
import type { JsonObject } from "../../object.ts";

/** Labels of Kubernetes' own that a kubelet sets on its Node. */
const kubeletLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
]);

const prefixOf = (label: string): string => label.includes("/") ? label.slice(0, label.indexOf("/")) : "";

const isWithin = (prefix: string, domain: string): boolean =>
  prefix === domain || prefix.endsWith(`.${domain}`);

const isKubelets = (label: string): boolean =>
  kubeletLabels.has(label) ||
  ["kubelet.kubernetes.io", "node.kubernetes.io"].some((domain) => isWithin(prefixOf(label), domain));

const isForbidden = (label: string): boolean => {
  const prefix = prefixOf(label);
  if (isWithin(prefix, "node-restriction.kubernetes.io")) return true;
  return (isWithin(prefix, "kubernetes.io") || isWithin(prefix, "k8s.io")) && !isKubelets(label);
};

/** The labels in which two objects differ. */
export const modifiedLabels = (
  object: JsonObject | undefined,
  before: JsonObject | undefined,
): readonly string[] => {
  const next = objectAt(object, "metadata", "labels");
  const old = objectAt(before, "metadata", "labels");
  return next === old
    ? []
    : [...new Set([...Object.keys(next), ...Object.keys(old)])].filter((key) => next[key] !== old[key]);
};

/** Those of the labels that a node must not touch on itself, as text: pods could be steered to it by them. */
export const forbiddenLabels = (labels: readonly string[]): string =>
  labels.filter(isForbidden).sort().join(", ");
