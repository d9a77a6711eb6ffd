import { listAt, textAt } from "../../kinds/fields.ts";
import { sameJson } from "../../same_json.ts";
import { forbiddenLabels, modifiedLabels } from "./labels.ts";
import { type Fault, quote, type Write } from "./write.ts";

const differs = ({ object, before }: Write, ...path: readonly string[]): boolean =>
  !sameJson(listAt(object, ...path), listAt(before, ...path));

const updateFault = (node: string, write: Write): Fault => {
  const may = `node ${quote(node)} is not allowed to modify`;
  if (differs(write, "spec", "taints")) return `${may} taints`;
  if (differs(write, "metadata", "ownerReferences")) return `${may} ownerReferences`;
  const labels = forbiddenLabels(modifiedLabels(write.object, write.before));
  return labels === "" ? undefined : `is not allowed to modify labels: ${labels}`;
};

/** A node writes its own Node only, and nothing of it by which it could draw pods to itself. */
export const nodeFault = (node: string, write: Write): Fault => {
  const name = write.name === "" ? textAt(write.object, "metadata", "name") : write.name;
  if (name !== node) return `node ${quote(node)} is not allowed to modify node ${quote(name)}`;
  if (write.operation === "DELETE") return undefined;
  if (write.operation === "UPDATE") return updateFault(node, write);
  const labels = forbiddenLabels(modifiedLabels(write.object, undefined));
  return labels === ""
    ? undefined
    : `node ${quote(node)} is not allowed to set the following labels: ${labels}`;
};
