import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, unique } from "./asking.ts";
import type { Reply, Speaker, Target } from "./target.ts";

const issuer = "https://kubernetes.default.svc";

type Spec = Readonly<Record<string, unknown>>;

const request = (
  target: Target,
  namespace: string,
  spec: Spec,
  options: { readonly metadata?: unknown; readonly as?: Speaker; readonly account?: string } = {},
): Promise<Reply> => {
  const { metadata, as = "admin", account = "default" } = options;
  return target.send("POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
    as,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      ...(metadata === undefined ? {} : { metadata }),
      spec,
    },
  });
};

/** A token, or the reason why there is none. */
const tokenOf = async (target: Target, namespace: string, spec: Spec): Promise<string> => {
  const reply = await request(target, namespace, spec);
  assert.is(reply.status, 201, reply.body.message);
  return reply.body.status.token;
};

const payload = (token: string): Reply["body"] =>
  JSON.parse(
    new TextDecoder().decode(
      Uint8Array.from(
        atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")),
        (letter) => letter.charCodeAt(0),
      ),
    ),
  );

const review = (target: Target, spec: Spec): Promise<Reply> =>
  target.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec },
  });

const whoami = (target: Target, token: string): Promise<Reply> =>
  target.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", { as: { token }, body: {} });

const createPod = async (target: Target, namespace: string, spec: Spec = {}): Promise<Reply["body"]> => {
  const reply = await target.send("POST", `/api/v1/namespaces/${namespace}/pods`, {
    body: {
      metadata: { name: unique("pod") },
      spec: { containers: [{ name: "c", image: "example.com/c" }], ...spec },
    },
  });
  assert.is(reply.status, 201, reply.text);
  return reply.body;
};

const boundTo = (kind: string, object: Reply["body"]): Spec => {
  const { name, uid } = object.metadata;
  return { boundObjectRef: { apiVersion: "v1", kind, name, uid } };
};

const requests = (target: Target): void => {
  const test = suite(`${target.name}: token requests`);

  test("a token is a JWT of the service account, for an hour and the API server", async () => {
    const namespace = await target.namespace();
    const account =
      (await target.send("GET", `/api/v1/namespaces/${namespace}/serviceaccounts/default`)).body;
    const { status, body } = await request(target, namespace, {});
    assert.is(status, 201);
    assert.is(body.kind, "TokenRequest");
    assert.is(body.apiVersion, "authentication.k8s.io/v1");
    assert.is(body.metadata.name, "default");
    assert.is(body.metadata.namespace, namespace);
    assert.is(body.metadata.uid, account.metadata.uid);
    assert.equal(body.spec, { audiences: [issuer], expirationSeconds: 3600, boundObjectRef: null });
    const { exp, iat, nbf, jti, ...claims } = payload(body.status.token);
    assert.equal(claims, {
      aud: [issuer],
      iss: issuer,
      "kubernetes.io": { namespace, serviceaccount: { name: "default", uid: account.metadata.uid } },
      sub: `system:serviceaccount:${namespace}:default`,
    });
    assert.is(exp - iat, 3600);
    assert.is(nbf, iat);
    assert.match(jti, /^[0-9a-f-]{36}$/);
    const expires = Date.parse(body.status.expirationTimestamp) / 1000;
    assert.ok(Math.abs(expires - exp) <= 1);
  });

  test("a pod's token tells the pod and its node, and may be stale long before it ends", async () => {
    const namespace = await target.namespace();
    const pod = await createPod(target, namespace, { nodeName: "no-such-node" });
    const other = await request(target, namespace, { ...boundTo("Pod", pod), audiences: ["a", "b"] });
    assert.equal(other.body.spec.audiences, ["a", "b"]);
    assert.equal(other.body.spec.boundObjectRef, boundTo("Pod", pod)["boundObjectRef"]);
    const claims = payload(other.body.status.token);
    assert.equal(claims.aud, ["a", "b"]);
    assert.equal(claims["kubernetes.io"].pod, { name: pod.metadata.name, uid: pod.metadata.uid });
    assert.equal(claims["kubernetes.io"].node, { name: "no-such-node" });
    assert.is(claims["kubernetes.io"].warnafter, undefined);
    const kubelets = await request(target, namespace, { ...boundTo("Pod", pod), expirationSeconds: 3607 });
    assert.is(kubelets.body.spec.expirationSeconds, 3607);
    const { exp, iat, "kubernetes.io": own } = payload(kubelets.body.status.token);
    assert.is(exp - iat, 365 * 24 * 3600);
    assert.is(own.warnafter - iat, 3607);
    const expires = Date.parse(kubelets.body.status.expirationTimestamp) / 1000;
    assert.ok(Math.abs(expires - iat - 3607) <= 1);
  });

  test("what a token is bound to must be that object", async () => {
    const namespace = await target.namespace();
    const pod = await createPod(target, namespace);
    const { name } = pod.metadata;
    const table: readonly (readonly [Spec, number, string])[] = [
      [{ apiVersion: "v1", kind: "Pod", name: "nope" }, 404, 'pods "nope" not found'],
      [{ apiVersion: "v1", kind: "Secret", name: "nope" }, 404, 'secrets "nope" not found'],
      [{ apiVersion: "v1", kind: "Node", name: "nope" }, 404, 'nodes "nope" not found'],
      [
        { apiVersion: "v1", kind: "ConfigMap", name: "nope" },
        400,
        "cannot bind token to object of type /v1, Kind=ConfigMap",
      ],
      [
        { apiVersion: "x/v1", kind: "Pod", name: "nope" },
        400,
        "cannot bind token to object of type x/v1, Kind=Pod",
      ],
      [
        { apiVersion: "v1", kind: "Pod", name, uid: "wrong" },
        409,
        `Operation cannot be fulfilled on Pod "${name}": the UID in the bound object reference (wrong) does not match the UID in record. The object might have been deleted and then recreated`,
      ],
    ];
    for (const [boundObjectRef, status, message] of table) {
      const reply = await request(target, namespace, { boundObjectRef });
      assert.is(reply.status, status, reply.body.message);
      assert.is(reply.body.message, message);
    }
    await target.send("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      body: { metadata: { name: "other" } },
    });
    const foreign = await request(target, namespace, boundTo("Pod", pod), { account: "other" });
    assert.is(foreign.status, 400);
    assert.is(
      foreign.body.message,
      'cannot bind token for serviceaccount "other" to pod running with different serviceaccount name.',
    );
  });

  test("what cannot be asked for", async () => {
    const namespace = await target.namespace();
    const invalid = async (spec: Spec, message: string): Promise<void> => {
      const reply = await request(target, namespace, spec);
      assert.is(reply.status, 422, reply.body.message);
      assert.is(
        reply.body.message,
        `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: ${message}`,
      );
      assert.equal(reply.body.details.causes[0].field, "spec.expirationSeconds");
    };
    await invalid({ expirationSeconds: 100 }, "100: may not specify a duration less than 10 minutes");
    await invalid(
      { expirationSeconds: 42949672960 },
      "42949672960: may not specify a duration larger than 2^32 seconds",
    );
    const named = await request(target, namespace, {}, { metadata: { name: "other" } });
    assert.is(named.status, 422);
    assert.is(
      named.body.message,
      'TokenRequest.authentication.k8s.io "default" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    );
    const elsewhere = await request(target, namespace, {}, { metadata: { namespace: "other" } });
    assert.is(elsewhere.status, 400, elsewhere.text);
    const missing = await request(target, namespace, {}, { account: "nope" });
    assert.is(missing.status, 404);
    assert.is(missing.body.message, 'serviceaccounts "nope" not found');
  });

  test.run();
};

