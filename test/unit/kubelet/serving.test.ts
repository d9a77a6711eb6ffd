import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Fault } from "../../../core/fault.ts";
import {
  beginServing,
  type ServingNews,
  type ServingState,
  type ServingStep,
  stepServing,
} from "../../../core/kubelet/serving.ts";
import {
  createServingRequest,
  decodeSelfSubjectReview,
  decodeServingRequest,
  getServingRequest,
  selfSubjectReview,
} from "../../../core/kubelet/serving_request.ts";
import fc from "../../tools/fast_check.ts";

const test = suite("serving certificates of the cluster");

const day = 86_400_000;
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const now = { mono: 1_000_000, wall: start };
const node = "n1";

const looking = (madeAgoMs: number, notAfter?: number): ServingState => ({
  ...beginServing,
  step: { _tag: "Look", name: "csr-1", afterMs: 0 },
  since: now.mono - madeAgoMs,
  notAfter,
});
const requesting = (failures = 0): ServingState => ({
  ...beginServing,
  step: { _tag: "Request", afterMs: 0 },
  failures,
});

const failed = (_tag: "Forbidden" | "NotFound" | "Unavailable" | "Unauthorized"): ServingNews => ({
  _tag: "Failed",
  fault: { _tag, message: "because" },
});
const throttled: Fault = { _tag: "Throttled", message: "slow", retryAfterMs: 90_000 };

/** What the next step must be: its tag, and between which delays. */
type Next = readonly [ServingStep["_tag"], number?, number?];
type Row = readonly [string, ServingState, ServingNews, Next, RegExp | undefined];

const rows: readonly Row[] = [
  [
    "the node's own identity asks at once",
    beginServing,
    { _tag: "Reviewed", username: "system:node:n1" },
    ["Request", 0, 0],
    undefined,
  ],
  [
    "another node's identity does not",
    beginServing,
    { _tag: "Reviewed", username: "system:node:n2" },
    ["End"],
    /^info .*self-signed.*system:node:n1 only, and we are system:node:n2.*--tls-cert-file/,
  ],
  [
    "nor an administrator's",
    beginServing,
    { _tag: "Reviewed", username: "admin" },
    ["End"],
    /^info .*we are admin/,
  ],
  [
    "an API server without SelfSubjectReviews",
    beginServing,
    failed("NotFound"),
    ["End"],
    /^warn .*knows no requests for certificates/,
  ],
  ["one that is away", beginServing, failed("Unavailable"), ["Review", 700, 1_000], /^warn .*because/],
  [
    "a request is looked at soon, and nobody is called yet",
    requesting(),
    { _tag: "Requested", name: "csr-1" },
    ["Look", 2_000, 2_000],
    undefined,
  ],
  [
    "a request that waits calls for a person",
    looking(2_000),
    { _tag: "Pending" },
    ["Look", 2_000, 2_000],
    /^warn\+ServingCertificatePending .*: kubectl certificate approve csr-1; .*self-signed/,
  ],
  [
    "one that waits for five minutes",
    looking(300_000),
    { _tag: "Pending" },
    ["Look", 30_000, 30_000],
    /approve/,
  ],
  ["one that waits for a day", looking(day), { _tag: "Pending" }, ["Look", 60_000, 60_000], /approve/],
  [
    "one that waits while a certificate is served",
    looking(2_000, start + day),
    { _tag: "Pending" },
    ["Look", 2_000, 2_000],
    /present certificate, which ends at 2026-01-02T00:00:00Z/,
  ],
  [
    "one that is gone is made anew",
    looking(day),
    failed("NotFound"),
    ["Request", 60_000, 60_000],
    /^warn .*is gone/,
  ],
  [
    "one that is denied",
    looking(9_000),
    { _tag: "Refused", why: "the request was denied (no)" },
    ["Request", hour, hour],
    /^warn\+ServingCertificateRefused .*denied \(no\).*in an hour/,
  ],
  [
    "a certificate is renewed at 80 % of its life, or a little before",
    looking(9_000),
    { _tag: "Served", notBefore: start, notAfter: start + 100 * day },
    ["Request", 75 * day, 80 * day],
    /^info .*ends at 2026-04-11T00:00:00Z; the next is asked for at 2026-03-/,
  ],
  [
    "one whose time is over by our clock",
    looking(9_000),
    { _tag: "Served", notBefore: start - 2 * day, notAfter: start - day },
    ["Request", 60_000, 60_000],
    /^info /,
  ],
  [
    "a node that may not ask",
    requesting(),
    failed("Forbidden"),
    ["Request", hour, hour],
    /^warn .*grant it create and get on certificatesigningrequests/,
  ],
  [
    "a request that the API server does not take",
    requesting(),
    { _tag: "Failed", fault: { _tag: "Rejected", message: "bad", fields: [] } },
    ["Request", hour, hour],
    /^warn .*bad/,
  ],
  [
    "an answer that is none",
    requesting(),
    { _tag: "Failed", fault: { _tag: "Undecodable", message: "html", path: "" } },
    ["Request", hour, hour],
    /^warn .*html/,
  ],
  [
    "one that is busy and does not say for how long",
    requesting(),
    { _tag: "Failed", fault: { _tag: "Throttled", message: "slow", retryAfterMs: undefined } },
    ["Request", 700, 1_000],
    /^warn .*slow/,
  ],
  ["news that fit no step change none", requesting(), { _tag: "Pending" }, ["Request", 0, 0], undefined],
  ["an API without requests", requesting(), failed("NotFound"), ["End"], /^warn /],
  ["the tenth failure", requesting(9), failed("Unavailable"), ["Request", 225_000, 300_000], /^warn /],
  [
    "one that asks for patience",
    requesting(),
    { _tag: "Failed", fault: throttled },
    ["Request", 90_000, 90_000],
    /^warn .*slow/,
  ],
];

