import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { invalidValue, invalidValues, notSupported, required } from "./causes.ts";
import { at, isObject, listAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { dnsSubdomain, pathSegment } from "./name_rules.ts";

export const rbac = "rbac.authorization.k8s.io";

const ruleFaults = (rule: JsonObject, namespaced: boolean, path: string): readonly Cause[] => {
  const urls = listAt(rule, "nonResourceURLs");
  const verbs = listAt(rule, "verbs").length === 0
    ? [required(`${path}.verbs`, "verbs must contain at least one value")]
    : [];
  const lists = (["apiGroups", "resources", "resourceNames"] as const).filter((name) =>
    listAt(rule, name).length > 0
  );
  if (urls.length > 0) {
    const place = `${path}.nonResourceURLs`;
    const both = "rules cannot apply to both regular resources and non-resource URLs";
    return [
      ...verbs,
      ...(namespaced
        ? [invalidValue(place, urls, "namespaced rules cannot apply to non-resource URLs")]
        : []),
      ...(lists.length > 0 ? [invalidValue(place, urls, both)] : []),
    ];
  }
  return [
    ...verbs,
    ...(lists.includes("apiGroups")
      ? []
      : [required(`${path}.apiGroups`, "resource rules must supply at least one api group")]),
    ...(lists.includes("resources")
      ? []
      : [required(`${path}.resources`, "resource rules must supply at least one resource")]),
  ];
};

/** Faults of what a role allows. */
export const rulesFaults = (object: ApiObject, namespaced: boolean): readonly Cause[] =>
  objectsAt(object, "rules").flatMap((rule, index) => ruleFaults(rule, namespaced, `rules[${index}]`));

/** Faults of the roles that a ClusterRole is gathered from. */
export const aggregationFaults = (object: ApiObject): readonly Cause[] =>
  isObject(at(object, "aggregationRule")) &&
    listAt(object, "aggregationRule", "clusterRoleSelectors").length === 0
    ? [required(
      "aggregationRule.clusterRoleSelectors",
      "at least one clusterRoleSelector required if aggregationRule is non-nil",
    )]
    : [];

const subjectKinds = ["ServiceAccount", "User", "Group"] as const;

const subjectFaults = (subject: JsonObject, namespaced: boolean, path: string): readonly Cause[] => {
  const name = textAt(subject, "name"), kind = textAt(subject, "kind"), group = textAt(subject, "apiGroup");
  const unnamed = name === "" ? [required(`${path}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      return [
        ...unnamed,
        ...(name === "" ? [] : invalidValues(`${path}.name`, name, dnsSubdomain(name))),
        ...(group === "" ? [] : [notSupported(`${path}.apiGroup`, group, [""])]),
        ...(!namespaced && textAt(subject, "namespace") === "" ? [required(`${path}.namespace`)] : []),
      ];
    case "User":
    case "Group":
      return [...unnamed, ...(group === rbac ? [] : [notSupported(`${path}.apiGroup`, group, [rbac])])];
    default:
      return [...unnamed, notSupported(`${path}.kind`, kind, subjectKinds)];
  }
};

const refFaults = (reference: JsonObject, kinds: readonly string[]): readonly Cause[] => {
  const group = textAt(reference, "apiGroup"),
    kind = textAt(reference, "kind"),
    name = textAt(reference, "name");
  return [
    ...(group === rbac ? [] : [notSupported("roleRef.apiGroup", group, [rbac])]),
    ...(kinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, kinds)]),
    ...(name === "" ? [required("roleRef.name")] : invalidValues("roleRef.name", name, pathSegment(name))),
  ];
};

/** Faults of a binding: the role, and whom it is given to. */
export const bindingFaults = (object: ApiObject, namespaced: boolean): readonly Cause[] => [
  ...refFaults(objectAt(object, "roleRef"), namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]),
  ...objectsAt(object, "subjects").flatMap((subject, index) =>
    subjectFaults(subject, namespaced, `subjects[${index}]`)
  ),
];

/** Whose role a binding gives never changes. */
export const bindingChangeFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const reference = objectAt(next, "roleRef");
  if (equivalent(reference, objectAt(before, "roleRef"))) return [];
  const [APIGroup, Kind, Name] = ["apiGroup", "kind", "name"].map((name) => textAt(reference, name));
  // the real API server prints its own struct, with Go's names
  return [invalidValue("roleRef", { APIGroup, Kind, Name }, "cannot change roleRef")];
};
