import { suite } from "uvu";
import * as assert from "uvu/assert";
import { strategicPatched } from "../../../../adapters/apiserver/patch/strategic_patch.ts";
import { structOf, typeOf } from "../../../../adapters/apiserver/schema/type_of.ts";
import type { Struct } from "../../../../adapters/apiserver/schema/types.ts";
import { freeze } from "../../../tools/pods.ts";

const test = suite("strategic merge patch");

const pod = typeOf(structOf({ group: "", version: "v1", kind: "Pod" }) as Struct);

const patched = (original: unknown, patch: unknown): any =>
  strategicPatched(pod, freeze(original) as never, freeze(patch) as never);

const named = (...names: readonly string[]) => names.map((name) => ({ name }));

/** A pod's spec, its patch, and what comes of it. */
const rows: readonly (readonly [string, object, object, object])[] = [
  ["items merge by key", { containers: [{ name: "a", image: "1" }] }, {
    containers: [{ name: "a", tty: true }],
  }, {
    containers: [{ name: "a", image: "1", tty: true }],
  }],
  ["the first of several keys merges ports", {
    containers: [{ name: "a", ports: [{ containerPort: 80, protocol: "TCP" }] }],
  }, {
    containers: [{ name: "a", ports: [{ containerPort: 80, name: "x" }] }],
  }, { containers: [{ name: "a", ports: [{ containerPort: 80, protocol: "TCP", name: "x" }] }] }],
  ["a new item comes first unless it says where", { containers: named("a") }, { containers: named("b") }, {
    containers: named("b", "a"),
  }],
  ["an item goes", { containers: named("a", "b") }, { containers: [{ name: "a", $patch: "delete" }] }, {
    containers: named("b"),
  }],
  ["an item that is not there goes nowhere", { containers: named("a") }, {
    containers: [{ name: "x", $patch: "delete" }],
  }, {
    containers: named("a"),
  }],
  ["a list is replaced", { containers: named("a", "b") }, {
    containers: [{ $patch: "replace" }, { name: "c" }],
  }, { containers: named("c") }],
  ["an object is replaced", { securityContext: { runAsUser: 1 } }, {
    securityContext: { $patch: "replace", runAsGroup: 2 },
  }, {
    securityContext: { runAsGroup: 2 },
  }],
  ["a list goes with null", { containers: named("a"), tolerations: [{ key: "a" }] }, { tolerations: null }, {
    containers: named("a"),
  }],
  ["an atomic list is replaced", { tolerations: [{ key: "a" }] }, { tolerations: [{ key: "b" }] }, {
    tolerations: [{ key: "b" }],
  }],
  ["keys that are not retained go", { volumes: [{ name: "v", emptyDir: {} }] }, {
    volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/" } }],
  }, { volumes: [{ name: "v", hostPath: { path: "/" } }] }],
  [
    "an order alone",
    { containers: named("a", "b", "c") },
    { "$setElementOrder/containers": named("c", "a") },
    { containers: named("b", "c", "a") },
  ],
  ["an order with a new item", { containers: named("a", "b") }, {
    "$setElementOrder/containers": named("b", "n", "a"),
    containers: named("n"),
  }, { containers: named("b", "n", "a") }],
  ["an item that others have added keeps its place", { containers: named("a", "x", "b") }, {
    "$setElementOrder/containers": named("a", "b"),
    containers: [{ name: "b", tty: true }],
  }, { containers: [{ name: "a" }, { name: "x" }, { name: "b", tty: true }] }],
  ["nulls of what is new mean nothing", {}, { affinity: { nodeAffinity: null, podAffinity: {} } }, {
    affinity: { podAffinity: {} },
  }],
  ["directives of what is new mean nothing", {}, {
    containers: [{ name: "a", $retainKeys: ["name"] }, { name: "b", $patch: "delete" }],
  }, {
    containers: named("a"),
  }],
  ["what is in both is replaced", { nodeName: "a" }, { nodeName: "b" }, { nodeName: "b" }],
  ["another type takes the place", { nodeName: "a" }, { nodeName: { a: 1 } }, { nodeName: { a: 1 } }],
  ["what the schema does not know merges as objects", { foo: { a: 1 } }, { foo: { b: 2 } }, {
    foo: { a: 1, b: 2 },
  }],
];

test("what patches make of a pod", () => {
  for (const [name, spec, patch, expected] of rows) {
    assert.equal(patched({ spec }, { spec: patch }).right?.spec, expected, name);
  }
});

test("finalizers are a set", () => {
  const of = (finalizers: readonly string[], patch: object) =>
    patched({ metadata: { finalizers } }, { metadata: patch }).right.metadata.finalizers;
  assert.equal(of(["a"], { finalizers: ["b", "a"] }), ["b", "a"]);
  assert.equal(of(["a", "b"], { "$deleteFromPrimitiveList/finalizers": ["a", "x"] }), ["b"]);
  assert.equal(of(["a", "b"], { "$setElementOrder/finalizers": ["b", "a"] }), ["b", "a"]);
});

test("directives that make no sense are refused", () => {
  for (
    const spec of [
      { $patch: "frob" },
      { containers: [{ image: "x" }] },
      { containers: ["x"] },
      { $retainKeys: "x" },
      { "$setElementOrder/containers": 1 },
    ]
  ) {
    assert.is(patched({ spec: { containers: named("a") } }, { spec })._tag, "Left", JSON.stringify(spec));
  }
});

test.run();
