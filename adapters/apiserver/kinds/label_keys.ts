import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { hard, soft } from "./affinity_rules.ts";
import { forbiddenField, invalidValue, invalidValues } from "./causes.ts";
import { at, isObject, listAt, objectAt, textAt, textsAt, withField, withItems } from "./fields.ts";
import { qualifiedName } from "./name_rules.ts";

// Keys of labels that stand for the pod's own values of them: `matchLabelKeys` and `mismatchLabelKeys`.

/** Faults of keys beside a selector, which must be there. */
export const labelKeyFaults = (term: JsonObject, list: string, path: string): readonly Cause[] => {
  const keys = textsAt(term, list);
  if (keys.length === 0) return [];
  if (!isObject(at(term, "labelSelector"))) {
    return [forbiddenField(`${path}.${list}`, "must not be specified when labelSelector is not set")];
  }
  return keys.flatMap((key, index) => invalidValues(`${path}.${list}[${index}]`, key, qualifiedName(key)));
};

/** Faults of keys that are in both lists of a term. */
export const bothWaysFaults = (term: JsonObject, path: string): readonly Cause[] => {
  const others = new Set(textsAt(term, "mismatchLabelKeys"));
  return textsAt(term, "matchLabelKeys").flatMap((key, index) =>
    others.has(key)
      ? [
        invalidValue(
          `${path}.matchLabelKeys[${index}]`,
          key,
          "exists in both matchLabelKeys and mismatchLabelKeys",
        ),
      ]
      : []
  );
};

const ways = { matchLabelKeys: "In", mismatchLabelKeys: "NotIn" } as const;

/** The term with its keys written out, as far as the pod has such labels. */
const writtenOut = (term: JsonObject, labels: JsonObject): JsonObject => {
  const added = Object.entries(ways).flatMap(([list, operator]) =>
    textsAt(term, list)
      .filter((key) => Object.hasOwn(labels, key))
      .map((key) => ({ key, operator, values: [textAt(labels, key)] }))
  );
  if (added.length === 0 || !isObject(at(term, "labelSelector"))) return term;
  const selector = objectAt(term, "labelSelector");
  const matchExpressions = [...listAt(selector, "matchExpressions"), ...added];
  return { ...term, labelSelector: { ...selector, matchExpressions } };
};

/** A new pod, whose terms select by the labels that it is made with. */
export const withLabelKeys = (pod: ApiObject): ApiObject => {
  const labels = objectAt(pod, "metadata", "labels");
  const write = (term: JsonObject): JsonObject => writtenOut(term, labels);
  const inTerms = (affinity: JsonObject, name: string): JsonObject =>
    withField(affinity, name, (value) =>
      isObject(value)
        ? withItems(
          withItems(value, hard, write),
          soft,
          (wish) => withField(wish, "podAffinityTerm", (term) => isObject(term) ? write(term) : term),
        )
        : value);
  return withField(pod, "spec", (spec) =>
    isObject(spec)
      ? withField(
        withItems(spec, "topologySpreadConstraints", write),
        "affinity",
        (affinity) =>
          isObject(affinity) ? inTerms(inTerms(affinity, "podAffinity"), "podAntiAffinity") : affinity,
      )
      : spec);
};
