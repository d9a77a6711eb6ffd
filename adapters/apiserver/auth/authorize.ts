import type { ServerState } from "../state.ts";
import type { User } from "../user.ts";
import type { Attributes } from "./attributes.ts";
import { authorizeNode } from "./node_authorizer.ts";
import { visitGrants } from "./rbac.ts";
import { ruleAllows } from "./rbac_rules.ts";

/** `reason` says by what it is allowed, or why a node is not; "" when there is nothing to say. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

const byRoles = (state: ServerState, user: User, attributes: Attributes): Decision => {
  const faults: string[] = [];
  let source: string | undefined;
  const namespace = attributes._tag === "Resource" ? attributes.namespace : "";
  visitGrants(state, user, namespace, (grant) => {
    if (grant.fault !== undefined) faults.push(grant.fault);
    if (grant.rules.some((rule) => ruleAllows(rule, attributes))) source = grant.source;
    return source === undefined;
  });
  if (source !== undefined) return { allowed: true, reason: `RBAC: allowed by ${source}` };
  const told = faults.length > 1 ? `[${faults.join(", ")}]` : faults.join("");
  return { allowed: false, reason: told === "" ? "" : `RBAC: ${told}` };
};

/**
 * Whether a user may do something: `system:masters` may do everything, a node what its own pods need, everybody what roles bound
 * to them allow. Total; a binding more never takes a permission away.
 */
export const authorize = (state: ServerState, user: User, attributes: Attributes): Decision => {
  if (user.groups.includes("system:masters")) return { allowed: true, reason: "" };
  const asNode = authorizeNode(state, user, attributes);
  if (asNode.allowed) return asNode;
  const decision = byRoles(state, user, attributes);
  if (decision.allowed) return decision;
  return { allowed: false, reason: [asNode.reason, decision.reason].filter((why) => why !== "").join("\n") };
};
