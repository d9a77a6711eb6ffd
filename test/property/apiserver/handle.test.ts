import { suite } from "uvu";
import * as assert from "uvu/assert";
import { canonicalJson } from "../../../core/hash.ts";
import { bootstrap } from "../../../adapters/apiserver/bootstrap.ts";
import { handle } from "../../../adapters/apiserver/handle.ts";
import { kinds } from "../../../adapters/apiserver/kinds/kinds.ts";
import type { ServerRequest } from "../../../adapters/apiserver/request.ts";
import type { ServerState } from "../../../adapters/apiserver/state.ts";
import { freezeState } from "../../tools/api_state.ts";
import fc, { share } from "../../tools/fast_check.ts";

const test = suite("handle, given anything");

const now = { mono: 0, wall: Date.UTC(2026, 0, 1) };

const oneOf = <A>(...values: readonly A[]): fc.Arbitrary<A> => fc.constantFrom(...values);

const names = [
  "a",
  "b",
  "web.c",
  "Bad_Name",
  "",
  "..",
  "%2e",
  "a%2Fb",
  "__proto__",
  "constructor",
  "x".repeat(80),
];

const namespaces = ["default", "kube-system", "none", "__proto__"];

const roots: readonly string[] = kinds.map(({ group, version, plural, namespaced }) =>
  `${group === "" ? `/api/${version}` : `/apis/${group}/${version}`}/${
    namespaced ? "namespaces/NS/" : ""
  }${plural}`
);

const subresources = [
  "status",
  "binding",
  "eviction",
  "log",
  "exec",
  "proxy/x",
  "token",
  "finalize",
  "approval",
  "no",
];

/** Mostly what can be done, now and then anything. */
const mostly = <A>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: rare });

const pathArbitrary: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.tuple(
      fc.oneof(oneOf(...roots), oneOf(...roots.filter((root) => /(pods|configmaps)$/.test(root)))),
      mostly(oneOf("default"), oneOf(...namespaces)),
      fc.option(mostly(oneOf("a", "b"), oneOf(...names)), { freq: 2 }),
      mostly(fc.constant(null), oneOf(...subresources)),
    ).map(([root, namespace, name, part]) =>
      [root.replace("NS", namespace), ...(name === null ? [] : [name]), ...(part === null ? [] : [part])]
        .join("/")
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(oneOf("api", "apis", "v1", "namespaces", "pods", "", "%", "apps", "watch")).map((
      parts,
    ) => `/${parts.join("/")}`),
  },
  { weight: 1, arbitrary: fc.string() },
);

const anyJson: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 4 });

const strange: fc.Arbitrary<unknown> = fc.oneof(
  anyJson,
  oneOf<unknown>(null, -1, 1.5, "", "x", [], {}, [null], { a: null }, "2000-01-01T00:00:00Z", true),
);

const metadata: fc.Arbitrary<unknown> = fc.oneof(
  strange,
  fc.record({
    name: fc.oneof(oneOf(...names), strange),
    generateName: strange,
    namespace: fc.oneof(oneOf(...namespaces), strange),
    labels: strange,
    annotations: strange,
    finalizers: fc.oneof(oneOf<unknown>(["a/b"], ["orphan"], []), strange),
    ownerReferences: strange,
    managedFields: strange,
    resourceVersion: fc.oneof(oneOf("", "0", "5"), strange),
    uid: strange,
    deletionTimestamp: strange,
  }, { requiredKeys: [] }),
  // what can be done
  fc.record({ name: oneOf("a", "b"), labels: fc.dictionary(oneOf("x", "y"), oneOf("1", "2")) }),
);

const container = fc.record(
  {
    name: oneOf<unknown>("c", 5),
    image: oneOf<unknown>("i", null),
    ports: strange,
    env: strange,
    resources: strange,
  },
  { requiredKeys: ["name", "image"] },
);

const anyBody: fc.Arbitrary<string> = fc.oneof(
  fc.record({
    metadata,
    spec: fc.oneof(strange, fc.record({ containers: fc.array(container, { maxLength: 2 }) })),
    status: strange,
    data: strange,
    rules: strange,
    subjects: strange,
    roleRef: strange,
    target: strange,
    ports: strange,
    involvedObject: strange,
    deleteOptions: strange,
    preconditions: strange,
    propagationPolicy: strange,
    gracePeriodSeconds: strange,
    dryRun: strange,
  }, { requiredKeys: ["metadata"] }).map((body) => JSON.stringify(body)),
  strange.map((body) => JSON.stringify(body)),
  fc.array(
    fc.record({
      op: oneOf("add", "remove", "replace", "test", "no"),
      path: oneOf("/metadata/labels", "/a/0", ""),
      value: strange,
    }),
  ).map((patch) => JSON.stringify(patch)),
  fc.string(),
  oneOf("", "a: &a [*a]", "{", "- - -", "a: b\n a: c"),
);

