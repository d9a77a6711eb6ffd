import type { Cause } from "../api_error.ts";
import { forbiddenField, invalidValue, required } from "../kinds/causes.ts";
import { at, isObject, listAt, objectsAt, textAt } from "../kinds/fields.ts";
import { keyFaults } from "../kinds/selector_rules.ts";
import type { JsonObject } from "../object.ts";

const path = "spec.resourceAttributes";

/** Operators that are none are taken: nobody is allowed anything by them. */
const valuesFaults = (requirement: JsonObject, place: string): readonly Cause[] => {
  const operator = textAt(requirement, "operator"), count = listAt(requirement, "values").length;
  if (["In", "NotIn"].includes(operator) && count === 0) {
    return [required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  return ["Exists", "DoesNotExist"].includes(operator) && count > 0
    ? [
      forbiddenField(
        `${place}.values`,
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ),
    ]
    : [];
};

const fieldKeyFaults = (requirement: JsonObject, place: string): readonly Cause[] =>
  textAt(requirement, "key") === "" ? [required(`${place}.key`, "must be specified")] : [];

const faultsOf = (selector: JsonObject, name: string, keys: typeof keyFaults): readonly Cause[] => {
  const place = `${path}.${name}`, raw = textAt(selector, "rawSelector");
  const requirements = objectsAt(selector, "requirements");
  const missing = `when ${place} is specified, requirements or rawSelector is required`;
  return [
    ...(raw !== "" && requirements.length > 0
      ? [invalidValue(`${place}.rawSelector`, raw, "may not specified at the same time as requirements")]
      : []),
    ...(raw === "" && requirements.length === 0 ? [required(`${place}.requirements`, missing)] : []),
    ...requirements.flatMap((requirement, index) => {
      const where = `${place}.requirements[${index}]`;
      return [...valuesFaults(requirement, where), ...keys(requirement, where)];
    }),
  ];
};

/** Faults of the selectors to which a question about lists is restricted. */
export const askedSelectorFaults = (asked: JsonObject): readonly Cause[] => {
  const fields = at(asked, "fieldSelector"), labels = at(asked, "labelSelector");
  return [
    ...(isObject(fields) ? faultsOf(fields, "fieldSelector", fieldKeyFaults) : []),
    ...(isObject(labels) ? faultsOf(labels, "labelSelector", keyFaults) : []),
  ];
};
