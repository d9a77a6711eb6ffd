import { type ApiError, forbidden } from "../api_error.ts";
import { resourceOf } from "../kind.ts";
import { textAt } from "../kinds/fields.ts";
import type { ServerState } from "../state.ts";
import type { User } from "../user.ts";
import { nodeRequestFault } from "./csr/node.ts";
import { nodeOfUser } from "./node_authorizer.ts";
import { claimFault } from "./restriction/claims.ts";
import { nodeFault } from "./restriction/nodes.ts";
import { podFault } from "./restriction/pods.ts";
import { tokenFault } from "./restriction/tokens.ts";
import { type Fault, quote, type Write } from "./restriction/write.ts";

const leases = "kube-node-lease";

const namedFault = (node: string, write: Write, words: string): Fault => {
  const name = write.operation === "CREATE" ? textAt(write.object, "metadata", "name") : write.name;
  return name === node ? undefined : `can only access ${words} with the same name as the requesting node`;
};

const faultOf = (state: ServerState, node: string, user: User, write: Write): Fault => {
  switch (resourceOf(write.kind)) {
    case "pods":
      return podFault(state, node, write);
    case "nodes":
      return nodeFault(node, write);
    case "persistentvolumeclaims":
      return claimFault(node, write);
    case "serviceaccounts":
      return tokenFault(state, node, user, write);
    case "leases.coordination.k8s.io":
      return write.namespace === leases
        ? namedFault(node, write, "node lease")
        : `can only access leases in the ${quote(leases)} system namespace`;
    case "csinodes.storage.k8s.io":
      return namedFault(node, write, "CSINode");
    case "certificatesigningrequests.certificates.k8s.io":
      return write.operation === "CREATE" ? nodeRequestFault(write.object ?? {}, node) : undefined;
    default:
      return undefined;
  }
};

/**
 * The admission plugin NodeRestriction: why a node may not write this, or `undefined`. Nodes write their own Node (no taints, few
 * labels), their own Lease, the status of pods bound to them, and ask for tokens of those pods; nobody else is restricted. To be
 * asked before a kind's own rules fill anything in.
 */
export const restrictNode = (state: ServerState, user: User, write: Write): ApiError | undefined => {
  const node = nodeOfUser(user);
  if (node === undefined) return undefined;
  const fault = node === ""
    ? `could not determine node from user ${quote(user.name)}`
    : faultOf(state, node, user, write);
  if (typeof fault !== "string") return fault;
  const { group, plural } = write.kind;
  return forbidden({ group, plural, name: write.name || textAt(write.object, "metadata", "name") }, fault);
};
