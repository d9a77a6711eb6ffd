import type { Now } from "../../core/time.ts";
import { bootstrapRbac } from "./auth/bootstrap_rbac.ts";
import { handle } from "./handle.ts";
import { isObject, textAt } from "./kinds/fields.ts";
import { kinds } from "./kinds/kinds.ts";
import { apiVersionOf } from "./kind.ts";
import type { JsonObject } from "./object.ts";
import { emptyState, type ServerSettings, type ServerState } from "./state.ts";
import { serverItself } from "./user.ts";

const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

const namespace = (name: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** By which pods find the API server. */
const kubernetes = ({ address }: ServerSettings): JsonObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: "kubernetes",
    namespace: "default",
    labels: { component: "apiserver", provider: "kubernetes" },
  },
  spec: {
    clusterIP: "10.96.0.1",
    ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: address.port }],
    type: "ClusterIP",
  },
});

const collectionOf = (object: JsonObject): string => {
  const apiVersion = textAt(object, "apiVersion"), name = textAt(object, "kind");
  const kind = kinds.find((each) => each.kind === name && apiVersionOf(each) === apiVersion);
  const within = kind?.namespaced === true ? `/namespaces/${textAt(object, "metadata", "namespace")}` : "";
  return `/${apiVersion === "v1" ? "api" : "apis"}/${apiVersion}${within}/${kind?.plural ?? ""}`;
};

const made = (state: ServerState, object: JsonObject, now: Now): ServerState =>
  handle(state, {
    method: "POST",
    path: collectionOf(object),
    query: {},
    headers: { "user-agent": "kube-apiserver" },
    body: JSON.stringify(object),
    user: serverItself,
  }, now).state;

/** A server with what every cluster begins with: its namespaces, the roles of people and nodes, its own Service. */
export const bootstrap = (settings: Partial<ServerSettings>, now: Now): ServerState => {
  const empty = emptyState(settings);
  const objects = [
    ...namespaces.map(namespace),
    ...bootstrapRbac.filter(isObject),
    kubernetes(empty.settings),
  ];
  return objects.reduce((state, object) => made(state, object, now), empty);
};
