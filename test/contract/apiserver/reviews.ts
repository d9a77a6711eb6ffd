import { suite } from "uvu";
import * as assert from "uvu/assert";
import { node, review } from "./asking.ts";
import type { Reply, Speaker, Target } from "./target.ts";

const authorization = "/apis/authorization.k8s.io/v1";

const alice: Speaker = { user: "alice" };

/** Questions of who may do what. */
export const reviewsContract = (target: Target): void => {
  const test = suite(`${target.name}: access reviews`);

  const pods = { verb: "list", resource: "pods", namespace: "default" };

  test("what was asked comes back with the answer", async () => {
    const { status, body } = await review(target, "SelfSubjectAccessReview", { resourceAttributes: pods });
    assert.is(status, 201);
    assert.is(body.kind, "SelfSubjectAccessReview");
    assert.is(body.apiVersion, "authorization.k8s.io/v1");
    assert.equal(body.spec, { resourceAttributes: pods });
    assert.equal(body.status, { allowed: true });
    const own = await review(target, "SelfSubjectAccessReview", { resourceAttributes: pods }, alice);
    assert.equal(own.body.status, { allowed: false });
  });

  test("everybody authenticated may see the version, by a binding", async () => {
    const spec = { nonResourceAttributes: { verb: "get", path: "/version" } };
    const { body } = await review(target, "SelfSubjectAccessReview", spec, alice);
    assert.is(body.status.allowed, true);
    assert.match(body.status.reason, /^RBAC: allowed by ClusterRoleBinding "system:[a-z-]+" of ClusterRole/);
  });

  test("groups count", async () => {
    const spec = { user: "alice", groups: ["system:masters"], resourceAttributes: pods };
    assert.equal((await review(target, "SubjectAccessReview", spec)).body.status, { allowed: true });
    const none = { user: "alice", resourceAttributes: pods };
    assert.equal((await review(target, "SubjectAccessReview", none)).body.status, { allowed: false });
    const refused = await review(target, "SubjectAccessReview", spec, alice);
    assert.is(refused.status, 403);
  });

  const invalid = (reply: Reply, message: string): void => {
    assert.is(reply.status, 422, reply.text);
    assert.is(reply.body.message, `.authorization.k8s.io "" is invalid: ${message}`);
    assert.equal(reply.body.details.group, "authorization.k8s.io");
    assert.is(reply.body.details.causes.length, 1);
  };

  test("questions that are none", async () => {
    const path = { verb: "get", path: "/version" };
    invalid(
      await review(target, "SelfSubjectAccessReview", {}),
      "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
    invalid(
      await review(target, "SelfSubjectAccessReview", {
        resourceAttributes: pods,
        nonResourceAttributes: path,
      }),
      'spec.nonResourceAttributes: Invalid value: {"Path":"/version","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    );
    invalid(
      await review(target, "SubjectAccessReview", { resourceAttributes: pods }),
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    );
  });

  test("selectors that are none", async () => {
    const place = "spec.resourceAttributes.fieldSelector";
    const values = (fields: object) => ({ requirements: [{ key: "a", ...fields }] });
    const rows: readonly (readonly [object, string])[] = [
      [
        {},
        `.requirements: Required value: when ${place} is specified, requirements or rawSelector is required`,
      ],
      [
        { rawSelector: "a=b", ...values({ operator: "In", values: ["b"] }) },
        '.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements',
      ],
      [
        values({ operator: "In" }),
        ".requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
      [
        values({ operator: "Exists", values: ["b"] }),
        ".requirements[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
      [values({ key: "", operator: "Exists" }), ".requirements[0].key: Required value: must be specified"],
    ];
    for (const [fieldSelector, message] of rows) {
      const resourceAttributes = { ...pods, fieldSelector };
      invalid(
        await review(target, "SubjectAccessReview", { user: "a", resourceAttributes }),
        `${place}${message}`,
      );
    }
    const labelSelector = values({ key: "a b", operator: "Exists" });
    const labels = await review(target, "SelfSubjectAccessReview", {
      resourceAttributes: { ...pods, labelSelector },
    });
    assert.is(labels.status, 422);
    assert.is(
      labels.body.details.causes[0].field,
      "spec.resourceAttributes.labelSelector.requirements[0].key",
    );
  });

  test("a review of one namespace", async () => {
    const ask = (namespace: string): Promise<Reply> =>
      target.send("POST", `${authorization}/namespaces/default/localsubjectaccessreviews`, {
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "LocalSubjectAccessReview",
          metadata: { namespace: "default" },
          spec: { user: "a", groups: ["system:masters"], resourceAttributes: { ...pods, namespace } },
        },
      });
    assert.equal((await ask("default")).body.status, { allowed: true });
    invalid(
      await ask("kube-system"),
      'spec.resourceAttributes.namespace: Invalid value: "kube-system": must match metadata.namespace',
    );
  });

  test("what somebody may do, as a list", async () => {
    const ask = (namespace: string, as: Speaker): Promise<Reply> =>
      review(target, "SelfSubjectRulesReview", namespace === "" ? {} : { namespace }, as);
    const { status, body } = await ask("default", alice);
    assert.is(status, 201);
    assert.is(body.status.incomplete, false);
    const has = (list: readonly unknown[], wanted: unknown): boolean =>
      list.some((rule) => JSON.stringify(rule) === JSON.stringify(wanted));
    assert.ok(has(body.status.resourceRules, {
      verbs: ["create"],
      apiGroups: ["authorization.k8s.io"],
      resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    }));
    assert.ok(has(body.status.nonResourceRules, {
      verbs: ["get"],
      nonResourceURLs: ["/healthz", "/livez", "/readyz", "/version", "/version/"],
    }));
    const admin = await ask("default", "admin");
    assert.ok(has(admin.body.status.resourceRules, { verbs: ["*"], apiGroups: ["*"], resources: ["*"] }));
    const none = await ask("", alice);
    assert.is(none.status, 400);
    assert.is(none.body.message, "no namespace on request");
    const nodes = await ask("default", node("x"));
    assert.is(nodes.body.status.incomplete, true);
    assert.is(nodes.body.status.evaluationError, "node authorizer does not support user rule resolution");
  });

  test.run();
};
