import { at, isObject } from "../kinds/fields.ts";
import { textsAt } from "./texts.ts";
import type { Json } from "../object.ts";
import type { Attributes } from "./attributes.ts";

/** `rbac.authorization.k8s.io/v1 PolicyRule`. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** A stored rule; a list that is absent is empty. */
export const ruleOf = (value: Json): Required<Rule> => ({
  verbs: textsAt(value, "verbs"),
  apiGroups: textsAt(value, "apiGroups"),
  resources: textsAt(value, "resources"),
  resourceNames: textsAt(value, "resourceNames"),
  nonResourceURLs: textsAt(value, "nonResourceURLs"),
});

/** The rules of a stored Role or ClusterRole. */
export const rulesIn = (role: Json | undefined): readonly Required<Rule>[] => {
  const rules = at(role, "rules");
  return Array.isArray(rules) ? rules.filter(isObject).map(ruleOf) : [];
};

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes("*") || list.includes(value));

const matchesPath = (pattern: string, path: string): boolean =>
  pattern === "*" || pattern === path ||
  (pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, "")));

const matchesResource = (rule: Rule, resource: string, subresource: string): boolean =>
  has(rule.resources, subresource === "" ? resource : `${resource}/${subresource}`) ||
  (subresource !== "" && rule.resources?.includes(`*/${subresource}`) === true);

const matchesName = ({ resourceNames = [] }: Rule, name: string): boolean =>
  resourceNames.length === 0 || resourceNames.includes(name);

/** Whether one rule allows it: a rule only ever allows. */
export const ruleAllows = (rule: Rule, attributes: Attributes): boolean => {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes._tag === "Path") {
    return (rule.nonResourceURLs ?? []).some((pattern) => matchesPath(pattern, attributes.path));
  }
  const { group, resource, subresource, name } = attributes;
  return has(rule.apiGroups, group) && matchesResource(rule, resource, subresource) &&
    matchesName(rule, name);
};
