import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { duplicate, invalidValue, notSupported, required } from "./causes.ts";
import { at, isObject, numberAt, objectAt, objectsAt, textAt, textsAt } from "./fields.ts";
import { labelKeyFaults } from "./label_keys.ts";
import { labelSelectorFaults } from "./selector_rules.ts";

const choices = ["DoNotSchedule", "ScheduleAnyway"] as const;
const policies = ["Honor", "Ignore"] as const;

const positive = "must be greater than zero";

const pairOf = (constraint: JsonObject): string =>
  `{${textAt(constraint, "topologyKey")}, ${textAt(constraint, "whenUnsatisfiable")}}`;

const domainFaults = (constraint: JsonObject, path: string): readonly Cause[] => {
  const domains = numberAt(constraint, "minDomains"), choice = textAt(constraint, "whenUnsatisfiable");
  if (domains === undefined) return [];
  const place = `${path}.minDomains`;
  const only = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${choice}`;
  return [
    ...(domains > 0 ? [] : [invalidValue(place, domains, positive)]),
    ...(choice === "DoNotSchedule" ? [] : [invalidValue(place, domains, only)]),
  ];
};

const policyFaults = (constraint: JsonObject, name: string, path: string): readonly Cause[] => {
  const policy = at(constraint, name);
  return policy === undefined || policies.some((one) => one === policy)
    ? []
    : [notSupported(`${path}.${name}`, policy, policies)];
};

/**
 * Keys that the selector has too, beside what a pod's labels have written into it for these keys. The real server tells
 * the place of the list without its name.
 */
const alreadySelected = (constraint: JsonObject, path: string, labels: JsonObject): readonly Cause[] => {
  const selector = objectAt(constraint, "labelSelector");
  const selected = [
    ...Object.keys(objectAt(selector, "matchLabels")),
    ...objectsAt(selector, "matchExpressions").map((requirement) => textAt(requirement, "key")),
  ];
  return textsAt(constraint, "matchLabelKeys").flatMap((key, index) => {
    const written = Object.hasOwn(labels, key) ? 1 : 0;
    return selected.filter((one) => one === key).length > written
      ? [invalidValue(`${path}[${index}]`, key, "exists in both matchLabelKeys and labelSelector")]
      : [];
  });
};

const constraintFaults = (
  constraint: JsonObject,
  path: string,
  twice: boolean,
  labels: JsonObject | undefined,
): readonly Cause[] => {
  const skew = numberAt(constraint, "maxSkew") ?? 0, key = textAt(constraint, "topologyKey");
  const choice = textAt(constraint, "whenUnsatisfiable"), selector = at(constraint, "labelSelector");
  const pair = `${path}.{topologyKey, whenUnsatisfiable}`;
  return [
    ...(skew > 0 ? [] : [invalidValue(`${path}.maxSkew`, skew, positive)]),
    ...(key === "" ? [required(`${path}.topologyKey`, "can not be empty")] : []),
    ...(choices.some((one) => one === choice)
      ? []
      : [notSupported(`${path}.whenUnsatisfiable`, choice, choices)]),
    ...(twice ? [duplicate(pair, pairOf(constraint))] : []),
    ...domainFaults(constraint, path),
    ...policyFaults(constraint, "nodeAffinityPolicy", path),
    ...policyFaults(constraint, "nodeTaintsPolicy", path),
    ...labelKeyFaults(constraint, "matchLabelKeys", path),
    ...(labels === undefined ? [] : alreadySelected(constraint, path, labels)),
    ...(isObject(selector) ? labelSelectorFaults(selector, `${path}.labelSelector`) : []),
  ];
};

/** Faults of `spec.topologySpreadConstraints`: nothing here schedules by them. `labels` are those of a new pod. */
export const spreadFaults = (spec: JsonObject, labels: JsonObject | undefined): readonly Cause[] => {
  const constraints = objectsAt(spec, "topologySpreadConstraints");
  const pairs = constraints.map(pairOf);
  return constraints.flatMap((constraint, index) => {
    const twice = pairs.lastIndexOf(pairs[index] ?? "") > index;
    return constraintFaults(constraint, `spec.topologySpreadConstraints[${index}]`, twice, labels);
  });
};
