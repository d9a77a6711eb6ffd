import { entriesAt, objectAt, objectsAt } from "../../kinds/fields.ts";
import type { ApiObject, Json } from "../../object.ts";

/** `v1.NodeSelectorRequirement`. */
interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** `v1.NodeSelectorTerm`: all of it has to hold. */
export interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/** `v1.PreferredSchedulingTerm`. */
export interface Preference {
  readonly weight: number;
  readonly preference: Term;
}

type Labels = Readonly<Record<string, string>>;

const whole = /^[+-]?\d+$/;

const compares = (operator: "Gt" | "Lt", value: string | undefined, bound: string | undefined): boolean => {
  if (value === undefined || bound === undefined || !whole.test(value) || !whole.test(bound)) return false;
  return operator === "Gt" ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
};

const holds = ({ key, operator, values = [] }: Requirement, labels: Labels): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt":
      return compares(operator, value, values[0]);
    default:
      return false;
  }
};

/** Whether a node of these labels and this name is meant; a term that says nothing means none. */
export const termMatches = (term: Term, labels: Labels, name: string): boolean => {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return matchExpressions.every((requirement) => holds(requirement, labels)) &&
    matchFields.every((requirement) => holds(requirement, { "metadata.name": name }));
};

/** Where a pod may run and where it would rather: its selector and the parts of its affinity that are of nodes. */
export interface NodeWishes {
  readonly selector: readonly (readonly [string, Json])[];
  /** Absent: every node. One of them has to hold. */
  readonly terms?: readonly Term[];
  /** The only nodes that `terms` can mean, when they name nodes. */
  readonly names?: ReadonlySet<string>;
  readonly preferences: readonly Preference[];
}

const requiredKey = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredKey = "preferredDuringSchedulingIgnoredDuringExecution";

const namesIn = (terms: readonly Term[]): ReadonlySet<string> | undefined => {
  const all = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === "metadata.name" && operator === "In")
      .map(({ values = [] }) => values);
    const [first, ...others] = lists;
    if (first === undefined) return undefined;
    for (const name of first) if (others.every((list) => list.includes(name))) all.add(name);
  }
  return all;
};

// The kinds have checked what is stored, so that these are what they are said to be.
export const termsAt = (json: Json | undefined, ...path: readonly string[]): readonly Term[] =>
  objectsAt(json, ...path) as readonly unknown[] as readonly Term[];

export const nodeWishesOf = (pod: ApiObject): NodeWishes => {
  const affinity = objectAt(pod, "spec", "affinity", "nodeAffinity");
  const selector = entriesAt(pod, "spec", "nodeSelector");
  const preferences = objectsAt(affinity, preferredKey) as readonly unknown[] as readonly Preference[];
  if (affinity[requiredKey] === undefined) return { selector, preferences };
  const terms = termsAt(affinity, requiredKey, "nodeSelectorTerms"), names = namesIn(terms);
  return { selector, preferences, terms, ...(names === undefined ? {} : { names }) };
};

export const labelsOf = (node: ApiObject): Labels => node.metadata.labels ?? {};

/** Whether the node is one on which the pod may run. */
export const isWished = ({ selector, terms }: NodeWishes, labels: Labels, name: string): boolean =>
  selector.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
  (terms === undefined || terms.some((term) => termMatches(term, labels, name)));

/** How much the pod would rather run on it. */
export const preferenceFor = ({ preferences }: NodeWishes, labels: Labels, name: string): number => {
  let sum = 0;
  for (const { weight, preference } of preferences) {
    if (isEmpty(preference) || termMatches(preference, labels, name)) sum += weight;
  }
  return sum;
};

/** Unlike a requirement, a preference that says nothing means every node. */
const isEmpty = ({ matchExpressions = [], matchFields = [] }: Term): boolean =>
  matchExpressions.length === 0 && matchFields.length === 0;
