import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { forbiddenField, invalidValue, invalidValues, required } from "./causes.ts";
import { at, isObject, listAt, numberAt, objectAt, objectsAt, textAt, textOf } from "./fields.ts";
import { labelValue, qualifiedName } from "./name_rules.ts";

const countFaults = (requirement: JsonObject, path: string): readonly Cause[] => {
  const values = listAt(requirement, "values").length;
  switch (textAt(requirement, "operator")) {
    case "In":
    case "NotIn":
      return values > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values === 0 ? [] : [
        forbiddenField(
          `${path}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      ];
    case "Gt":
    case "Lt":
      return values === 1
        ? []
        : [required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [
        invalidValue(`${path}.operator`, textAt(requirement, "operator"), "not a valid selector operator"),
      ];
  }
};

const requirementFaults = (requirement: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(requirement, "key");
  return [
    ...countFaults(requirement, path),
    ...invalidValues(`${path}.key`, key, qualifiedName(key)),
    ...listAt(requirement, "values").flatMap((value, index) =>
      invalidValues(`${path}.values[${index}]`, textOf(value), labelValue(textOf(value)))
    ),
  ];
};

const termFaults = (term: JsonObject, path: string): readonly Cause[] =>
  objectsAt(term, "matchExpressions").flatMap((requirement, index) =>
    requirementFaults(requirement, `${path}.matchExpressions[${index}]`)
  );

const weightFaults = (term: JsonObject, path: string): readonly Cause[] => {
  const weight = numberAt(term, "weight") ?? 0;
  return weight >= 1 && weight <= 100
    ? []
    : [invalidValue(`${path}.weight`, weight, "must be in the range 1-100")];
};

const hard = "requiredDuringSchedulingIgnoredDuringExecution";
const soft = "preferredDuringSchedulingIgnoredDuringExecution";

/** Faults of a node selector: its terms, of which there must be one. */
export const nodeSelectorFaults = (selector: JsonObject, path: string): readonly Cause[] => {
  const terms = objectsAt(selector, "nodeSelectorTerms");
  if (terms.length === 0) {
    return [required(`${path}.nodeSelectorTerms`, "must have at least one node selector term")];
  }
  return terms.flatMap((term, index) => termFaults(term, `${path}.nodeSelectorTerms[${index}]`));
};

/** Faults of `spec.affinity.nodeAffinity`: what a scheduler here looks at. Affinity of pods is taken as it is. */
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