/** A pod and a ConfigMap at once: what is unknown to one of them is left out. */
const usualBody: fc.Arbitrary<string> = fc.record({
  metadata: fc.record({
    name: oneOf("a", "b"),
    labels: fc.dictionary(oneOf("x", "y"), oneOf("1", "2")),
    finalizers: oneOf<unknown>([], [], ["example.com/x"]),
  }),
  data: fc.dictionary(oneOf("k", "l"), oneOf("1", "2")),
  spec: fc.record({
    containers: fc.constant([{ name: "c", image: "i" }]),
    nodeName: oneOf("", "n"),
  }),
}).map((each) => JSON.stringify(each));

const bodyArbitrary = mostly(usualBody, anyBody);

const contentTypes = [
  "application/json",
  "application/yaml",
  "application/merge-patch+json",
  "application/json-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
  "text/plain",
];

const query: fc.Arbitrary<ServerRequest["query"]> = fc.dictionary(
  oneOf(
    ..."watch limit continue resourceVersion resourceVersionMatch labelSelector fieldSelector timeoutSeconds dryRun"
      .split(" "),
    ..."fieldManager force fieldValidation gracePeriodSeconds propagationPolicy sendInitialEvents".split(" "),
    ..."allowWatchBookmarks includeObject orphanDependents container tailLines command".split(" "),
  ),
  fc.array(
    fc.oneof(oneOf("", "1", "true", "All", "a", "x=1", "x in (1)", "metadata.name=a", "Exact"), fc.string()),
    {
      maxLength: 2,
    },
  ),
  { maxKeys: 3 },
);

const accepts = [
  "application/json",
  "*/*",
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
  "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
  "application/yaml",
  "text/html",
];

const admin = { name: "admin", groups: ["system:masters"] };

const users = [
  { name: "system:node:n", groups: ["system:nodes"] },
  { name: "somebody", groups: [] },
];

const usualType = (method: string): string =>
  method === "PATCH" ? "application/merge-patch+json" : "application/json";

const methods = mostly(oneOf("GET", "POST", "PUT", "PATCH", "DELETE"), oneOf("HEAD", "OPTIONS", "x"));

const request: fc.Arbitrary<ServerRequest> = methods.chain((method) =>
  fc.record({
    method: fc.constant(method),
    path: pathArbitrary,
    query: mostly(fc.constant({}), query),
    headers: fc.record({
      "content-type": mostly(oneOf(usualType(method)), oneOf(...contentTypes)),
      accept: mostly(oneOf("application/json"), oneOf(...accepts)),
      "user-agent": fc.string(),
      authorization: oneOf("", "Bearer x", "Bearer a.b.c"),
    }, { requiredKeys: ["content-type"] }),
    ...(method === "GET"
      ? {}
      : method === "DELETE"
      ? { body: mostly(fc.constant(""), anyBody) }
      : { body: bodyArbitrary }),
    user: mostly(fc.constant(admin), oneOf(...users)),
  })
);

const begun: ServerState = freezeState(bootstrap({ historyLimit: 50 }, now));

const made = (plural: string, body: unknown): ServerRequest => ({
  method: "POST",
  path: `/api/v1/namespaces/default/${plural}`,
  query: {},
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
  user: admin,
});

const spec = { nodeName: "n", containers: [{ name: "c", image: "i" }] };

/** Something that can be read, changed and deleted. */
const before: readonly ServerRequest[] = [
  made("serviceaccounts", { metadata: { name: "default" } }),
  made("configmaps", { metadata: { name: "a" }, data: { k: "1" } }),
  made("configmaps", { metadata: { name: "b", finalizers: ["example.com/x"] } }),
  made("pods", { metadata: { name: "a" }, spec }),
  made("pods", { metadata: { name: "b", finalizers: ["example.com/x"] }, spec }),
];

test("it answers, changes no state that it was given, and would answer the same again", () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 25 }), (requests) => {
      let state = begun;
      for (const [at, asked] of [...before, ...requests].entries()) {
        const when = { mono: at * 1000, wall: now.wall + at * 1000 };
        const done = handle(freezeState(state), asked, when);
        const { response } = done;
        if (response._tag === "Answer") {
          assert.ok(response.status >= 200 && response.status < 600);
          assert.type(JSON.stringify(response.body), "string");
        }
        const again = handle(state, asked, when);
        assert.is(canonicalJson(again.response), canonicalJson(done.response));
        assert.is(again.state.revision, done.state.revision);
        const revisions = done.changes.map(({ revision }) => revision);
        assert.equal(revisions, revisions.map((_, index) => state.revision + 1 + index));
        assert.is(done.state.revision, state.revision + revisions.length);
        state = done.state;
      }
    }),
    share(0.2),
  );
});

test.run();
