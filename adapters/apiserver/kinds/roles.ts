import { bindingAdmission } from "../auth/roles/binding_admission.ts";
import { roleAdmission } from "../auth/roles/role_admission.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { bindingCells, bindingColumns, roleCells, roleColumns } from "../table/rbac_cells.ts";
import { define } from "./define.ts";
import { objectAt, textAt, withDefaults, withItems } from "./fields.ts";
import { pathSegment } from "./name_rules.ts";
import { aggregationFaults, bindingChangeFaults, bindingFaults, rbac, rulesFaults } from "./role_rules.ts";
import { validator } from "./rules.ts";

const subjectDefaults = (subject: JsonObject): JsonObject =>
  ["User", "Group"].includes(textAt(subject, "kind")) ? withDefaults(subject, { apiGroup: rbac }) : subject;

/** Roles are of one group; an empty one is none that was said. */
const bindingDefaults = (object: ApiObject): ApiObject => {
  const { apiGroup, ...reference } = objectAt(object, "roleRef");
  const roleRef = { ...reference, apiGroup: apiGroup === undefined || apiGroup === "" ? rbac : apiGroup };
  return { ...withItems(object, "subjects", subjectDefaults), roleRef };
};

const roleKind = (kind: "Role" | "ClusterRole"): Kind => {
  const namespaced = kind === "Role";
  const plural = namespaced ? "roles" : "clusterroles";
  return define({
    ...roleAdmission(plural),
    group: rbac,
    kind,
    plural,
    namespaced,
    columns: roleColumns,
    cells: roleCells,
    validate: validator({
      namespaced,
      name: pathSegment,
      faults: (object) => [...rulesFaults(object, namespaced), ...aggregationFaults(object)],
    }),
  });
};

const bindingKind = (kind: "RoleBinding" | "ClusterRoleBinding"): Kind => {
  const namespaced = kind === "RoleBinding";
  const plural = namespaced ? "rolebindings" : "clusterrolebindings";
  return define({
    ...bindingAdmission(plural),
    group: rbac,
    kind,
    plural,
    namespaced,
    columns: bindingColumns,
    cells: bindingCells,
    defaults: bindingDefaults,
    validate: validator({
      namespaced,
      name: pathSegment,
      faults: (object) => bindingFaults(object, namespaced),
      changeFaults: bindingChangeFaults,
    }),
  });
};

export const role: Kind = roleKind("Role");
export const clusterRole: Kind = roleKind("ClusterRole");
export const roleBinding: Kind = bindingKind("RoleBinding");
export const clusterRoleBinding: Kind = bindingKind("ClusterRoleBinding");
