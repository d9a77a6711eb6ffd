import { isLeft, isRight, left } from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { approvals } from "../../../../adapters/apiserver/auth/csr/approver.ts";
import { bootstrapRbac } from "../../../../adapters/apiserver/auth/bootstrap_rbac.ts";
import { type CertificateRequest, parseRequest } from "../../../../adapters/apiserver/auth/csr/request.ts";
import {
  apiServerClient,
  kubeletClient,
  kubeletServing,
  signerFault,
} from "../../../../adapters/apiserver/auth/csr/signers.ts";
import type { JsonObject } from "../../../../adapters/apiserver/object.ts";
import {
  ed25519Request,
  forgedRequest,
  kubeletClientRequest,
  kubeletServingRequest,
  p384Request,
  rsaRequest,
  userRequest,
} from "../../../contract/apiserver/certificate_requests.ts";
import { stateWith } from "../../../tools/stored_state.ts";

const test = suite("apiserver/auth/csr");

const nothing: CertificateRequest = {
  commonName: "",
  organizations: [],
  dnsNames: [],
  emails: [],
  uris: [],
  ipAddresses: [],
};

const node = { ...nothing, commonName: "system:node:contract", organizations: ["system:nodes"] };

const parsed = (request: string): CertificateRequest => {
  const result = parseRequest(request);
  if (isLeft(result)) throw new Error(result.left);
  return result.right;
};

test("requests are read, whatever their keys", () => {
  assert.equal(parsed(kubeletClientRequest), node);
  assert.equal(parsed(kubeletServingRequest), { ...node, dnsNames: ["contract"], ipAddresses: ["0a000001"] });
  assert.equal(parsed(userRequest), { ...nothing, commonName: "dev", organizations: ["devs"] });
  for (const request of [rsaRequest, p384Request, ed25519Request]) {
    assert.equal(parsed(request), { ...nothing, commonName: "dev" });
  }
});

test("a request that is not signed by its own key is none", () => {
  assert.equal(parseRequest(forgedRequest), left("x509: ECDSA verification failure"));
});

test("no bytes are too strange to be refused", () => {
  const der = atob(atob(userRequest).replace(/-----[^-]+-----|\n/g, ""));
  const wrap = (bytes: string): string =>
    btoa(`-----BEGIN CERTIFICATE REQUEST-----\n${btoa(bytes)}\n-----END CERTIFICATE REQUEST-----\n`);
  assert.ok(isRight(parseRequest(wrap(der))));
  for (let end = 0; end < der.length; end += 7) {
    assert.ok(isLeft(parseRequest(wrap(der.slice(0, end)))), `${end}`);
  }
  for (
    const text of ["", "%", "aGVsbG8=", btoa("-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----")]
  ) {
    assert.equal(parseRequest(text), left("PEM block type must be CERTIFICATE REQUEST"));
  }
});

test("each signer signs its own", () => {
  const clientUsages = ["client auth", "digital signature"];
  const serverUsages = ["server auth", "digital signature", "key encipherment"];
  const served = { ...node, dnsNames: ["n"] };
  const table: readonly (readonly [string, CertificateRequest, readonly string[], string | undefined])[] = [
    [kubeletClient, node, clientUsages, undefined],
    [kubeletClient, node, [...clientUsages, "key encipherment"], undefined],
    [
      kubeletClient,
      node,
      ["client auth"],
      "usages did not match [client auth digital signature key encipherment]",
    ],
    [
      kubeletClient,
      node,
      [...clientUsages, "server auth"],
      "usages did not match [client auth digital signature key encipherment]",
    ],
    [kubeletClient, served, clientUsages, "DNS subjectAltNames are not allowed"],
    [kubeletClient, { ...node, ipAddresses: ["00"] }, clientUsages, "IP subjectAltNames are not allowed"],
    [kubeletClient, { ...node, emails: ["a"] }, clientUsages, "Email subjectAltNames are not allowed"],
    [kubeletClient, { ...node, uris: ["a"] }, clientUsages, "URI subjectAltNames are not allowed"],
    [
      kubeletClient,
      { ...node, organizations: ["system:nodes", "x"] },
      clientUsages,
      "subject organization is not system:nodes",
    ],
    [
      kubeletClient,
      { ...node, commonName: "x" },
      clientUsages,
      "subject common name does not begin with system:node:",
    ],
    [kubeletServing, served, serverUsages, undefined],
    [kubeletServing, { ...node, ipAddresses: ["00"] }, ["server auth", "digital signature"], undefined],
    [kubeletServing, node, serverUsages, "DNS or IP subjectAltName is required"],
    [
      kubeletServing,
      served,
      clientUsages,
      "usages did not match [digital signature key encipherment server auth]",
    ],
    [kubeletServing, nothing, serverUsages, "subject organization is not system:nodes"],
    [apiServerClient, nothing, ["client auth"], undefined],
    [apiServerClient, nothing, [...clientUsages, "key encipherment"], undefined],
    [apiServerClient, nothing, ["server auth"], "invalid usage for client certificate: server auth"],
    [
      apiServerClient,
      nothing,
      ["digital signature"],
      "missing required usage for client certificate: client auth",
    ],
    ["example.com/x", node, clientUsages, 'no signer "example.com/x" here'],
  ];
  for (const [signer, request, usages, fault] of table) {
    assert.is(signerFault(signer, request, usages), fault, `${signer} ${JSON.stringify(usages)}`);
  }
});

const csr = (spec: JsonObject, status: JsonObject = {}): JsonObject => ({
  apiVersion: "certificates.k8s.io/v1",
  kind: "CertificateSigningRequest",
  metadata: { name: "csr" },
  spec: {
    request: kubeletClientRequest,
    signerName: kubeletClient,
    usages: ["digital signature", "client auth"],
    username: "bootstrap",
    groups: ["bootstrappers"],
    ...spec,
  },
  status,
});

const bound = (role: string, group: string): JsonObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: role },
  roleRef: {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: `system:certificates.k8s.io:certificatesigningrequests:${role}`,
  },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
});

const roles = [
  ...bootstrapRbac,
  bound("nodeclient", "bootstrappers"),
  bound("selfnodeclient", "system:nodes"),
];

const messages = (spec: JsonObject, status: JsonObject = {}): readonly string[] =>
  approvals(stateWith([...roles, csr(spec, status)])).map(({ body }) =>
    JSON.parse(body ?? "").status.conditions.at(-1).message
  );

test("kubelets' client certificates are approved for whom a role allows it, once", () => {
  const boot = "Auto approving kubelet client certificate after SubjectAccessReview.";
  const self = "Auto approving self kubelet client certificate after SubjectAccessReview.";
  assert.equal(messages({}), [boot]);
  assert.equal(messages({ username: "system:node:contract", groups: ["system:nodes"] }), [self]);
  assert.equal(messages({ username: "system:node:other", groups: ["system:nodes"] }), []);
  assert.equal(messages({ groups: ["others"] }), []);
  assert.equal(messages({ usages: ["server auth"] }), []);
  assert.equal(messages({ request: kubeletServingRequest }), []);
  assert.equal(messages({ request: forgedRequest }), []);
  const serving = { request: kubeletServingRequest, signerName: kubeletServing };
  assert.equal(messages({ ...serving, usages: ["digital signature", "server auth"] }), []);
  for (const type of ["Approved", "Denied"]) {
    assert.equal(messages({}, { conditions: [{ type, status: "True" }] }), []);
  }
  assert.equal(messages({}, { certificate: "YQ==" }), []);
});

test.run();
