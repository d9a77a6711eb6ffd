import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forbidden } from "./asking.ts";
import { nodeAccessContract } from "./node_access.ts";
import { reviewsContract } from "./reviews.ts";
import { rolesContract } from "./roles.ts";
import type { Reply, SendOptions, Speaker, Target } from "./target.ts";

const alice: Speaker = { user: "alice" };

const whoami = (target: Target, options: SendOptions): Promise<Reply> =>
  target.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    ...options,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
  });

const credentials = (target: Target): void => {
  const test = suite(`${target.name}: who asks`);

  test("nobody is anonymous: 403 of what is there and of what is not, and the version for all", async () => {
    const { status, body } = await target.send("GET", "/api/v1/pods", { as: "anonymous" });
    assert.is(status, 403);
    assert.equal(body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message:
        'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
      reason: "Forbidden",
      details: { kind: "pods" },
      code: 403,
    });
    const of = (path: string) => target.send("GET", path, { as: "anonymous" });
    forbidden(await of("/foo"), 'forbidden: User "system:anonymous" cannot get path "/foo"');
    forbidden(await of("/api"), 'forbidden: User "system:anonymous" cannot get path "/api"');
    forbidden(
      await of("/api/v1/namespaces/default/pods/x/log"),
      'pods "x" is forbidden: User "system:anonymous" cannot get resource "pods/log" in API group "" in the namespace "default"',
    );
    forbidden(
      await of("/api/v1/namespaces/x"),
      'namespaces "x" is forbidden: User "system:anonymous" cannot get resource "namespaces" in API group "" in the namespace "x"',
    );
    forbidden(
      await of("/apis/coordination.k8s.io/v1/namespaces/a/leases/b"),
      'leases.coordination.k8s.io "b" is forbidden: User "system:anonymous" cannot get resource "leases" in API group "coordination.k8s.io" in the namespace "a"',
    );
    forbidden(
      await of("/apis/no.such.group/v1/things"),
      'things.no.such.group is forbidden: User "system:anonymous" cannot list resource "things" in API group "no.such.group" at the cluster scope',
    );
    for (const path of ["/version", "/healthz", "/livez", "/readyz"]) {
      assert.is((await of(path)).status, 200, path);
    }
  });

  test("verbs of requests are those of policies", async () => {
    const pods = "/api/v1/namespaces/default/pods";
    const verbs: readonly (readonly [string, string, string, Readonly<Record<string, string>>?])[] = [
      ["GET", pods, "list"],
      ["GET", `${pods}/x`, "get"],
      ["GET", pods, "watch", { watch: "true" }],
      ["GET", pods, "list", { watch: "false" }],
      ["POST", pods, "create"],
      ["PUT", `${pods}/x`, "update"],
      ["PATCH", `${pods}/x`, "patch"],
      ["DELETE", `${pods}/x`, "delete"],
      ["DELETE", pods, "deletecollection"],
    ];
    for (const [method, path, verb, query] of verbs) {
      const reply = await target.send(method, path, {
        as: alice,
        ...(query === undefined ? {} : { query }),
        ...(method === "POST" || method === "PUT" || method === "PATCH" ? { body: {} } : {}),
      });
      assert.is(reply.status, 403, `${method} ${verb}`);
      assert.match(
        reply.body.message,
        `User "alice" cannot ${verb} resource "pods" in API group "" in the namespace "default"`,
      );
    }
    const named = await target.send("GET", pods, { as: alice, query: { fieldSelector: "metadata.name=x" } });
    assert.match(named.body.message, /^pods "x" is forbidden: User "alice" cannot list resource "pods"/);
  });

  test("a token that is nobody's is a 401, also where nobody may go", async () => {
    for (const path of ["/api/v1/pods", "/version"]) {
      for (const token of ["abc", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."]) {
        const reply = await target.send("GET", path, { as: { token } });
        assert.is(reply.status, 401);
        assert.equal(reply.body, {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Failure",
          message: "Unauthorized",
          reason: "Unauthorized",
          code: 401,
        });
      }
    }
  });

  test("credentials of another kind are none", async () => {
    for (const authorization of ["Basic abc", "Bearer", "Bearer "]) {
      const reply = await target.send("GET", "/version", { as: "anonymous", headers: { authorization } });
      assert.is(reply.status, 200, authorization);
    }
  });

  test("whoever is somebody is authenticated", async () => {
    const { status, body } = await whoami(target, {});
    assert.is(status, 201);
    assert.is(body.kind, "SelfSubjectReview");
    assert.match(body.metadata.creationTimestamp, /Z$/);
    assert.ok(body.status.userInfo.groups.includes("system:masters"));
    assert.ok(body.status.userInfo.groups.includes("system:authenticated"));
    forbidden(
      await whoami(target, { as: "anonymous" }),
      'selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
    );
  });

  test.run();
};

const impersonation = (target: Target): void => {
  const test = suite(`${target.name}: impersonation`);

  const who = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
    (await whoami(target, { headers })).body.status?.userInfo;

  test("a user, a group, a uid and extra", async () => {
    assert.equal(
      await who({
        "impersonate-user": "x",
        "impersonate-group": "a",
        "impersonate-uid": "u1",
        "impersonate-extra-foo%2fbar": "z",
      }),
      { username: "x", uid: "u1", groups: ["a", "system:authenticated"], extra: { "foo/bar": ["z"] } },
    );
  });

  test("names bring groups along", async () => {
    assert.equal(await who({ "impersonate-user": "system:serviceaccount:default:default" }), {
      username: "system:serviceaccount:default:default",
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    });
    const nobody = await whoami(target, { headers: { "impersonate-user": "system:anonymous" } });
    assert.is(nobody.status, 403);
    assert.equal(await who({ "impersonate-user": "x", "impersonate-group": "system:masters" }), {
      username: "x",
      groups: ["system:masters", "system:authenticated"],
    });
  });

  test("a group without a user is a bad request", async () => {
    const { status, body } = await whoami(target, { headers: { "impersonate-group": "a" } });
    assert.is(status, 400);
    assert.is(
      body.message,
      'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, Extra:map[string][]string(nil)} without impersonating a user name',
    );
  });

  test("nobody impersonates without a permission", async () => {
    const as = (name: string): Promise<Reply> =>
      target.send("GET", "/api/v1/pods", { as: "anonymous", headers: { "impersonate-user": name } });
    const refused = (mode: string): string =>
      `pods is forbidden: User "system:anonymous" cannot impersonate-on:${mode}:list resource "pods" in API group "" at the cluster scope`;
    forbidden(await as("bob"), refused("user-info"));
    forbidden(await as("system:serviceaccount:a:b"), refused("serviceaccount"));
    forbidden(await as("system:node:a"), refused("arbitrary-node"));
  });

  test.run();
};

/** Who asks, whom they may be, and what they may do. */
export const authContract = (target: Target): void => {
  credentials(target);
  impersonation(target);
  rolesContract(target);
  reviewsContract(target);
  nodeAccessContract(target);
};
