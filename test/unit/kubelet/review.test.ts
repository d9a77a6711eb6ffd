import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeClientCa } from "../../../core/kubelet/client_ca.ts";
import {
  asAuthenticated,
  bearerToken,
  type Identity,
  identityOfSubject,
} from "../../../core/kubelet/identity.ts";
import {
  decodeAccessReview,
  decodeTokenReview,
  subjectAccessReview,
  tokenReview,
} from "../../../core/kubelet/review.ts";
import { runningPodList } from "../../../core/kubelet/pod_list.ts";
import { attributesOf } from "../../../core/kubelet/attributes.ts";

const test = suite("kubelet reviews and identities");

test("a TokenReview carries the token in its body only", () => {
  const request = tokenReview("secret");
  assert.equal(request.body, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token: "secret" },
  });
  assert.not(request.path.includes("secret"));
});

test("a SubjectAccessReview names the whole identity and the attributes", () => {
  const identity: Identity = { username: "u", uid: "1", groups: ["g"], extra: { k: ["v"] } };
  const [attributes] = attributesOf("GET", "/metrics", "n");
  if (attributes === undefined) throw new Error("no attributes");
  assert.equal((subjectAccessReview(identity, attributes).body as { spec: unknown }).spec, {
    user: "u",
    uid: "1",
    groups: ["g"],
    extra: { k: ["v"] },
    resourceAttributes: {
      group: "",
      version: "v1",
      resource: "nodes",
      subresource: "metrics",
      name: "n",
      verb: "get",
    },
  });
});

const user = { username: "u", uid: "1", groups: ["g"], extra: { k: ["v"] } };

const tokens: readonly (readonly [string, unknown, E.Either<string, Identity | undefined>])[] = [
  ["valid", { status: { authenticated: true, user } }, E.right(user)],
  [
    "valid, name only",
    { status: { authenticated: true, user: { username: "u" } } },
    E.right({ username: "u", groups: [] }),
  ],
  ["invalid", { status: { user: {}, error: "invalid bearer token" } }, E.right(undefined)],
  ["not authenticated although named", { status: { authenticated: false, user } }, E.right(undefined)],
  ["nameless", { status: { authenticated: true, user: { username: "" } } }, E.right(undefined)],
  ["without a user", { status: { authenticated: true } }, E.right(undefined)],
  ["authenticated is no boolean", { status: { authenticated: "true", user } }, E.left("not")],
  [
    "groups are no list",
    { status: { authenticated: true, user: { username: "u", groups: "g" } } },
    E.left("not"),
  ],
  ["another object", { kind: "Status" }, E.left("not")],
];

for (const [name, json, expected] of tokens) {
  test(`TokenReview: ${name}`, () => {
    const decoded = decodeTokenReview(JSON.stringify(json));
    if (E.isLeft(expected)) assert.ok(E.isLeft(decoded));
    else assert.equal(decoded, expected);
  });
}

const accesses: readonly (readonly [string, unknown, boolean | undefined])[] = [
  ["allowed", { status: { allowed: true } }, true],
  ["not allowed", { status: { allowed: false, reason: "no" } }, false],
  ["denied beats allowed", { status: { allowed: true, denied: true } }, false],
  ["no answer", { status: {} }, undefined],
  ["allowed is no boolean", { status: { allowed: "true" } }, undefined],
  ["null", null, undefined],
];

for (const [name, json, expected] of accesses) {
  test(`SubjectAccessReview: ${name}`, () => {
    const decoded = decodeAccessReview(JSON.stringify(json));
    assert.is(E.isRight(decoded) ? decoded.right : undefined, expected);
  });
}

test("answers that are not JSON are failures", () => {
  assert.ok(E.isLeft(decodeTokenReview("<html>")));
  assert.ok(E.isLeft(decodeAccessReview("")));
  assert.ok(E.isLeft(decodeClientCa("x")));
});

test("the client CA is read from the ConfigMap, and only PEM is one", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  assert.equal(decodeClientCa(JSON.stringify({ data: { "client-ca-file": pem } })), E.right(pem));
  assert.ok(E.isLeft(decodeClientCa(JSON.stringify({ data: { "client-ca-file": "x" } }))));
  assert.ok(E.isLeft(decodeClientCa(JSON.stringify({ data: {} }))));
});

const subjects: readonly (readonly [Parameters<typeof identityOfSubject>[0], Identity | undefined])[] = [
  [{ CN: "u" }, { username: "u", groups: [] }],
  [{ CN: "u", O: "g" }, { username: "u", groups: ["g"] }],
  [{ CN: "u", O: ["g", "h"] }, { username: "u", groups: ["g", "h"] }],
  [{ O: "system:masters" }, undefined],
  [{ CN: "" }, undefined],
  [{ CN: ["u", "system:admin"] }, undefined],
];

for (const [subject, identity] of subjects) {
  test(`subject ${JSON.stringify(subject)}`, () => assert.equal(identityOfSubject(subject), identity));
}

test("everybody authenticated is in system:authenticated, once", () => {
  assert.equal(asAuthenticated({ username: "u", groups: ["g"] }).groups, ["g", "system:authenticated"]);
  assert.equal(asAuthenticated({ username: "u", groups: ["system:authenticated"] }).groups, [
    "system:authenticated",
  ]);
});

const headers: readonly (readonly [string | null, string | undefined])[] = [
  ["Bearer abc", "abc"],
  ["bearer   abc ", "abc"],
  ["Basic abc", undefined],
  ["Bearer", undefined],
  ["Bearer a b", undefined],
  ["", undefined],
  [null, undefined],
];

for (const [header, token] of headers) {
  test(`Authorization: ${header}`, () => assert.is(bearerToken(header), token));
}

test("running pods are those with a running container, and name only those", () => {
  const list = runningPodList([
    {
      uid: "1",
      namespace: "ns",
      name: "p",
      containers: [
        { name: "a", state: { _tag: "Running", startedAt: 0 }, restartCount: 0, image: "i" },
        { name: "b", state: { _tag: "Terminated", exitCode: 0 }, restartCount: 0 },
      ],
    },
    {
      uid: "2",
      namespace: "ns",
      name: "q",
      containers: [{ name: "a", state: { _tag: "Waiting" }, restartCount: 0 }],
    },
  ]);
  assert.equal(list, {
    kind: "PodList",
    apiVersion: "v1",
    metadata: {},
    items: [{
      metadata: { name: "p", namespace: "ns", uid: "1" },
      spec: { containers: [{ name: "a", image: "i", resources: {} }] },
      status: {},
    }],
  });
});

test.run();
