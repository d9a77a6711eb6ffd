import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { hard, soft, weightFaults } from "./affinity_rules.ts";
import { invalidValues, required } from "./causes.ts";
import { at, isObject, objectAt, objectsAt, textAt, textsAt } from "./fields.ts";
import { bothWaysFaults, labelKeyFaults } from "./label_keys.ts";
import { dnsLabel, qualifiedName } from "./name_rules.ts";
import { labelSelectorFaults } from "./selector_rules.ts";

const selectorFaults = (term: JsonObject, name: string, path: string): readonly Cause[] => {
  const selector = at(term, name);
  return isObject(selector) ? labelSelectorFaults(selector, `${path}.${name}`) : [];
};

const termFaults = (term: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(term, "topologyKey"), place = `${path}.topologyKey`;
  return [
    ...selectorFaults(term, "labelSelector", path),
    ...selectorFaults(term, "namespaceSelector", path),
    ...textsAt(term, "namespaces").flatMap((name) =>
      invalidValues(`${path}.namespace`, name, dnsLabel(name))
    ),
    ...labelKeyFaults(term, "matchLabelKeys", path),
    ...labelKeyFaults(term, "mismatchLabelKeys", path),
    ...bothWaysFaults(term, path),
    ...(key === "" ? [required(place, "can not be empty")] : []),
    ...invalidValues(place, key, qualifiedName(key)),
  ];
};

/** Faults of `spec.affinity.podAffinity` and `podAntiAffinity`: nothing here schedules by them. */
export const podAffinityFaults = (spec: JsonObject): readonly Cause[] =>
  ["podAffinity", "podAntiAffinity"].flatMap((name) => {
    const affinity = objectAt(spec, "affinity", name), path = `spec.affinity.${name}`;
    return [
      ...objectsAt(affinity, hard).flatMap((term, index) => termFaults(term, `${path}.${hard}[${index}]`)),
      ...objectsAt(affinity, soft).flatMap((wish, index) => {
        const place = `${path}.${soft}[${index}]`;
        const term = objectAt(wish, "podAffinityTerm");
        return [...weightFaults(wish, place), ...termFaults(term, `${place}.podAffinityTerm`)];
      }),
    ];
  });
