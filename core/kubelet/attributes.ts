import { segmentsOf } from "./route.ts";

/** `authorization.k8s.io/v1 ResourceAttributes` of a request to the kubelet: always `nodes`, in no namespace. */
export interface ResourceAttributes {
  readonly group: "";
  readonly version: "v1";
  readonly resource: "nodes";
  readonly subresource: string;
  readonly name: string;
  readonly verb: string;
}

const verbs: ReadonlyMap<string, string> = new Map([
  ["GET", "get"],
  ["HEAD", "get"],
  ["POST", "create"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);

const subresourcesOf = (first: string | undefined): readonly string[] => {
  switch (first) {
    case "stats":
    case "metrics":
    case "checkpoint":
      return [first];
    case "logs":
      return ["log"];
    case "pods":
    case "runningpods":
      return ["pods", "proxy"];
    case "healthz":
    case "configz":
    case "statusz":
      return [first, "proxy"];
    default:
      return ["proxy"];
  }
};

/** Whoever may only read `nodes/proxy` must not run commands: a WebSocket upgrade is a GET. */
const streams: ReadonlySet<string> = new Set(["exec", "attach", "portForward", "run"]);

/**
 * What a caller must be allowed to do for a request to the kubelet of this node: one of these, the first that is allowed
 * counts (Kubernetes docs, "Kubelet authentication/authorization", fine-grained). Stricter than the kubelet in one point:
 * exec, attach, portForward and run ask for `create` whatever the method. Never empty.
 */
export const attributesOf = (
  method: string,
  path: string,
  nodeName: string,
): readonly ResourceAttributes[] => {
  const first = segmentsOf(path)[0];
  const verb = first !== undefined && streams.has(first)
    ? "create"
    : verbs.get(method) ?? method.toLowerCase();
  return subresourcesOf(first).map((subresource) => ({
    group: "",
    version: "v1",
    resource: "nodes",
    subresource,
    name: nodeName,
    verb,
  }));
};
