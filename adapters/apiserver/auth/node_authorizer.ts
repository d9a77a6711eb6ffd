import type { ServerState } from "../state.ts";
import type { User } from "../user.ts";
import type { Attributes, ResourceAttributes } from "./attributes.ts";
import { isRelated } from "./node_references.ts";
import { nodeRules } from "./node_rules.ts";
import { ruleAllows } from "./rbac_rules.ts";

/** What this authorizer says; not allowed leaves it to the next, with a reason for whoever reads the refusal. */
interface Opinion {
  readonly allowed: boolean;
  readonly reason: string;
}

const allowed: Opinion = { allowed: true, reason: "" };

const silent: Opinion = { allowed: false, reason: "" };

const because = (reason: string): Opinion => ({ allowed: false, reason });

const prefix = "system:node:";

/** The node that a user is: "" for one of the group `system:nodes` without a node's name; `undefined` for anybody else. */
export const nodeOfUser = ({ name, groups }: User): string | undefined => {
  if (!name.startsWith(prefix) || !groups.includes("system:nodes")) return undefined;
  return name.slice(prefix.length);
};

/** The state and the node that asks. */
interface Asking {
  readonly state: ServerState;
  readonly node: string;
}

const resourceNameOf = ({ group, resource }: ResourceAttributes): string =>
  group === "" ? resource : `${resource}.${group}`;

const related = ({ state, node }: Asking, asked: ResourceAttributes): Opinion => {
  if (asked.name === "") return because("No Object name found");
  return isRelated(state, node, resourceNameOf(asked), asked.namespace, asked.name)
    ? allowed
    : because(`no relationship found between node '${node}' and this object`);
};

const mayGet = (asking: Asking, asked: ResourceAttributes): Opinion => {
  if (asked.verb !== "get") return because("can only get individual resources of this type");
  return asked.subresource === "" ? related(asking, asked) : because("cannot get subresource");
};

const mayRead = (asking: Asking, asked: ResourceAttributes): Opinion => {
  if (!["get", "list", "watch"].includes(asked.verb)) return because("can only read resources of this type");
  if (asked.subresource !== "") return because("cannot read subresource");
  if (asked.namespace === "") return because("can only read namespaced object of this type");
  return related(asking, asked);
};

const mayClaim = (asking: Asking, asked: ResourceAttributes): Opinion => {
  if (asked.subresource !== "status") return mayGet(asking, asked);
  return ["update", "patch"].includes(asked.verb)
    ? related(asking, asked)
    : because("can only get/update/patch this type");
};

const mayAccount = (asking: Asking, asked: ResourceAttributes): Opinion => {
  if (asked.verb === "get" && asked.subresource === "") return mayRead(asking, asked);
  if (asked.verb !== "create" || asked.name === "") {
    return because("can only create tokens for individual service accounts");
  }
  return asked.subresource === "token"
    ? related(asking, asked)
    : because("can only create token subresource of serviceaccount");
};

const ownVerbs: ReadonlySet<string> = new Set(["get", "create", "update", "patch", "delete"]);

const leases = "kube-node-lease";

const mayLease = ({ node }: Asking, { verb, namespace, name }: ResourceAttributes): Opinion => {
  if (!ownVerbs.has(verb)) return because("can only get, create, update, patch, or delete a node lease");
  if (namespace !== leases) return because(`can only access leases in the "${leases}" system namespace`);
  return verb === "create" || name === node
    ? allowed
    : because("can only access node lease with the same name as the requesting node");
};

const mayCsiNode = ({ node }: Asking, { verb, subresource, name }: ResourceAttributes): Opinion => {
  if (!ownVerbs.has(verb)) return because("can only get, create, update, patch, or delete a CSINode");
  if (subresource !== "") return because("cannot authorize CSINode subresources");
  return verb === "create" || name === node
    ? allowed
    : because("can only access CSINode with the same name as the requesting node");
};

const mayNode = ({ node }: Asking, { verb, subresource, name }: ResourceAttributes): Opinion => {
  const isWrite = verb === "update" || verb === "patch";
  if (subresource === "status" && isWrite) return allowed;
  if (subresource !== "") return silent;
  if (isWrite || verb === "create") return allowed;
  if (!["get", "list", "watch"].includes(verb)) return silent;
  if (name === node) return allowed;
  return because(
    name === ""
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  );
};

const mayPod = (asking: Asking, asked: ResourceAttributes): Opinion => {
  const { verb, subresource, fields, name } = asked;
  switch (`${verb} ${subresource}`) {
    case "get ":
      return mayGet(asking, asked);
    case "list ":
    case "watch ":
      if (fields.some(({ key, value }) => key === "spec.nodeName" && value === asking.node)) return allowed;
      return name === ""
        ? because("can only list/watch pods with spec.nodeName field selector")
        : related(asking, asked);
    case "create ":
    case "delete ":
    case "update status":
    case "patch status":
    case "create eviction":
      return allowed;
    default:
      return silent;
  }
};

/** The resources of which a node may do only what its own pods need. */
const restricted: Readonly<Record<string, (asking: Asking, asked: ResourceAttributes) => Opinion>> = {
  secrets: mayRead,
  configmaps: mayRead,
  persistentvolumeclaims: mayClaim,
  persistentvolumes: mayGet,
  "volumeattachments.storage.k8s.io": mayGet,
  serviceaccounts: mayAccount,
  "leases.coordination.k8s.io": mayLease,
  "csinodes.storage.k8s.io": mayCsiNode,
  nodes: mayNode,
  pods: mayPod,
};

/**
 * What a kubelet may do (Kubernetes docs, "Using Node Authorization"): its own Node and Lease, the pods bound to it, what those
 * refer to, and tokens of their service accounts. What it may write of those is NodeRestriction's.
 */
export const authorizeNode = (state: ServerState, user: User, attributes: Attributes): Opinion => {
  const node = nodeOfUser(user);
  if (node === undefined) return silent;
  if (node === "") return because(`unknown node for user ${JSON.stringify(user.name)}`);
  if (attributes._tag === "Resource") {
    const name = resourceNameOf(attributes);
    const rule = Object.hasOwn(restricted, name) ? restricted[name] : undefined;
    if (rule !== undefined) return rule({ state, node }, attributes);
  }
  return nodeRules.some((rule) => ruleAllows(rule, attributes)) ? allowed : silent;
};
