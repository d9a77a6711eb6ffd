import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { invalidValue, invalidValues, required } from "./causes.ts";
import { at, isObject, listAt, numberAt, objectAt, objectsAt, textAt, textOf } from "./fields.ts";
import type { NameRule } from "./meta_rules.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { countFaults, keyFaults, unknownOperator } from "./selector_rules.ts";

const expressionFaults = (requirement: JsonObject, path: string): readonly Cause[] => {
  const isCompared = ["Gt", "Lt"].includes(textAt(requirement, "operator"));
  if (!isCompared) return [...countFaults(requirement, path), ...keyFaults(requirement, path)];
  const single = listAt(requirement, "values").length === 1;
  const why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
  return [...(single ? [] : [required(`${path}.values`, why)]), ...keyFaults(requirement, path)];
};

/** What nodes can be selected by beside their labels. */
const fieldNames: Readonly<Record<string, NameRule>> = { "metadata.name": dnsSubdomain };

const fieldFaults = (requirement: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(requirement, "key"), values = listAt(requirement, "values");
  const rule = Object.hasOwn(fieldNames, key) ? fieldNames[key] : undefined;
  const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  const isKnown = ["In", "NotIn"].includes(textAt(requirement, "operator"));
  return [
    ...(isKnown ? [] : [unknownOperator(requirement, path)]),
    ...(isKnown && values.length !== 1 ? [required(`${path}.values`, why)] : []),
    ...(rule === undefined ? [invalidValue(`${path}.key`, key, "not a valid field selector key")] : []),
    ...values.flatMap((value, index) =>
      invalidValues(`${path}.values[${index}]`, textOf(value), rule?.(textOf(value)) ?? [])
    ),
  ];
};

const termFaults = (term: JsonObject, path: string): readonly Cause[] => [
  ...objectsAt(term, "matchExpressions").flatMap((requirement, index) =>
    expressionFaults(requirement, `${path}.matchExpressions[${index}]`)
  ),
  ...objectsAt(term, "matchFields").flatMap((requirement, index) =>
    fieldFaults(requirement, `${path}.matchFields[${index}]`)
  ),
];

/** How much a wish counts. */
export const weightFaults = (term: JsonObject, path: string): readonly Cause[] => {
  const weight = numberAt(term, "weight") ?? 0;
  return weight >= 1 && weight <= 100
    ? []
    : [invalidValue(`${path}.weight`, weight, "must be in the range 1-100")];
};

// what must be, and what should
export const hard = "requiredDuringSchedulingIgnoredDuringExecution";
export const soft = "preferredDuringSchedulingIgnoredDuringExecution";

/** Faults of a node selector: its terms, of which there must be one. */
export const nodeSelectorFaults = (selector: JsonObject, path: string): readonly Cause[] => {
  const terms = objectsAt(selector, "nodeSelectorTerms");
  if (terms.length === 0) {
    return [required(`${path}.nodeSelectorTerms`, "must have at least one node selector term")];
  }
  return terms.flatMap((term, index) => termFaults(term, `${path}.nodeSelectorTerms[${index}]`));
};

/** Faults of `spec.affinity.nodeAffinity`. */
export const nodeAffinityFaults = (spec: JsonObject): readonly Cause[] => {
  const affinity = objectAt(spec, "affinity", "nodeAffinity");
  const path = "spec.affinity.nodeAffinity";
  const selector = at(affinity, hard);
  return [
    ...(isObject(selector) ? nodeSelectorFaults(selector, `${path}.${hard}`) : []),
    ...objectsAt(affinity, soft).flatMap((term, index) => {
      const place = `${path}.${soft}[${index}]`;
      return [
        ...weightFaults(term, place),
        ...termFaults(objectAt(term, "preference"), `${place}.preference`),
      ];
    }),
  ];
};
