import { suite } from "uvu";
import * as assert from "uvu/assert";
import { restrictNode } from "../../../../adapters/apiserver/auth/node_restriction.ts";
import type { Write } from "../../../../adapters/apiserver/auth/restriction/write.ts";
import type { ApiObject, JsonObject } from "../../../../adapters/apiserver/object.ts";
import { serverItself, type User } from "../../../../adapters/apiserver/user.ts";
import { kubeletClientRequest } from "../../../contract/apiserver/certificate_requests.ts";
import { stateWith } from "../../../tools/stored_state.ts";

// What the contract does not reach: the real API server refuses much of it before.
const test = suite("apiserver/auth/node_restriction");

const node: User = { name: "system:node:a", groups: ["system:nodes", "system:authenticated"] };

const state = stateWith([
  { kind: "Node", metadata: { name: "a" } },
  { kind: "Pod", metadata: { name: "p", namespace: "n" }, spec: { nodeName: "a" } },
  { kind: "Pod", metadata: { name: "q", namespace: "n" }, spec: { nodeName: "b" } },
]);

type Given = Partial<Omit<Write, "kind" | "object" | "before">> & {
  readonly resource: string;
  readonly object?: JsonObject;
  readonly before?: JsonObject;
};

/** "" when there is none. */
const fault = (given: Given, user = node): string => {
  const { resource, object, before, ...rest } = given;
  const [plural = "", ...group] = resource.split(".");
  const write: Write = {
    operation: "CREATE",
    subresource: "",
    namespace: "n",
    name: "",
    ...rest,
    kind: { plural, group: group.join(".") },
    ...(object === undefined ? {} : { object }),
    ...(before === undefined ? {} : { before: before as unknown as ApiObject }),
  };
  return restrictNode(state, user, write)?.message ?? "";
};

test("nobody but nodes is restricted", () => {
  assert.is(fault({ resource: "nodes", name: "b" }, serverItself), "");
  assert.is(fault({ resource: "nodes", name: "b" }, { name: "system:node:a", groups: [] }), "");
  assert.match(
    fault({ resource: "configmaps" }, { name: "system:node:", groups: ["system:nodes"] }),
    'could not determine node from user "system:node:"',
  );
  assert.is(fault({ resource: "events", object: { metadata: { name: "e" } } }), "");
});

test("pods of others are not evicted, attached to or bound", () => {
  const evict = (name: string) => fault({ resource: "pods", subresource: "eviction", name });
  assert.is(evict("p"), "");
  assert.is(evict("q"), 'pods "q" is forbidden: node a can only evict pods with spec.nodeName set to itself');
  assert.is(evict("r"), 'pods "r" not found');
  assert.is(
    fault({ resource: "pods", subresource: "binding", name: "p" }),
    `pods "p" is forbidden: unexpected pod subresource "binding", only 'status' and 'eviction' are allowed`,
  );
  assert.is(
    fault({ resource: "pods", operation: "UPDATE", name: "p" }),
    'pods "p" is forbidden: unexpected operation "UPDATE", node "a" can only create and delete mirror pods',
  );
});

test("mirror pods refer to nothing", () => {
  const mirror = (spec: JsonObject, owner: JsonObject = {}): string =>
    fault({
      resource: "pods",
      object: {
        metadata: {
          name: "m",
          annotations: { "kubernetes.io/config.mirror": "x" },
          ownerReferences: [{
            apiVersion: "v1",
            kind: "Node",
            name: "a",
            uid: "uid-a",
            controller: true,
            ...owner,
          }],
        },
        spec: { nodeName: "a", ...spec },
      },
    });
  assert.is(mirror({}), "");
  assert.match(
    mirror({}, { blockOwnerDeletion: true }),
    'node "a" must not set blockOwnerDeletion on an owner reference',
  );
  const of = (words: string): string =>
    `pods "m" is forbidden: node "a" can not create pods that reference ${words}`;
  const table: readonly (readonly [JsonObject, string])[] = [
    [{ serviceAccountName: "default" }, "serviceaccounts"],
    [{ imagePullSecrets: [{ name: "s" }] }, "secrets"],
    [{ volumes: [{ secret: { secretName: "s" } }] }, "secrets"],
    [{ volumes: [{ configMap: { name: "c" } }] }, "configmaps"],
    [{ resourceClaims: [{ name: "r" }] }, "resourceclaims"],
    [{ volumes: [{ persistentVolumeClaim: { claimName: "c" } }] }, "persistentvolumeclaims"],
    [{ volumes: [{ ephemeral: {} }] }, "persistentvolumeclaims (via ephemeral volumes)"],
    [
      { volumes: [{ projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }] },
      "serviceaccounts (via projected volumes)",
    ],
  ];
  for (const [spec, words] of table) assert.is(mirror(spec), of(words));
  assert.is(mirror({ volumes: [{ hostPath: { path: "/" } }, { emptyDir: {} }] }), "");
});

test("of claims only what volumes tell", () => {
  const claim = (status: JsonObject, labels: JsonObject = {}): JsonObject => ({
    metadata: { name: "c", labels, resourceVersion: `${JSON.stringify(status).length}` },
    spec: {},
    status: { phase: "Bound", ...status },
  });
  const update = (next: JsonObject, subresource = "status"): string =>
    fault({
      resource: "persistentvolumeclaims",
      operation: "UPDATE",
      name: "c",
      subresource,
      before: claim({}),
      object: next,
    });
  assert.is(update(claim({ capacity: { storage: "1Gi" }, conditions: [] })), "");
  assert.match(update(claim({ phase: "Lost" })), "is not allowed to update fields other than");
  assert.match(update(claim({}, { a: "b" })), "is not allowed to update fields other than");
  assert.match(update(claim({}), ""), "may only update PVC status");
});

test("CSINode and certificates are its own", () => {
  const csi = (name: string) =>
    fault({ resource: "csinodes.storage.k8s.io", object: { metadata: { name } } });
  assert.is(csi("a"), "");
  assert.match(csi("b"), "can only access CSINode with the same name as the requesting node");
  const csr = (signerName: string, request: string) =>
    fault({
      resource: "certificatesigningrequests.certificates.k8s.io",
      object: { metadata: { name: "r" }, spec: { signerName, request } },
    });
  const kubelet = "kubernetes.io/kube-apiserver-client-kubelet";
  assert.match(csr(kubelet, kubeletClientRequest), "can only create a node CSR with CN=system:node:a");
  assert.match(csr(kubelet, "eA=="), "unable to parse csr: PEM block type must be CERTIFICATE REQUEST");
  assert.is(csr("example.com/x", kubeletClientRequest), "");
});

test.run();
