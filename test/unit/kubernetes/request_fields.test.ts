import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pathTemplate, requestFields } from "../../../adapters/kubernetes/request_fields.ts";
import { createNode, deletePod, getObject, patchLease } from "../../../core/kubernetes/request.ts";

const test = suite("requestFields");

const templates: readonly (readonly [string, string])[] = [
  ["/version", "/version"],
  ["/api/v1/pods", "/api/v1/pods"],
  ["/api/v1/namespaces", "/api/v1/namespaces"],
  ["/api/v1/namespaces/a", "/api/v1/namespaces/{name}"],
  ["/api/v1/namespaces/a/pods", "/api/v1/namespaces/{namespace}/pods"],
  ["/api/v1/namespaces/a/pods/b", "/api/v1/namespaces/{namespace}/pods/{name}"],
  ["/api/v1/namespaces/a/pods/b/status", "/api/v1/namespaces/{namespace}/pods/{name}/status"],
  ["/api/v1/nodes/n/status", "/api/v1/nodes/{name}/status"],
  ["/api/v1/nodes/n/proxy/pods/secret", "/api/v1/nodes/{name}/proxy"],
  [
    "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n",
    "/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}",
  ],
  ["/apis/authentication.k8s.io/v1/tokenreviews", "/apis/authentication.k8s.io/v1/tokenreviews"],
];

for (const [path, template] of templates) {
  test(path, () => assert.is(pathTemplate(path), template));
}

test("verbs are those of authorization", () => {
  const verb = (request: Parameters<typeof requestFields>[0]): string => requestFields(request).verb;
  assert.equal([
    verb(getObject("/api/v1/namespaces/a/pods/b")),
    verb(getObject("/version")),
    verb({ method: "GET", path: "/api/v1/pods", query: { limit: "500" } }),
    verb({ method: "GET", path: "/api/v1/pods", query: { watch: "true" } }),
    verb({ method: "GET", path: "/api/v1/pods", query: { watch: "1" } }),
    verb(createNode({})),
    verb(patchLease("n", {}, 10_000)),
    verb(deletePod("a", "b", "u", 0)),
    verb({ method: "PUT", path: "/api/v1/nodes/n" }),
  ], ["get", "get", "list", "watch", "watch", "create", "patch", "delete", "update"]);
});

test.run();
