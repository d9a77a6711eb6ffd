import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  attributesOf,
  equalities,
  resourceAttributes,
} from "../../../../adapters/apiserver/auth/attributes.ts";
import { authorize } from "../../../../adapters/apiserver/auth/authorize.ts";
import { bootstrapRbac } from "../../../../adapters/apiserver/auth/bootstrap_rbac.ts";
import type { JsonObject } from "../../../../adapters/apiserver/object.ts";
import type { ServerRequest } from "../../../../adapters/apiserver/request.ts";
import type { User } from "../../../../adapters/apiserver/user.ts";
import { stateWith } from "../../../tools/stored_state.ts";

const test = suite("apiserver/auth/authorize");

const request = (method: string, path: string, query: ServerRequest["query"] = {}): ServerRequest => ({
  method,
  path,
  query,
  headers: {},
});

test("a request is read as policies speak of it", () => {
  const table: readonly (readonly [string, string, string])[] = [
    ["GET", "/api/v1/nodes/a/proxy/pods/x", "get nodes/proxy a"],
    ["POST", "/api/v1/namespaces/n/pods/p/binding", "create pods/binding p in n"],
    ["GET", "/api/v1/namespaces/n/status", "get namespaces/status n in n"],
    ["PUT", "/api/v1/namespaces/n/finalize", "update namespaces/finalize n in n"],
    ["GET", "/api/v1/namespaces/n", "get namespaces n in n"],
    ["GET", "/api/v1/namespaces", "list namespaces"],
    ["GET", "/api/v1/namespaces/n/pods/a%20b", "get pods a b in n"],
    ["DELETE", "/apis/apps/v1/namespaces/n/deployments", "deletecollection deployments.apps in n"],
    ["HEAD", "/apis/a/v1/bs/c", "get bs.a c"],
    ["OPTIONS", "/api/v1/pods/a", " pods a"],
    ["GET", "/api/v1", "get /api/v1"],
    ["GET", "/apis/apps/v1", "get /apis/apps/v1"],
    ["POST", "/healthz/x", "post /healthz/x"],
    ["GET", "/", "get /"],
  ];
  for (const [method, path, expected] of table) {
    const asked = attributesOf(request(method, path));
    if (asked._tag === "Path") {
      assert.is(`${asked.verb} ${asked.path}`, expected);
      continue;
    }
    const { verb, resource, subresource, group, name, namespace } = asked;
    const what = `${resource}${group === "" ? "" : `.${group}`}${
      subresource === "" ? "" : `/${subresource}`
    }`;
    const of = `${name === "" ? "" : ` ${name}`}${namespace === "" ? "" : ` in ${namespace}`}`;
    assert.is(`${verb} ${what}${of}`, expected);
  }
});

test("the equalities of a field selector", () => {
  assert.equal(equalities("a=b, c==d,e!=f,g="), [
    { key: "a", value: "b" },
    { key: "c", value: "d" },
    { key: "g", value: "" },
  ]);
  assert.equal(equalities(""), []);
});

const role = (name: string, rest: JsonObject, labels: JsonObject = {}): JsonObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name, labels },
  ...rest,
});

const bind = (name: string, user: string): JsonObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
});

const alice: User = { name: "alice", groups: ["system:authenticated"] };

test("roles that gather each other come to an end, and see what others were given since", () => {
  const gather = (label: string): JsonObject => ({
    aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [{ key: label, operator: "Exists" }] }] },
  });
  const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
  const state = stateWith([
    role("a", gather("to-a"), { "to-b": "" }),
    role("b", gather("to-b"), { "to-a": "" }),
    role("leaf", { rules }, { "to-b": "" }),
    bind("a", "alice"),
  ]);
  assert.is(authorize(state, alice, resourceAttributes({ verb: "get", resource: "pods" })).allowed, true);
  assert.is(authorize(state, alice, resourceAttributes({ verb: "get", resource: "nodes" })).allowed, false);
});

