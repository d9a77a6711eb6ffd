// Who may do what: every question has an answer, more bindings never take away, forged tokens are nobody's.
import { isLeft, isRight } from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Attributes, forbiddenTo } from "../../../adapters/apiserver/auth/attributes.ts";
import { authenticate } from "../../../adapters/apiserver/auth/authenticate.ts";
import { authorize } from "../../../adapters/apiserver/auth/authorize.ts";
import { bootstrapRbac } from "../../../adapters/apiserver/auth/bootstrap_rbac.ts";
import { parseRequest } from "../../../adapters/apiserver/auth/csr/request.ts";
import { claimsOf, issuer } from "../../../adapters/apiserver/auth/tokens/claims.ts";
import { identifyToken } from "../../../adapters/apiserver/auth/tokens/identify.ts";
import { signJwt, tokenKeyOf } from "../../../adapters/apiserver/auth/tokens/jwt.ts";
import type { JsonObject } from "../../../adapters/apiserver/object.ts";
import { lookup } from "../../../adapters/apiserver/store.ts";
import { defaultSettings } from "../../../adapters/apiserver/state.ts";
import type { User } from "../../../adapters/apiserver/user.ts";
import { userRequest } from "../../contract/apiserver/certificate_requests.ts";
import fc, { share } from "../../tools/fast_check.ts";
import { noon, stateWith } from "../../tools/stored_state.ts";

const test = suite("apiserver: who may do what");

const word = fc.constantFrom("", "*", "a", "b", "pods", "secrets", "nodes", "get", "list", "constructor");
const words = fc.array(word, { maxLength: 3 });
const name = fc.constantFrom("a", "b", "c", "__proto__");
const namespace = fc.constantFrom("n", "m");

const rule: fc.Arbitrary<JsonObject> = fc.record({
  verbs: words,
  apiGroups: words,
  resources: words,
  resourceNames: words,
  nonResourceURLs: fc.array(fc.constantFrom("*", "/a", "/a/*"), { maxLength: 2 }),
}, { requiredKeys: [] });

const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };

const role: fc.Arbitrary<JsonObject> = fc.record({
  kind: fc.constantFrom("Role", "ClusterRole"),
  name,
  namespace,
  rules: fc.array(rule, { maxLength: 3 }),
  gathers: fc.boolean(),
  label: fc.constantFrom("x", "y"),
}).map(({ kind, name, namespace, rules, gathers, label }) => ({
  ...rbac,
  kind,
  metadata: { name, labels: { to: label }, ...(kind === "Role" ? { namespace } : {}) },
  ...(gathers ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "x" } }] } } : { rules }),
}));

const subject: fc.Arbitrary<JsonObject> = fc.record({
  kind: fc.constantFrom("User", "Group", "ServiceAccount", "Other"),
  name,
  namespace,
});

const binding: fc.Arbitrary<JsonObject> = fc.record({
  kind: fc.constantFrom("RoleBinding", "ClusterRoleBinding"),
  name,
  namespace,
  role: fc.record({ kind: fc.constantFrom("Role", "ClusterRole"), name }),
  subjects: fc.array(subject, { maxLength: 3 }),
}).map(({ kind, name, namespace, role, subjects }) => ({
  ...rbac,
  kind,
  metadata: { name, ...(kind === "RoleBinding" ? { namespace } : {}) },
  roleRef: role,
  subjects,
}));

const user: fc.Arbitrary<User> = fc.record({
  name: fc.constantFrom("a", "b", "system:serviceaccount:n:a", "system:node:a", "system:node:"),
  groups: fc.subarray(["a", "b", "system:nodes", "system:authenticated"]),
});

const attributes: fc.Arbitrary<Attributes> = fc.oneof(
  fc.record({
    _tag: fc.constant("Resource" as const),
    verb: word,
    group: word,
    version: fc.constant("v1"),
    resource: word,
    subresource: word,
    namespace: fc.constantFrom("", "n", "m"),
    name: word,
    fields: fc.constantFrom([], [{ key: "spec.nodeName", value: "a" }]),
  }),
  fc.record({ _tag: fc.constant("Path" as const), verb: word, path: fc.constantFrom("/a", "/a/b", "/b") }),
);

/** Names are taken once, as in a store. */
const distinct = (objects: readonly JsonObject[]): readonly JsonObject[] => [
  ...new Map(objects.map((object) => [JSON.stringify([object["kind"], object["metadata"]]), object]))
    .values(),
];

