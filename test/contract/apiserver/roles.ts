import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, review, unique } from "./asking.ts";
import type { Reply, Speaker, Target } from "./target.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** A Role or ClusterRole of these rules, bound to a user. Gives what takes them away again. */
const grant = async (
  target: Target,
  namespace: string | undefined,
  user: string,
  rules: readonly unknown[],
): Promise<() => Promise<void>> => {
  const name = unique("contract");
  const [role, binding] = namespace === undefined
    ? ["clusterroles", "clusterrolebindings"]
    : ["roles", "rolebindings"];
  const at = namespace === undefined ? rbac : `${rbac}/namespaces/${namespace}`;
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const made = await target.send("POST", `${at}/${role}`, { body: { metadata: { name }, rules } });
  assert.is(made.status, 201, made.text);
  const bound = await target.send("POST", `${at}/${binding}`, {
    body: {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    },
  });
  assert.is(bound.status, 201, bound.text);
  return async () => {
    await target.send("DELETE", `${at}/${binding}/${name}`);
    await target.send("DELETE", `${at}/${role}/${name}`);
  };
};

/** What roles that are bound to somebody allow. */
export const rolesContract = (target: Target): void => {
  const test = suite(`${target.name}: roles`);

  const can = async (user: string, attributes: Readonly<Record<string, string>>): Promise<Reply> =>
    await review(target, "SubjectAccessReview", { user, resourceAttributes: attributes });

  const allowedSoon = (user: string, attributes: Readonly<Record<string, string>>): Promise<Reply> =>
    eventually(() => can(user, attributes), ({ body }) => body.status?.allowed === true);

  test("a role in a namespace allows there what it says, and nothing else", async () => {
    const namespace = await target.namespace();
    const user = unique("user");
    await grant(target, namespace, user, [
      { verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"] },
      { verbs: ["update"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["only"] },
      { verbs: ["get"], apiGroups: [""], resources: ["*/status"] },
    ]);
    const listed = await allowedSoon(user, { verb: "list", resource: "pods", namespace });
    assert.is(listed.body.status.allowed, true);
    assert.match(
      listed.body.status.reason,
      new RegExp(`^RBAC: allowed by RoleBinding "[^"]+/${namespace}" of Role "[^"]+" to User "${user}"$`),
    );
    const table: readonly (readonly [boolean, Readonly<Record<string, string>>])[] = [
      [true, { verb: "get", resource: "pods", subresource: "log", namespace }],
      [false, { verb: "watch", resource: "pods", namespace }],
      [false, { verb: "get", resource: "pods", subresource: "exec", namespace }],
      [false, { verb: "list", resource: "pods", namespace: "default" }],
      [false, { verb: "list", resource: "pods" }],
      [false, { verb: "list", resource: "pods", namespace, group: "apps" }],
      [true, { verb: "update", resource: "configmaps", name: "only", namespace }],
      [false, { verb: "update", resource: "configmaps", name: "other", namespace }],
      [false, { verb: "update", resource: "configmaps", namespace }],
      [true, { verb: "get", resource: "services", subresource: "status", namespace }],
      [false, { verb: "get", resource: "services", namespace }],
    ];
    for (const [allowed, attributes] of table) {
      const { body } = await can(user, attributes);
      assert.is(body.status.allowed, allowed, JSON.stringify(attributes));
      if (!allowed) assert.is(body.status.reason, undefined);
    }
    const read = await target.send("GET", `/api/v1/namespaces/${namespace}/pods`, { as: { user } });
    assert.is(read.status, 200);
    const written = await target.send("POST", `/api/v1/namespaces/${namespace}/pods`, {
      as: { user },
      body: {},
    });
    assert.is(written.status, 403);
  });

  test("a cluster role allows everywhere, paths too", async () => {
    const user = unique("user");
    const undo = await grant(target, undefined, user, [
      { verbs: ["*"], apiGroups: ["*"], resources: ["leases"] },
      { verbs: ["get"], nonResourceURLs: ["/metrics/*", "/logs"] },
    ]);
    try {
      const group = "coordination.k8s.io";
      const first = await allowedSoon(user, {
        verb: "patch",
        resource: "leases",
        group,
        namespace: "default",
      });
      assert.is(first.body.status.allowed, true);
      assert.match(
        first.body.status.reason,
        new RegExp(`^RBAC: allowed by ClusterRoleBinding "[^"]+" of ClusterRole "[^"]+" to User "${user}"$`),
      );
      assert.is(
        (await can(user, { verb: "list", resource: "leases", group: "any" })).body.status.allowed,
        true,
      );
      assert.is((await can(user, { verb: "list", resource: "pods" })).body.status.allowed, false);
      const path = async (value: string): Promise<boolean> => {
        const nonResourceAttributes = { verb: "get", path: value };
        return (await review(target, "SubjectAccessReview", { user, nonResourceAttributes })).body.status
          .allowed;
      };
      assert.is(await path("/metrics/a/b"), true);
      assert.is(await path("/metrics"), false);
      assert.is(await path("/logs"), true);
      assert.is(await path("/logs/a"), false);
    } finally {
      await undo();
    }
  });

  test("a service account of the binding's namespace, and a role that is not there", async () => {
    const namespace = await target.namespace();
    const at = `${rbac}/namespaces/${namespace}`;
    const bind = (name: string, subject: unknown) =>
      target.send("POST", `${at}/rolebindings`, {
        body: {
          metadata: { name },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          subjects: [subject],
        },
      });
    const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }];
    await target.send("POST", `${at}/roles`, { body: { metadata: { name: "reader" }, rules } });
    assert.is((await bind("reader", { kind: "ServiceAccount", name: "sa", namespace })).status, 201);
    const account = `system:serviceaccount:${namespace}:sa`;
    const got = await allowedSoon(account, { verb: "get", resource: "secrets", namespace });
    assert.is(got.body.status.allowed, true);
    assert.match(got.body.status.reason, `to ServiceAccount "sa/${namespace}"`);
    await bind("lost", { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "lost" });
    const asked = () => can("lost", { verb: "get", resource: "secrets", namespace });
    const lost = await eventually(asked, ({ body }) => body.status?.reason !== undefined);
    assert.is(lost.body.status.allowed, false);
    assert.is(lost.body.status.reason, 'RBAC: role.rbac.authorization.k8s.io "lost" not found');
  });

  test("the roles of people are gathered from others", async () => {
    const namespace = await target.namespace();
    const bind = async (role: string): Promise<string> => {
      const name = unique(role);
      await target.send("POST", `${rbac}/namespaces/${namespace}/rolebindings`, {
        body: {
          metadata: { name },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
          subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
        },
      });
      return name;
    };
    const may: readonly (readonly [string, readonly string[], readonly string[]])[] = [
      ["view", ["get pods", "get pods/log"], ["get secrets", "create pods", "get roles"]],
      ["edit", ["get pods", "get secrets", "create pods/exec", "delete pods"], [
        "create rolebindings",
        "get nodes",
      ]],
      ["admin", ["get pods", "create rolebindings", "create serviceaccounts/token"], [
        "get nodes",
        "create nodes",
      ]],
    ];
    for (const [role, allowed, refused] of may) {
      const user = await bind(role);
      await allowedSoon(user, { verb: "get", resource: "pods", namespace });
      for (
        const [words, is] of [
          ...allowed.map((w) => [w, true] as const),
          ...refused.map((w) => [w, false] as const),
        ]
      ) {
        const [verb = "", path = ""] = words.split(" ");
        const [resource = "", subresource = ""] = path.split("/");
        const group = resource.startsWith("role") ? "rbac.authorization.k8s.io" : "";
        const { body } = await can(user, { verb, resource, subresource, group, namespace });
        assert.is(body.status.allowed, is, `${role}: ${words}`);
      }
    }
  });

  test("nobody gives what they do not have", async () => {
    const namespace = await target.namespace();
    const at = `${rbac}/namespaces/${namespace}`;
    const user = unique("admin");
    const apiGroup = "rbac.authorization.k8s.io";
    const bind = (name: string, role: string, as: Speaker = "admin") =>
      target.send("POST", `${at}/rolebindings`, {
        as,
        body: {
          metadata: { name },
          roleRef: { apiGroup, kind: "ClusterRole", name: role },
          subjects: [{ kind: "User", name: user }],
        },
      });
    const first = await bind("admins", "admin");
    assert.is(first.status, 201, first.text);
    assert.equal(first.body.subjects, [{ kind: "User", apiGroup, name: user }]);
    await allowedSoon(user, { verb: "create", resource: "roles", group: apiGroup, namespace });
    const rules = [
      { verbs: ["get", "list"], apiGroups: [""], resources: ["nodes", "pods"] },
      { verbs: ["get"], apiGroups: [""], resources: ["foo"], resourceNames: ["a", "b"] },
    ];
    const role = (body: unknown) => target.send("POST", `${at}/roles`, { as: { user }, body });
    const more = await role({ metadata: { name: "more" }, rules });
    assert.is(more.status, 403, more.text);
    assert.is(
      more.body.message,
      `roles.${apiGroup} "more" is forbidden: user "${user}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
{APIGroups:[""], Resources:["foo"], ResourceNames:["a"], Verbs:["get"]}
{APIGroups:[""], Resources:["foo"], ResourceNames:["b"], Verbs:["get"]}
{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}`,
    );
    const own = [{ verbs: ["get"], apiGroups: [""], resources: ["pods", "pods/log"] }];
    assert.is((await role({ metadata: { name: "own" }, rules: own })).status, 201);
    const all = await bind("all", "cluster-admin", { user });
    assert.is(all.status, 403);
    assert.match(all.body.message, '{NonResourceURLs:["*"], Verbs:["*"]}');
    assert.is((await bind("some", "view", { user })).status, 201);
    const none = await bind("none", "no-such-role", { user });
    assert.is(none.status, 404);
    assert.is(none.body.message, `rolebindings.${apiGroup} "no-such-role" not found`);
  });

  test("rules and bindings that make no sense", async () => {
    const namespace = await target.namespace();
    const at = `${rbac}/namespaces/${namespace}`;
    const invalid = async (plural: string, body: object, message: string): Promise<void> => {
      const reply = await target.send("POST", `${at}/${plural}`, {
        body: { metadata: { name: "x" }, ...body },
      });
      assert.is(reply.status, 422, reply.text);
      assert.is(reply.body.message.replace(/^.* is invalid: /, ""), message);
    };
    const resource = { apiGroups: [""], resources: ["a"] };
    const rules = [{ verbs: [], ...resource }, { verbs: ["get"], nonResourceURLs: ["/a"] }, {
      verbs: ["get"],
    }];
    await invalid(
      "roles",
      { rules },
      '[rules[0].verbs: Required value: verbs must contain at least one value, rules[1].nonResourceURLs: Invalid value: ["/a"]: namespaced rules cannot apply to non-resource URLs, rules[2].apiGroups: Required value: resource rules must supply at least one api group, rules[2].resources: Required value: resource rules must supply at least one resource]',
    );
    await invalid(
      "rolebindings",
      { roleRef: { kind: "Foo" }, subjects: [{ kind: "User" }, { kind: "Zoo", name: "x" }] },
      '[roleRef.kind: Unsupported value: "Foo": supported values: "Role", "ClusterRole", roleRef.name: Required value, subjects[0].name: Required value, subjects[1].kind: Unsupported value: "Zoo": supported values: "ServiceAccount", "User", "Group"]',
    );
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
    const made = await target.send("POST", `${at}/rolebindings`, {
      body: { metadata: { name: "b" }, roleRef },
    });
    assert.is(made.status, 201, made.text);
    const changed = await target.send("PATCH", `${at}/rolebindings/b`, {
      body: { roleRef: { ...roleRef, name: "edit" } },
      contentType: "application/merge-patch+json",
    });
    assert.is(changed.status, 422);
    assert.match(
      changed.body.message,
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
    );
  });

  test("the roles that every cluster begins with", async () => {
    const rulesOf = async (name: string) =>
      (await target.send("GET", `${rbac}/clusterroles/${name}`)).body.rules;
    assert.equal(await rulesOf("cluster-admin"), [
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { verbs: ["*"], nonResourceURLs: ["*"] },
    ]);
    assert.equal(await rulesOf("system:public-info-viewer"), [
      { verbs: ["get"], nonResourceURLs: ["/healthz", "/livez", "/readyz", "/version", "/version/"] },
    ]);
    const bound = await target.send("GET", `${rbac}/clusterrolebindings/system:public-info-viewer`);
    assert.equal(bound.body.subjects, [
      { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:authenticated" },
      { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:unauthenticated" },
    ]);
    const admin = await target.send("GET", `${rbac}/clusterroles/edit`);
    assert.equal(admin.body.aggregationRule, {
      clusterRoleSelectors: [{ matchLabels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } }],
    });
  });

  test.run();
};