const use = (target: Target): void => {
  const test = suite(`${target.name}: tokens in use`);

  test("whoever shows it is the service account, with its pod and node", async () => {
    const namespace = await target.namespace();
    const name = unique("node");
    const node = (await target.send("POST", "/api/v1/nodes", { body: { metadata: { name } } })).body;
    try {
      const pod = await createPod(target, namespace, { nodeName: name });
      const token = await tokenOf(target, namespace, boundTo("Pod", pod));
      const claims = payload(token);
      assert.equal(claims["kubernetes.io"].node, { name, uid: node.metadata.uid });
      const user = {
        username: `system:serviceaccount:${namespace}:default`,
        uid: claims["kubernetes.io"].serviceaccount.uid,
        groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
        extra: {
          "authentication.kubernetes.io/credential-id": [`JTI=${claims.jti}`],
          "authentication.kubernetes.io/node-name": [name],
          "authentication.kubernetes.io/node-uid": [node.metadata.uid],
          "authentication.kubernetes.io/pod-name": [pod.metadata.name],
          "authentication.kubernetes.io/pod-uid": [pod.metadata.uid],
        },
      };
      const own = await whoami(target, token);
      assert.is(own.status, 201);
      assert.equal(own.body.status.userInfo, user);
      const { status, body } = await review(target, { token });
      assert.is(status, 201);
      assert.equal(body.spec, { token });
      assert.equal(body.status, { authenticated: true, user, audiences: [issuer] });
      const refused = await target.send("GET", `/api/v1/namespaces/${namespace}/pods`, { as: { token } });
      assert.is(refused.status, 403);
      assert.match(
        refused.body.message,
        `pods is forbidden: User "system:serviceaccount:${namespace}:default" cannot list resource "pods"`,
      );
    } finally {
      await target.send("DELETE", `/api/v1/nodes/${name}`);
    }
  });

  test("a token is for its audiences", async () => {
    const namespace = await target.namespace();
    const token = await tokenOf(target, namespace, { audiences: ["a", "b"] });
    assert.is((await whoami(target, token)).status, 401);
    const mine = await review(target, { token, audiences: ["x", "b"] });
    assert.is(mine.body.status.authenticated, true);
    assert.equal(mine.body.status.audiences, ["b"]);
    const others = await review(target, { token });
    assert.equal(others.body.status, {
      user: {},
      error:
        `[invalid bearer token, token audiences ["a" "b"] is invalid for the target audiences ["${issuer}"]]`,
    });
  });

  test("what is no token of this server is nobody's", async () => {
    const namespace = await target.namespace();
    const token = await tokenOf(target, namespace, {});
    const [head = "", body = "", signature = ""] = token.split(".");
    const claims = payload(token);
    const changed = btoa(JSON.stringify({ ...claims, sub: "system:serviceaccount:kube-system:default" }))
      .replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
    const flipped = `${signature.slice(0, 20)}${signature[20] === "A" ? "B" : "A"}${signature.slice(21)}`;
    for (
      const forged of [`${head}.${changed}.${signature}`, `${head}.${body}.${flipped}`, `${head}.${body}.`]
    ) {
      assert.is((await whoami(target, forged)).status, 401);
      const { body: answer } = await review(target, { token: forged });
      assert.is(answer.status.authenticated, undefined);
      assert.equal(answer.status.user, {});
      assert.match(answer.status.error, /^\[?invalid bearer token/);
      assert.not.match(answer.status.error, forged);
    }
    const none = await review(target, { token: "abc" });
    assert.equal(none.body.status, { user: {}, error: "invalid bearer token" });
    const empty = await review(target, {});
    assert.is(empty.status, 400);
    assert.is(empty.body.message, "token is required for TokenReview in authentication");
  });

  // each of these tokens is shown for the first time after its end: the real server remembers for ten seconds
  test("a token dies with what it is bound to", async () => {
    const namespace = await target.namespace();
    const gone = async (token: string, error: string | RegExp): Promise<void> => {
      const reply = await eventually(
        () => review(target, { token }),
        ({ body }) => body.status?.authenticated !== true,
      );
      assert.is(reply.body.status.authenticated, undefined);
      assert.match(reply.body.status.error, error);
      assert.is((await whoami(target, token)).status, 401);
    };
    const pod = await createPod(target, namespace);
    const ofPod = await tokenOf(target, namespace, boundTo("Pod", pod));
    await target.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`, {
      query: { gracePeriodSeconds: "0" },
    });
    await gone(ofPod, "[invalid bearer token, service account token has been invalidated]");
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    const secret = (await target.send("POST", secrets, { body: { metadata: { name: "s" } } })).body;
    const ofSecret = await tokenOf(target, namespace, boundTo("Secret", secret));
    await target.send("DELETE", `${secrets}/s`);
    await target.send("POST", secrets, { body: { metadata: { name: "s" } } });
    await gone(ofSecret, /secret UID \(.*\) does not match service account secret ref claim \(.*\)/);
  });

  test("a token dies with its service account", async () => {
    const namespace = await target.namespace();
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await target.send("POST", accounts, { body: { metadata: { name: "short" } } });
    const { body } = await request(target, namespace, {}, { account: "short" });
    await target.send("DELETE", `${accounts}/short`);
    const { token } = body.status;
    const reply = await eventually(
      () => review(target, { token }),
      (answer) => answer.body.status?.authenticated !== true,
    );
    assert.equal(reply.body.status, {
      user: {},
      error: '[invalid bearer token, serviceaccounts "short" not found]',
    });
  });

  test.run();
};

const ofNodes = (target: Target): void => {
  const test = suite(`${target.name}: tokens that nodes ask for`);

  test("only of its own pods, bound to them", async () => {
    const namespace = await target.namespace();
    const name = unique("node");
    const pod = await createPod(target, namespace, { nodeName: name });
    const as: Speaker = { user: `system:node:${name}`, groups: ["system:nodes"] };
    const bound = boundTo("Pod", pod);
    const ask = (spec: Spec, speaker: Speaker = as) => request(target, namespace, spec, { as: speaker });
    const made = await eventually(() => ask(bound), ({ status }) => status === 201);
    assert.is(made.status, 201, made.body.message);
    const refused = (reply: Reply, why: string): void => {
      assert.is(reply.status, 403, reply.body.message);
      assert.is(reply.body.message, `serviceaccounts "default" is forbidden: ${why}`);
    };
    refused(await ask({}), "node requested token not bound to a pod");
    const { uid: _, ...loose } = bound["boundObjectRef"] as Record<string, string>;
    refused(
      await ask({ boundObjectRef: loose }),
      "node requested token with a pod binding without a uid",
    );
    refused(
      await ask({ ...bound, audiences: ["a"] }),
      `audience "a" not found in pod spec volume, system:node:${name} is not authorized to request tokens for this audience`,
    );
    refused(await ask({ ...bound, audiences: ["a", "b"] }), "node may only request 0 or 1 audiences");
    const other = await ask(bound, { user: "system:node:other", groups: ["system:nodes"] });
    refused(
      other,
      `User "system:node:other" cannot create resource "serviceaccounts/token" in API group "" in the namespace "${namespace}": no relationship found between node 'other' and this object`,
    );
    await target.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`, {
      query: { gracePeriodSeconds: "0" },
    });
  });

  test.run();
};

/** Service accounts' tokens: how they are made, whose they are, and when they end. */
export const tokensContract = (target: Target): void => {
  requests(target);
  use(target);
  ofNodes(target);
};