test("a resource named like a part of every object is none that nodes are allowed", () => {
  const state = stateWith(bootstrapRbac);
  const node: User = { name: "system:node:a", groups: ["system:nodes"] };
  for (const resource of ["constructor", "toString", "__proto__"]) {
    assert.is(
      authorize(state, node, resourceAttributes({ verb: "get", resource, name: "x" })).allowed,
      false,
    );
  }
});

const pod = (name: string, spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  kind: "Pod",
  metadata: { name, namespace: "n", annotations },
  spec: { nodeName: "a", containers: [], ...spec },
});

const objects: readonly JsonObject[] = [
  pod("p", {
    serviceAccountName: "sa",
    imagePullSecrets: [{ name: "pull" }],
    initContainers: [{ env: [{ valueFrom: { secretKeyRef: { name: "env" } } }] }],
    containers: [{ envFrom: [{ secretRef: { name: "from" } }, { configMapRef: { name: "from" } }] }],
    ephemeralContainers: [{ env: [{ valueFrom: { configMapKeyRef: { name: "key" } } }] }],
    volumes: [
      { name: "v", secret: { secretName: "volume" } },
      { name: "c", configMap: { name: "volume" } },
      { name: "e", ephemeral: {} },
      { name: "claimed", persistentVolumeClaim: { claimName: "claim" } },
      { name: "x", csi: { nodePublishSecretRef: { name: "csi" } } },
      {
        name: "y",
        projected: { sources: [{ secret: { name: "projected" } }, { configMap: { name: "projected" } }] },
      },
    ],
  }),
  pod("mirror", { volumes: [{ secret: { secretName: "mirrored" } }] }, {
    "kubernetes.io/config.mirror": "x",
  }),
  {
    kind: "PersistentVolume",
    metadata: { name: "pv" },
    spec: {
      claimRef: { namespace: "n", name: "claim" },
      csi: {
        nodeStageSecretRef: { namespace: "m", name: "stage" },
        controllerPublishSecretRef: { namespace: "m", name: "no" },
      },
    },
  },
  { kind: "PersistentVolume", metadata: { name: "free" }, spec: {} },
];

test("a node reads what its pods refer to, wherever they do", () => {
  const state = stateWith(objects);
  const may = (node: string, verb: string, resource: string, name: string, namespace = "n"): boolean =>
    authorize(
      state,
      { name: `system:node:${node}`, groups: ["system:nodes"] },
      resourceAttributes({ verb, resource, name, namespace }),
    ).allowed;
  const reads: Readonly<Record<string, readonly string[]>> = {
    secrets: ["pull", "env", "from", "volume", "csi", "projected"],
    configmaps: ["from", "key", "volume", "projected"],
    persistentvolumeclaims: ["claim", "p-e"],
    serviceaccounts: ["sa"],
    pods: ["p", "mirror"],
  };
  for (const [resource, names] of Object.entries(reads)) {
    for (const name of names) {
      assert.is(may("a", "get", resource, name), true, `${resource} ${name}`);
      assert.is(may("b", "get", resource, name), false, `${resource} ${name}`);
      assert.is(may("a", "get", resource, name, "m"), false, `${resource} ${name}`);
      assert.is(may("a", "delete", resource, name), resource === "pods", `${resource} ${name}`);
    }
  }
  assert.is(may("a", "get", "secrets", "mirrored"), false);
  assert.is(may("a", "get", "secrets", "stage", "m"), true);
  assert.is(may("a", "get", "secrets", "no", "m"), false);
  assert.is(may("b", "get", "secrets", "stage", "m"), false);
  assert.is(may("a", "get", "persistentvolumes", "pv", ""), true);
  assert.is(may("a", "get", "persistentvolumes", "free", ""), false);
  assert.is(may("a", "list", "persistentvolumes", "pv", ""), false);
  assert.is(may("a", "list", "secrets", "pull"), true);
  assert.is(may("a", "list", "persistentvolumeclaims", "claim"), false);
});

test.run();
