import { at, isObject, listAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, Json } from "../object.ts";
import { keyOf, objectAt, visitAfter } from "../objects.ts";
import { objectsOf, type ServerState } from "../state.ts";
import type { User } from "../user.ts";
import { serviceAccountName } from "./tokens/claims.ts";
import { type Rule, rulesIn } from "./rbac_rules.ts";

const group = "rbac.authorization.k8s.io";

const isSubject = (user: User, subject: Json, namespace: string): boolean => {
  const name = textAt(subject, "name");
  switch (textAt(subject, "kind")) {
    case "User":
      return user.name === name;
    case "Group":
      return user.groups.includes(name);
    case "ServiceAccount": {
      const own = textAt(subject, "namespace") || namespace;
      return own !== "" && user.name === serviceAccountName(own, name);
    }
    default:
      return false;
  }
};

const matchesLabels = (role: ApiObject, selector: Json): boolean => {
  const labels = at(selector, "matchLabels");
  const entries = isObject(labels) ? Object.entries(labels) : [];
  const expressions = listAt(selector, "matchExpressions");
  const own = role.metadata.labels ?? {};
  return entries.every(([key, value]) => own[key] === value) &&
    expressions.every((expression) => matchesExpression(own, expression));
};

const matchesExpression = (labels: Readonly<Record<string, string>>, expression: Json): boolean => {
  const label = labels[textAt(expression, "key")];
  const values = listAt(expression, "values");
  switch (textAt(expression, "operator")) {
    case "In":
      return label !== undefined && values.includes(label);
    case "NotIn":
      return label === undefined || !values.includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return false;
  }
};

const clusterRoles = `clusterroles.${group}`;

/** The rules of a ClusterRole. One that aggregates others has theirs, looked up as they are now. */
const clusterRules = (state: ServerState, role: ApiObject, above: readonly string[]): readonly Rule[] => {
  const selectors = listAt(role, "aggregationRule", "clusterRoleSelectors");
  const { name } = role.metadata;
  if (selectors.length === 0) return rulesIn(role);
  if (above.includes(name)) return [];
  const rules: Rule[] = [];
  visitAfter(objectsOf(state, clusterRoles), "", (_, other) => {
    if (other.metadata.name !== name && selectors.some((selector) => matchesLabels(other, selector))) {
      rules.push(...clusterRules(state, other, [...above, name]));
    }
    return true;
  });
  return rules;
};

/** The rules of the role that a binding names; text says that there is none. */
export const rulesOfRef = (
  state: ServerState,
  binding: ApiObject,
  namespace: string,
): readonly Rule[] | string => {
  const name = textAt(binding, "roleRef", "name");
  const kind = textAt(binding, "roleRef", "kind");
  if (kind === "ClusterRole") {
    const role = objectAt(objectsOf(state, clusterRoles), name);
    return role === undefined
      ? `clusterrole.${group} ${JSON.stringify(name)} not found`
      : clusterRules(state, role, []);
  }
  const role = objectAt(objectsOf(state, `roles.${group}`), keyOf(namespace, name));
  return role === undefined ? `role.${group} ${JSON.stringify(name)} not found` : rulesIn(role);
};

/** Rules that somebody has, and the binding that gives them. */
export interface Grant {
  readonly rules: readonly Rule[];
  /** `ClusterRoleBinding "x" of ClusterRole "y" to Group "z"`. */
  readonly source: string;
  /** The binding names a role that does not exist. */
  readonly fault?: string;
}

const described = (subject: Json, namespace: string): string => {
  const kind = textAt(subject, "kind");
  const name = textAt(subject, "name");
  const own = textAt(subject, "namespace") || namespace;
  return `${kind} ${JSON.stringify(kind === "ServiceAccount" ? `${name}/${own}` : name)}`;
};

const grantOf = (
  state: ServerState,
  user: User,
  binding: ApiObject,
  namespace: string,
): Grant | undefined => {
  const subject = listAt(binding, "subjects").find((one) => isSubject(user, one, namespace));
  if (subject === undefined) return undefined;
  const kind = namespace === "" ? "ClusterRoleBinding" : "RoleBinding";
  const name = namespace === "" ? binding.metadata.name : `${binding.metadata.name}/${namespace}`;
  const role = `${textAt(binding, "roleRef", "kind")} ${JSON.stringify(textAt(binding, "roleRef", "name"))}`;
  const source = `${kind} ${JSON.stringify(name)} of ${role} to ${described(subject, namespace)}`;
  const rules = rulesOfRef(state, binding, namespace);
  return typeof rules === "string" ? { rules: [], source, fault: rules } : { rules, source };
};

/**
 * Visits what a user was granted: by ClusterRoleBindings, and by RoleBindings of `namespace` ("" for none), in that order, as
 * long as `visit` does not give `false`.
 */
export const visitGrants = (
  state: ServerState,
  user: User,
  namespace: string,
  visit: (grant: Grant) => boolean,
): void => {
  let goes = true;
  const each = (binding: ApiObject, within: string): boolean => {
    const grant = grantOf(state, user, binding, within);
    return goes = grant === undefined || visit(grant);
  };
  visitAfter(objectsOf(state, `clusterrolebindings.${group}`), "", (_, binding) => each(binding, ""));
  if (!goes || namespace === "") return;
  const prefix = keyOf(namespace, "");
  visitAfter(
    objectsOf(state, `rolebindings.${group}`),
    prefix,
    (key, binding) => key.startsWith(prefix) && each(binding, namespace),
  );
};
