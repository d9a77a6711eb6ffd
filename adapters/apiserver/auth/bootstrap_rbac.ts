import type { JsonObject } from "../object.ts";
import { nodeRules } from "./node_rules.ts";
import type { Rule } from "./rbac_rules.ts";

const all = ["*"];
const read = ["get", "list", "watch"];
const write = ["create", "delete", "deletecollection", "patch", "update"];
const readWrite = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Groups and resources are told as words, "core" for the group without a name. */
const rule = (
  verbs: readonly string[],
  groups: string,
  resources: string,
  ...names: readonly string[]
): Rule => ({
  verbs,
  apiGroups: groups.split(" ").map((group) => group === "core" ? "" : group),
  resources: resources.split(" "),
  ...(names.length === 0 ? {} : { resourceNames: names }),
});

const urls = (...nonResourceURLs: readonly string[]): Rule => ({ verbs: ["get"], nonResourceURLs });

/** By name, as the real API server makes them when it starts (`kubectl get clusterroles`). */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  "cluster-admin": [
    rule(all, "*", "*"),
    { verbs: all, nonResourceURLs: all },
  ],
  "system:aggregate-to-admin": [
    rule(["create"], "authorization.k8s.io", "localsubjectaccessreviews"),
    rule(readWrite, "rbac.authorization.k8s.io", "rolebindings roles"),
  ],
  "system:aggregate-to-edit": [
    rule(read, "core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
    rule(["impersonate"], "core", "serviceaccounts"),
    rule(write, "core", "pods pods/attach pods/exec pods/portforward pods/proxy"),
    rule(["create"], "core", "pods/eviction"),
    rule(
      write,
      "core",
      "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
    ),
    rule(["create"], "core", "serviceaccounts/token"),
    rule(write, "core events.k8s.io", "events"),
    rule(
      write,
      "apps",
      "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
    ),
    rule(write, "autoscaling", "horizontalpodautoscalers"),
    rule(write, "batch", "cronjobs jobs"),
    rule(
      write,
      "extensions",
      "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale",
    ),
    rule(write, "policy", "poddisruptionbudgets"),
    rule(write, "networking.k8s.io", "ingresses networkpolicies"),
    rule(readWrite, "coordination.k8s.io", "leases"),
    rule(write, "resource.k8s.io", "resourceclaims resourceclaimtemplates"),
  ],
  "system:aggregate-to-view": [
    rule(
      read,
      "core",
      "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
    ),
    rule(
      read,
      "core",
      "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
    ),
    rule(read, "core", "namespaces"),
    rule(read, "core events.k8s.io", "events"),
    rule(read, "discovery.k8s.io", "endpointslices"),
    rule(
      read,
      "apps",
      "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
    ),
    rule(read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
    rule(read, "batch", "cronjobs cronjobs/status jobs jobs/status"),
    rule(
      read,
      "extensions",
      "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
    ),
    rule(read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
    rule(read, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
    rule(read, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"),
  ],
  "system:auth-delegator": [
    rule(["create"], "authentication.k8s.io", "tokenreviews"),
    rule(["create"], "authorization.k8s.io", "subjectaccessreviews"),
  ],
  "system:basic-user": [
    rule(["create"], "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
    rule(["create"], "authentication.k8s.io", "selfsubjectreviews"),
  ],
  "system:certificates.k8s.io:certificatesigningrequests:nodeclient": [
    rule(["create"], "certificates.k8s.io", "certificatesigningrequests/nodeclient"),
  ],
  "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient": [
    rule(["create"], "certificates.k8s.io", "certificatesigningrequests/selfnodeclient"),
  ],
  "system:certificates.k8s.io:kube-apiserver-client-approver": [
    rule(["approve"], "certificates.k8s.io", "signers", "kubernetes.io/kube-apiserver-client"),
  ],
  "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver": [
    rule(["approve"], "certificates.k8s.io", "signers", "kubernetes.io/kube-apiserver-client-kubelet"),
  ],
  "system:certificates.k8s.io:kubelet-serving-approver": [
    rule(["approve"], "certificates.k8s.io", "signers", "kubernetes.io/kubelet-serving"),
  ],
  "system:discovery": [
    urls(
      "/api",
      "/api/*",
      "/apis",
      "/apis/*",
      "/healthz",
      "/livez",
      "/openapi",
      "/openapi/*",
      "/readyz",
      "/version",
      "/version/",
    ),
  ],
  "system:kubelet-api-admin": [
    rule(read, "core", "nodes"),
    rule(["proxy"], "core", "nodes"),
    rule(all, "core", "nodes/log nodes/metrics nodes/proxy nodes/stats"),
    rule(all, "core", "nodes/configz nodes/healthz nodes/pods"),
  ],
  "system:monitoring": [
    urls(
      "/flagz",
      "/healthz",
      "/healthz/*",
      "/livez",
      "/livez/*",
      "/metrics",
      "/metrics/slis",
      "/readyz",
      "/readyz/*",
      "/statusz",
    ),
    rule(["get"], "core", "nodes/metrics"),
  ],
  "system:node-bootstrapper": [
    rule(["create", "get", "list", "watch"], "certificates.k8s.io", "certificatesigningrequests"),
  ],
  "system:public-info-viewer": [
    urls("/healthz", "/livez", "/readyz", "/version", "/version/"),
  ],
  "system:service-account-issuer-discovery": [
    urls(
      "/.well-known/openid-configuration",
      "/.well-known/openid-configuration/",
      "/openid/v1/jwks",
      "/openid/v1/jwks/",
    ),
  ],
  "system:node": nodeRules,
};

/** Roles that gather the rules of others: by the label `rbac.authorization.k8s.io/aggregate-to-NAME`. */
const gathering = ["admin", "edit", "view"];

/** What each of these adds to. */
const gathered: Readonly<Record<string, string>> = {
  edit: "admin",
  view: "edit",
  "system:aggregate-to-admin": "admin",
  "system:aggregate-to-edit": "edit",
  "system:aggregate-to-view": "view",
};

/** Whom a ClusterRole of the same name is bound to. */
const bound: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["system:masters"],
  "system:basic-user": ["system:authenticated"],
  "system:discovery": ["system:authenticated"],
  "system:monitoring": ["system:monitoring"],
  "system:public-info-viewer": ["system:authenticated", "system:unauthenticated"],
  "system:service-account-issuer-discovery": ["system:serviceaccounts"],
  // to nobody: the Node authorizer speaks for nodes
  "system:node": [],
};

const group = "rbac.authorization.k8s.io";

const aggregation = (name: string): string => `${group}/aggregate-to-${name}`;

const metadata = (name: string): JsonObject => ({
  name,
  annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
  labels: {
    "kubernetes.io/bootstrapping": "rbac-defaults",
    ...(gathered[name] === undefined ? {} : { [aggregation(gathered[name])]: "true" }),
  },
});

const object = (kind: string, name: string, rest: JsonObject): JsonObject => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: metadata(name),
  ...rest,
});

const asJson = (list: readonly Rule[]): JsonObject => ({ rules: list.map((each) => ({ ...each })) });

const gatheredRules = (name: string): readonly Rule[] =>
  Object.keys(gathered).filter((other) => gathered[other] === name).sort().flatMap((other) =>
    rules[other] ?? gatheredRules(other)
  );

const aggregate = (name: string): JsonObject =>
  object("ClusterRole", name, {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregation(name)]: "true" } }] },
    // what they are at the start; an authorization gathers them again
    ...asJson(gatheredRules(name)),
  });

const binding = (name: string): JsonObject => {
  const subjects = (bound[name] ?? []).map((subject) => ({ apiGroup: group, kind: "Group", name: subject }));
  return object("ClusterRoleBinding", name, {
    roleRef: { apiGroup: group, kind: "ClusterRole", name },
    ...(subjects.length === 0 ? {} : { subjects }),
  });
};

const reader = "extension-apiserver-authentication-reader";

/**
 * The roles and bindings that every cluster begins with, of those that matter to people and nodes: no controller has one here.
 * Without UIDs and versions, for the store to give.
 */
export const bootstrapRbac: readonly JsonObject[] = [
  ...Object.entries(rules).map(([name, list]) => object("ClusterRole", name, asJson(list))),
  ...gathering.map(aggregate),
  ...Object.keys(bound).map(binding),
  object("Role", reader, {
    metadata: { ...metadata(reader), namespace: "kube-system" },
    ...asJson([rule(read, "core", "configmaps", "extension-apiserver-authentication")]),
  }),
];
