import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { forbiddenField, invalidValue, invalidValues, required } from "./causes.ts";
import { entriesAt, listAt, objectsAt, textAt, textOf } from "./fields.ts";
import { labelFaults } from "./meta_rules.ts";
import { labelValue, qualifiedName } from "./name_rules.ts";

export const unknownOperator = (requirement: JsonObject, path: string): Cause =>
  invalidValue(`${path}.operator`, textAt(requirement, "operator"), "not a valid selector operator");

/** Whether the operators that every selector knows have the values that they need. */
export const countFaults = (requirement: JsonObject, path: string): readonly Cause[] => {
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
    default:
      return [unknownOperator(requirement, path)];
  }
};

/** Whether a requirement's key and values are those of labels. */
export const keyFaults = (requirement: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(requirement, "key");
  return [
    ...invalidValues(`${path}.key`, key, qualifiedName(key)),
    ...listAt(requirement, "values").flatMap((value, index) =>
      invalidValues(`${path}.values[${index}]`, textOf(value), labelValue(textOf(value)))
    ),
  ];
};

/** Faults of a selector of labels: of pods, of namespaces. */
export const labelSelectorFaults = (selector: JsonObject, path: string): readonly Cause[] => [
  ...labelFaults(`${path}.matchLabels`, entriesAt(selector, "matchLabels")),
  ...objectsAt(selector, "matchExpressions").flatMap((requirement, index) => {
    const place = `${path}.matchExpressions[${index}]`;
    return [...countFaults(requirement, place), ...keyFaults(requirement, place)];
  }),
];
