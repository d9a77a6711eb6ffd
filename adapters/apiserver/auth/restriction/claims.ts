import { canonicalJson } from "../../../../core/hash.ts";
import { objectAt } from "../../kinds/fields.ts";
import type { JsonObject } from "../../object.ts";
import { type Fault, quote, type Write } from "./write.ts";

/** All that a node must leave as it is. */
const rest = (claim: JsonObject | undefined): string => {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = objectAt(claim, "metadata");
  const {
    capacity: _capacity,
    conditions: _conditions,
    allocatedResourceStatuses: _statuses,
    allocatedResources: _resources,
    ...status
  } = objectAt(claim, "status");
  return canonicalJson({ ...claim, metadata, status });
};

/** A node tells of the size and the conditions of a claim that its pods mount. */
export const claimFault = (node: string, { subresource, before, object }: Write): Fault => {
  if (subresource !== "status") return "may only update PVC status";
  return rest(before) === rest(object)
    ? undefined
    : `node ${quote(node)} is not allowed to update fields other than status.quantity and status.conditions`;
};