test("every question has an answer, and a binding more takes none away", () => {
  const given = [fc.array(role, { maxLength: 4 }), fc.array(binding, { maxLength: 4 }), binding] as const;
  fc.assert(
    fc.property(...given, user, attributes, (roles, bindings, more, who, what) => {
      const name = { ...(more["metadata"] as JsonObject), name: "another" };
      const before = stateWith([...roles, ...bindings]);
      const after = stateWith([...roles, ...bindings, { ...more, metadata: name }]);
      const was = authorize(before, who, what);
      const is = authorize(after, who, what);
      assert.type(is.reason, "string");
      assert.ok(is.allowed || !was.allowed, "a permission was lost");
      const refusal = forbiddenTo(who, what, was.reason);
      assert.is(refusal.code, 403);
      assert.match(refusal.message, JSON.stringify(who.name));
    }),
  );
});

test("nobody without a binding may do anything, and masters everything", () => {
  fc.assert(
    fc.property(
      fc.array(role, { maxLength: 4 }),
      fc.array(binding, { maxLength: 4 }),
      attributes,
      (roles, all, what) => {
        const state = stateWith(distinct([...roles, ...all]));
        assert.is(authorize(state, { name: "nobody", groups: ["none"] }, what).allowed, false);
        assert.is(authorize(state, { name: "a", groups: ["system:masters"] }, what).allowed, true);
      },
    ),
  );
});

const account = { kind: "ServiceAccount", metadata: { name: "sa", namespace: "n" } };
const state = stateWith([...bootstrapRbac, account], {
  tokens: { "static-secret": { name: "s", groups: [] } },
});

const stored = lookup(state, { group: "", plural: "serviceaccounts" }, "n", "sa");
const key = tokenKeyOf(defaultSettings.tokenKey);
if (stored === undefined || key === undefined) {
  throw new Error("the state holds an account, the settings a key");
}

const token = signJwt(
  key,
  claimsOf({
    id: "jti",
    account: stored,
    binding: undefined,
    audiences: [issuer],
    expirationSeconds: 600,
    warnAfterSeconds: undefined,
  }, noon),
);

test("a token is believed from its beginning to its end", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1200, max: 1200 }), (seconds) => {
      const now = { ...noon, wall: noon.wall + seconds * 1000 };
      // clocks may differ by a minute
      assert.is(isRight(identifyToken(state, token, [issuer], now)), seconds >= -60 && seconds <= 660);
    }),
  );
});

test("a token with another letter is nobody's, and nothing of it is told", () => {
  const letter = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=");
  fc.assert(
    fc.property(fc.nat(token.length - 1), letter, (at, other) => {
      fc.pre(token[at] !== other);
      const forged = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
      const identified = identifyToken(state, forged, [issuer], noon);
      assert.ok(isLeft(identified), forged);
      assert.not.match(identified.left, forged);
      assert.not.match(identified.left, token.slice(-20));
      const headers = { authorization: `Bearer ${forged}` };
      const user = authenticate(state, { method: "GET", path: "/version", query: {}, headers }, noon);
      assert.ok(isLeft(user));
      assert.equal(user.left, { code: 401, reason: "Unauthorized", message: "Unauthorized" });
    }),
    share(0.3),
  );
});

test("any text may be shown as a token", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const identified = identifyToken(state, text, [issuer], noon);
      assert.ok(isLeft(identified));
      assert.not.match(identified.left, "static-secret");
    }),
  );
  assert.ok(isRight(identifyToken(state, "static-secret", [issuer], noon)));
});

test("any bytes may be sent as a request for a certificate, and none change what is signed", () => {
  const der = atob(atob(userRequest).replace(/-----[^-]+-----|\n/g, ""));
  const wrap = (bytes: string): string =>
    btoa(`-----BEGIN CERTIFICATE REQUEST-----\n${btoa(bytes)}\n-----END CERTIFICATE REQUEST-----\n`);
  const ecdsa = "\x2a\x86\x48\xce\x3d\x04\x03\x02";
  const isAlgorithm = (at: number): boolean =>
    at >= der.indexOf(ecdsa) - 4 && at < der.indexOf(ecdsa) + ecdsa.length;
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (at, byte) => {
      const changed = `${der.slice(0, at)}${String.fromCharCode(byte)}${der.slice(at + 1)}`;
      const parsed = parseRequest(wrap(changed));
      // what is signed says the same, or the algorithm has become one that is not checked here
      if (isRight(parsed) && !isAlgorithm(at)) assert.equal(parsed, parseRequest(userRequest));
    }),
    share(0.3),
  );
});

test.run();
