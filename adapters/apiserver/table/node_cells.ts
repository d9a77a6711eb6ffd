import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import { at, entriesAt, objectAt, objectsAt, textAt, textOf } from "../kinds/fields.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf } from "./age.ts";
import { ageColumn, column, nameColumn, wideColumn } from "./columns.ts";

export const nodeColumns: readonly Column[] = [
  nameColumn,
  column("Status", "Whether the node is ready, and takes new pods."),
  column("Roles", "What the node is for, by its labels."),
  ageColumn,
  column("Version", "The version of the node's kubelet."),
  wideColumn("Internal-IP", "The node's address in the cluster."),
  wideColumn("External-IP", "The node's address outside of it."),
  wideColumn("OS-Image", "The node's operating system."),
  wideColumn("Kernel-Version", "The version of its kernel."),
  wideColumn("Container-Runtime", "What runs containers there."),
];

const rolePrefix = "node-role.kubernetes.io/";

const rolesOf = (node: ApiObject): string => {
  const roles = entriesAt(node, "metadata", "labels").flatMap(([label, value]) => {
    if (label.startsWith(rolePrefix)) return [label.slice(rolePrefix.length)];
    return label === "kubernetes.io/role" ? [textOf(value)] : [];
  });
  return [...new Set(roles.filter((role) => role !== ""))].sort().join(",") || "<none>";
};

const statusOf = (node: ApiObject): string => {
  const ready = objectsAt(node, "status", "conditions").findLast((one) => textAt(one, "type") === "Ready");
  const text = ready === undefined ? "Unknown" : textAt(ready, "status") === "True" ? "Ready" : "NotReady";
  return at(node, "spec", "unschedulable") === true ? `${text},SchedulingDisabled` : text;
};

const address = (node: ApiObject, type: string): string =>
  textAt(objectsAt(node, "status", "addresses").find((one) => textAt(one, "type") === type), "address") ||
  "<none>";

export const nodeCells = (node: ApiObject, now: Now): readonly Json[] => {
  const info = objectAt(node, "status", "nodeInfo");
  const architecture = textAt(info, "architecture");
  return [
    node.metadata.name,
    statusOf(node),
    rolesOf(node),
    ageOf(node, now),
    textAt(info, "kubeletVersion"),
    address(node, "InternalIP"),
    address(node, "ExternalIP"),
    textAt(info, "osImage") || "<unknown>",
    `${textAt(info, "kernelVersion") || "<unknown>"}${architecture === "" ? "" : ` (${architecture})`}`,
    textAt(info, "containerRuntimeVersion") || "<unknown>",
  ];
};
