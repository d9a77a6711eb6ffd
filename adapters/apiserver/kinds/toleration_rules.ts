import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { invalidValue, invalidValues, notSupported } from "./causes.ts";
import { at, textAt } from "./fields.ts";
import { labelValue, qualifiedName } from "./name_rules.ts";

/** What a taint does to pods that do not tolerate it. */
export const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

const operatorFaults = (toleration: JsonObject, path: string): readonly Cause[] => {
  const operator = textAt(toleration, "operator"), value = textAt(toleration, "value");
  const place = `${path}.operator`;
  switch (operator) {
    case "":
    case "Equal": {
      const bad = labelValue(value);
      return bad.length === 0 ? [] : [invalidValue(place, value, bad.join(";"))];
    }
    case "Exists":
      return value === ""
        ? []
        : [invalidValue(place, value, "value must be empty when `operator` is 'Exists'")];
    case "Lt":
    case "Gt":
      return [notSupported(place, operator, ["Equal", "Exists", "Lt", "Gt"])];
    default:
      return [notSupported(place, operator, ["Equal", "Exists"])];
  }
};

const tolerationFaults = (toleration: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(toleration, "key"), operator = textAt(toleration, "operator");
  const effect = textAt(toleration, "effect");
  const every = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
  const isTimed = at(toleration, "tolerationSeconds") !== undefined;
  return [
    ...(key === "" ? [] : invalidValues(`${path}.key`, key, qualifiedName(key))),
    ...(key === "" && operator !== "Exists" ? [invalidValue(`${path}.operator`, operator, every)] : []),
    ...(isTimed && effect !== "NoExecute"
      ? [invalidValue(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
      : []),
    ...operatorFaults(toleration, path),
    ...(effect === "" || taintEffects.some((one) => one === effect)
      ? []
      : [notSupported(`${path}.effect`, effect, taintEffects)]),
  ];
};

/** Faults of `spec.tolerations`. */
export const tolerationsFaults = (tolerations: readonly JsonObject[]): readonly Cause[] =>
  tolerations.flatMap((toleration, index) => tolerationFaults(toleration, `spec.tolerations[${index}]`));
