import * as E from "fp-ts/lib/Either.js";
import { type ApiError, forbidden } from "../../api_error.ts";
import type { Context, Kind } from "../../kind.ts";
import { at } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import { sameJson } from "../../same_json.ts";
import { resourceAttributes } from "../attributes.ts";
import { authorize } from "../authorize.ts";
import { type Rule, rulesIn } from "../rbac_rules.ts";
import { escalationFault } from "./escalation.ts";

const group = "rbac.authorization.k8s.io";

type Plural = "roles" | "clusterroles";

const everything: readonly Rule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

const mayEscalate = (plural: Plural, role: ApiObject, { state, user }: Context): boolean => {
  const { name, namespace = "" } = role.metadata;
  const asked = resourceAttributes({ verb: "escalate", group, resource: plural, namespace, name });
  return authorize(state, user, asked).allowed;
};

const admitted = (plural: Plural, role: ApiObject, context: Context): E.Either<ApiError, ApiObject> => {
  const { name, namespace = "" } = role.metadata;
  if (mayEscalate(plural, role, context)) return E.right(role);
  const refused = (why: string): E.Either<ApiError, never> => E.left(forbidden({ group, plural, name }, why));
  const isAggregate = at(role, "aggregationRule") !== undefined;
  if (isAggregate && escalationFault(context.state, context.user, "", everything) !== undefined) {
    return refused("must have cluster-admin privileges to use the aggregationRule");
  }
  const fault = escalationFault(context.state, context.user, namespace, rulesIn(role));
  return fault === undefined ? E.right(role) : refused(fault);
};

/** Nobody makes a role of more than they have. */
export const roleAdmission = (plural: Plural): Pick<Kind, "onCreate" | "onUpdate"> => ({
  onCreate: (role, context) => admitted(plural, role, context),
  onUpdate: (next, before, _, context) =>
    sameJson(at(next, "rules"), at(before, "rules")) &&
      sameJson(at(next, "aggregationRule"), at(before, "aggregationRule"))
      ? E.right(next)
      : admitted(plural, next, context),
});