for (const [name, state, news, [tag, least = 0, most = 0], said] of rows) {
  test(name, () => {
    const [{ step }, told] = stepServing(state, news, now, node);
    assert.is(step._tag, tag);
    if (step._tag !== "End") {
      assert.ok(least <= step.afterMs && step.afterMs <= most, `after ${step.afterMs} ms`);
    }
    if (said === undefined) assert.is(told, undefined);
    else {
      const { level = "", reason, message = "" } = told ?? {};
      assert.match(`${level}${reason === undefined ? "" : `+${reason}`} ${message}`, said);
    }
  });
}

test("failures are counted until something succeeds", () => {
  const after = (news: ServingNews): number =>
    stepServing({ ...looking(0), failures: 3 }, news, now, node)[0].failures;
  assert.is(after(failed("Unavailable")), 4);
  const good: readonly ServingNews[] = [
    { _tag: "Reviewed", username: "system:node:n1" },
    { _tag: "Requested", name: "csr-1" },
    { _tag: "Pending" },
    { _tag: "Served", notBefore: start, notAfter: start + day },
  ];
  for (const news of good) assert.is(after(news), 0, news._tag);
  assert.equal([beginServing.since, beginServing.failures], [0, 0]);
});

test("a call for approval is not repeated while the request waits, nor after a look that said nothing", () => {
  let state = looking(2_000);
  const say = (news: ServingNews): string | undefined => {
    const [next, told] = stepServing(state, news, now, node);
    state = next;
    return told?.message;
  };
  assert.match(say({ _tag: "Pending" }) ?? "", "approve csr-1");
  assert.is(say({ _tag: "Pending" }), undefined);
  say({ _tag: "Requested", name: "csr-1" });
  assert.is(say({ _tag: "Pending" }), undefined);
  say({ _tag: "Requested", name: "csr-2" });
  assert.match(say({ _tag: "Pending" }) ?? "", "approve csr-2");
});

test("nodes with certificates of one moment renew them at different times", () => {
  const news: ServingNews = { _tag: "Served", notBefore: start, notAfter: start + 100 * day };
  const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
  const delays = names.map((name) => {
    const [{ step }] = stepServing(looking(0), news, now, name);
    return step._tag === "End" ? 0 : step.afterMs;
  });
  assert.ok(new Set(delays).size > 40, `${new Set(delays).size} different`);
  assert.equal(stepServing(looking(0), news, now, "n7"), stepServing(looking(0), news, now, "n7"));
});

const anyNews: fc.Arbitrary<ServingNews> = fc.oneof(
  fc.constantFrom<ServingNews>(
    { _tag: "Reviewed", username: "system:node:n1" },
    { _tag: "Pending" },
    { _tag: "Refused", why: "no" },
    failed("Forbidden"),
    failed("Unavailable"),
    failed("Unauthorized"),
    { _tag: "Failed", fault: throttled },
  ),
  fc.record({ _tag: fc.constant("Requested" as const), name: fc.constantFrom("csr-1", "csr-2") }),
  fc.record({
    _tag: fc.constant("Served" as const),
    notBefore: fc.integer({ min: 0, max: 2 * start }),
    notAfter: fc.integer({ min: 0, max: 2 * start }),
  }),
);

