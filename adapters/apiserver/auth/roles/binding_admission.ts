import * as E from "fp-ts/lib/Either.js";
import { type ApiError, forbidden, notFound } from "../../api_error.ts";
import type { Context, Kind } from "../../kind.ts";
import { at, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import { sameJson } from "../../same_json.ts";
import { resourceAttributes } from "../attributes.ts";
import { authorize } from "../authorize.ts";
import { rulesOfRef } from "../rbac.ts";
import { escalationFault } from "./escalation.ts";

const group = "rbac.authorization.k8s.io";

type Plural = "rolebindings" | "clusterrolebindings";

const mayBind = (binding: ApiObject, { state, user }: Context): boolean => {
  // whether it makes sense is asked afterwards
  if (user.groups.includes("system:masters")) return true;
  const resource = textAt(binding, "roleRef", "kind") === "Role" ? "roles" : "clusterroles";
  const name = textAt(binding, "roleRef", "name");
  return [...new Set([binding.metadata.namespace ?? "", ""])].some((namespace) =>
    (namespace !== "" || resource === "clusterroles") &&
    authorize(state, user, resourceAttributes({ verb: "bind", group, resource, name, namespace })).allowed
  );
};

const admitted = (plural: Plural, binding: ApiObject, context: Context): E.Either<ApiError, ApiObject> => {
  if (mayBind(binding, context)) return E.right(binding);
  const namespace = binding.metadata.namespace ?? "";
  const rules = rulesOfRef(context.state, binding, namespace);
  if (typeof rules === "string") {
    return E.left(notFound({ group, plural, name: textAt(binding, "roleRef", "name") }));
  }
  const fault = escalationFault(context.state, context.user, namespace, rules);
  return fault === undefined
    ? E.right(binding)
    : E.left(forbidden({ group, plural, name: binding.metadata.name }, fault));
};

/** Nobody binds a role of more than they have. */
export const bindingAdmission = (plural: Plural): Pick<Kind, "onCreate" | "onUpdate"> => ({
  onCreate: (binding, context) => admitted(plural, binding, context),
  onUpdate: (next, before, _, context) =>
    sameJson(at(next, "subjects"), at(before, "subjects")) &&
      sameJson(at(next, "roleRef"), at(before, "roleRef"))
      ? E.right(next)
      : admitted(plural, next, context),
});
