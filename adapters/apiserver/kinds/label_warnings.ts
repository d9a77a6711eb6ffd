import type { ApiObject, JsonObject } from "../object.ts";
import { hard, soft } from "./affinity_rules.ts";
import { at, isObject, objectAt, objectsAt, textAt } from "./fields.ts";

/** Labels of nodes that have another name now, and since when. */
const renamed: Readonly<Record<string, readonly [since: string, name: string]>> = {
  "beta.kubernetes.io/arch": ["v1.14", "kubernetes.io/arch"],
  "beta.kubernetes.io/os": ["v1.14", "kubernetes.io/os"],
  "failure-domain.beta.kubernetes.io/region": ["v1.17", "topology.kubernetes.io/region"],
  "failure-domain.beta.kubernetes.io/zone": ["v1.17", "topology.kubernetes.io/zone"],
  "beta.kubernetes.io/instance-type": ["v1.17", "node.kubernetes.io/instance-type"],
};

const renamedText = (key: string): string | undefined => {
  const [since, name] = Object.hasOwn(renamed, key) ? renamed[key] ?? [] : [];
  return name === undefined ? undefined : `deprecated since ${since}; use ${JSON.stringify(name)} instead`;
};

const keyWarnings = (path: string, key: string): readonly string[] => {
  const text = renamedText(key);
  return text === undefined ? [] : [`${path}: ${key} is ${text}`];
};

const selectorWarnings = (term: JsonObject, path: string): readonly string[] =>
  isObject(at(term, "labelSelector"))
    ? []
    : [`${path}.labelSelector: a null labelSelector results in matching no pod`];

const expressionWarnings = (term: JsonObject, path: string): readonly string[] =>
  objectsAt(term, "matchExpressions").flatMap((requirement, index) =>
    keyWarnings(`${path}.matchExpressions[${index}].key`, textAt(requirement, "key"))
  );

const nodeAffinityWarnings = (spec: JsonObject): readonly string[] => {
  const affinity = objectAt(spec, "affinity", "nodeAffinity"), path = "spec.affinity.nodeAffinity";
  return [
    ...objectsAt(affinity, hard, "nodeSelectorTerms").flatMap((term, index) =>
      expressionWarnings(term, `${path}.${hard}.nodeSelectorTerms[${index}]`)
    ),
    ...objectsAt(affinity, soft).flatMap((wish, index) =>
      expressionWarnings(objectAt(wish, "preference"), `${path}.${soft}[${index}].preference`)
    ),
  ];
};

/** Where a pod's nodes are chosen by labels that are called otherwise now, or its spread counts no pods. */
export const nodeLabelWarnings = (pod: ApiObject): readonly string[] => {
  const spec = objectAt(pod, "spec");
  return [
    ...Object.keys(objectAt(spec, "nodeSelector")).flatMap((key) => {
      const text = renamedText(key);
      return text === undefined ? [] : [`spec.nodeSelector[${key}]: ${text}`];
    }),
    ...nodeAffinityWarnings(spec),
    ...objectsAt(spec, "topologySpreadConstraints").flatMap((constraint, index) => {
      const path = `spec.topologySpreadConstraints[${index}]`;
      return [
        ...keyWarnings(`${path}.topologyKey`, textAt(constraint, "topologyKey")),
        ...selectorWarnings(constraint, path),
      ];
    }),
  ];
};

/** Where a pod's affinity for others means none of them. */
export const podAffinityWarnings = (pod: ApiObject): readonly string[] =>
  ["podAffinity", "podAntiAffinity"].flatMap((name) => {
    const affinity = objectAt(pod, "spec", "affinity", name), path = `spec.affinity.${name}`;
    return [
      ...objectsAt(affinity, hard).flatMap((term, index) =>
        selectorWarnings(term, `${path}.${hard}[${index}]`)
      ),
      ...objectsAt(affinity, soft).flatMap((wish, index) =>
        selectorWarnings(objectAt(wish, "podAffinityTerm"), `${path}.${soft}[${index}].podAffinityTerm`)
      ),
    ];
  });