test("whatever comes: a step that can be waited for, nothing said twice in a row, never more than one request a minute without need", () => {
  fc.assert(fc.property(fc.array(anyNews, { maxLength: 40 }), (story) => {
    let state = beginServing;
    let last: string | undefined;
    for (const news of story) {
      const [next, told] = stepServing(state, news, now, node);
      if (next.step._tag === "End") throw new Error("given up, though nothing said that it is of no use");
      assert.ok(Number.isFinite(next.step.afterMs) && next.step.afterMs >= 0);
      assert.ok(told === undefined || told.message !== last, "said twice");
      last = told?.message ?? last;
      // only an answered question may be followed by a request at once
      if (next.step._tag === "Request" && news._tag !== "Reviewed" && news._tag !== "Pending") {
        assert.ok(next.step.afterMs >= 700, `${news._tag}: again after ${next.step.afterMs} ms`);
      }
      state = next;
    }
  }));
});

test("what is asked of the API server", () => {
  assert.equal(selfSubjectReview, {
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
  });
  const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  assert.equal(createServingRequest("UEVN"), {
    method: "POST",
    path,
    body: {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { generateName: "csr-" },
      spec: {
        request: "UEVN",
        signerName: "kubernetes.io/kubelet-serving",
        usages: ["digital signature", "server auth"],
      },
    },
  });
  assert.equal(getServingRequest("csr-1"), { method: "GET", path: `${path}/csr-1` });
});

const read = (json: unknown): unknown => {
  const decoded = decodeServingRequest(JSON.stringify(json));
  return E.isRight(decoded) ? decoded.right : decoded.left;
};
const answer = (status: unknown): unknown =>
  (read({ metadata: { name: "csr-1" }, status }) as { readonly answer?: unknown }).answer;
const condition = (type: string, message: string | undefined = "m", status = "True") => ({
  type,
  status,
  message,
});

test("what has become of a request", () => {
  assert.equal(read({ metadata: { name: "csr-1" } }), { name: "csr-1", answer: { _tag: "Pending" } });
  assert.equal(answer({}), { _tag: "Pending" });
  const approved = condition("Approved");
  assert.equal(answer({ conditions: [approved] }), { _tag: "Pending" });
  assert.equal(answer({ conditions: [condition("Denied")] }), { _tag: "Denied", message: "m" });
  assert.equal(answer({ conditions: [{ type: "Denied", status: "True" }] }), { _tag: "Denied", message: "" });
  assert.equal(answer({ conditions: [condition("Denied", "m", "False")] }), { _tag: "Pending" });
  const certificate = "UEVN";
  assert.equal(answer({ conditions: [approved], certificate }), { _tag: "Issued", certificate });
  assert.equal(answer({ conditions: [approved, condition("Failed")] }), { _tag: "Failed", message: "m" });
  const both = [condition("Failed", "f"), condition("Denied", "d")];
  assert.equal(answer({ conditions: both, certificate }), { _tag: "Denied", message: "d" });
});

const foreign: readonly unknown[] = [
  {},
  [],
  { metadata: {} },
  { metadata: { name: 1 } },
  { metadata: { name: "n" }, status: [] },
  { metadata: { name: "n" }, status: { certificate: 1 } },
  { metadata: { name: "n" }, status: { conditions: {} } },
  { metadata: { name: "n" }, status: { conditions: [1] } },
  { metadata: { name: "n" }, status: { conditions: [{ type: "Denied" }] } },
  { metadata: { name: "n" }, status: { conditions: [{ type: "Denied", status: "True", message: 1 }] } },
];

test("answers that are something else", () => {
  for (const json of foreign) {
    const expected = "the API server's answer is not a CertificateSigningRequest";
    assert.is(read(json), expected, JSON.stringify(json));
  }
  assert.ok(E.isLeft(decodeServingRequest("<html>")));
  for (const text of ["<html>", "{}", '{"status":{}}', '{"status":{"userInfo":{"username":1}}}']) {
    assert.equal(
      decodeSelfSubjectReview(text),
      E.left("the API server's answer is not a SelfSubjectReview"),
      text,
    );
  }
});

test("who we are", () => {
  const review = JSON.stringify({ status: { userInfo: { username: "u", groups: ["g"] } } });
  assert.equal(decodeSelfSubjectReview(review), E.right("u"));
});

test.run();
