// The requests that are sent, as Kubernetes' API reference has them.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type ApiRequest,
  createEvent,
  createLease,
  createNode,
  deleteNode,
  deletePod,
  getObject,
  leasePath,
  nodePath,
  patchEvent,
  patchLease,
  patchNode,
  patchNodeStatus,
  patchPodStatus,
  podPath,
} from "../../core/kubernetes/request.ts";

const test = suite("requests");

const body = { any: "thing" };
/** Of writes: who writes is recorded, and nobody reads the answer. */
const write = { query: { fieldManager: "virtual-kubelet" }, body, discardAnswer: true } as const;
const strategic = {
  ...write,
  method: "PATCH",
  contentType: "application/strategic-merge-patch+json",
} as const;
const merge = { ...write, method: "PATCH", contentType: "application/merge-patch+json" } as const;
const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

const rows: readonly (readonly [string, ApiRequest, ApiRequest])[] = [
  ["getObject", getObject("/api/v1/nodes/n"), { method: "GET", path: "/api/v1/nodes/n" }],
  ["createNode", createNode(body), { ...write, method: "POST", path: "/api/v1/nodes" }],
  ["patchNode", patchNode("n", body), { ...strategic, path: "/api/v1/nodes/n" }],
  ["patchNodeStatus", patchNodeStatus("n", body), { ...strategic, path: "/api/v1/nodes/n/status" }],
  ["deleteNode", deleteNode("n", "u"), {
    method: "DELETE",
    path: "/api/v1/nodes/n",
    body: { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid: "u" } },
    discardAnswer: true,
  }],
  ["createLease", createLease(body, 3), { ...write, timeoutMs: 3, method: "POST", path: leases }],
  ["patchLease", patchLease("n", body, 4), { ...merge, timeoutMs: 4, path: `${leases}/n` }],
  ["createEvent", createEvent("ns", body), {
    ...write,
    method: "POST",
    path: "/api/v1/namespaces/ns/events",
  }],
  ["patchEvent", patchEvent("ns", "e", body), { ...merge, path: "/api/v1/namespaces/ns/events/e" }],
  ["patchPodStatus", patchPodStatus("ns", "p", body), {
    ...strategic,
    path: "/api/v1/namespaces/ns/pods/p/status",
  }],
  ["deletePod", deletePod("ns", "p", "u", 0), {
    method: "DELETE",
    path: "/api/v1/namespaces/ns/pods/p",
    body: { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0, preconditions: { uid: "u" } },
    discardAnswer: true,
  }],
  ["deletePod, with its own grace", deletePod("ns", "p", "u", undefined), {
    method: "DELETE",
    path: "/api/v1/namespaces/ns/pods/p",
    body: { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid: "u" } },
    discardAnswer: true,
  }],
];

for (const [name, request, expected] of rows) {
  test(name, () => {
    assert.equal(request, expected);
    // a field that is there and undefined is written differently by some
    assert.is(JSON.stringify(request.body), JSON.stringify(expected.body));
    assert.equal(Object.keys((request.body ?? {}) as object), Object.keys((expected.body ?? {}) as object));
  });
}

test("names are escaped, and nothing is that needs it not", () => {
  assert.is(podPath("a/b", "c?d"), "/api/v1/namespaces/a%2Fb/pods/c%3Fd");
  assert.is(nodePath("n\ud800"), "/api/v1/nodes/n%EF%BF%BD");
  assert.is(leasePath("node-1.example_x"), `${leases}/node-1.example_x`);
  assert.is(nodePath("é"), "/api/v1/nodes/%C3%A9");
});

test.run();
