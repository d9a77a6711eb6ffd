// Every field that is read: refused, by its name, when it is not what Kubernetes' API reference says, and missed only where it
// may be.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Decode } from "../../core/kubernetes/decode.ts";
import { decodeLease } from "../../core/kubernetes/lease.ts";
import { refOf } from "../../core/kubernetes/meta.ts";
import { decodeNode } from "../../core/kubernetes/node.ts";
import { decodePod } from "../../core/kubernetes/pod.ts";
import { parseStatus } from "../../core/kubernetes/status.ts";
import { fullOf, othersThan, placesOf, withValue } from "./wire_places.ts";
import { leaseShape, nodeShape, podShape, type Shape, statusShape } from "./wire_shapes.ts";

const test = suite("the fields of the wire");

const kinds: readonly (readonly [string, Shape, Decode<unknown>])[] = [
  ["Pod", podShape, decodePod],
  ["Node", nodeShape, decodeNode],
  ["Lease", leaseShape, decodeLease],
];

const problemsOf = (decode: Decode<unknown>, json: unknown): readonly string[] | undefined => {
  const decoded = decode(json);
  return decoded._tag === "Left" ? decoded.left.problems : undefined;
};

for (const [kind, shape, decode] of kinds) {
  const full = fullOf(shape), places = placesOf(shape);

  test(`${kind}: everything at once is read, and kept`, () => {
    const decoded = decode(full);
    assert.is(decoded._tag, "Right");
    if (decoded._tag === "Right") assert.equal(decoded.right, full);
  });

  test(`${kind}: each of ${places.length} fields is refused when it is something else`, () => {
    for (const { path, name, shape: inner } of places) {
      for (const other of othersThan(inner)) {
        const what = `${name} = ${JSON.stringify(other)}`;
        const problems = problemsOf(decode, withValue(full, path, other));
        assert.ok(problems !== undefined, `taken: ${what}`);
        assert.ok(problems?.every((problem) => problem.startsWith(name)), `${what}: ${problems?.join("; ")}`);
        assert.ok((problems?.length ?? 0) <= 3, what);
      }
    }
  });

  test(`${kind}: a field is missed if and only if it must be there`, () => {
    for (const { path, name, isRequired } of places) {
      const problems = problemsOf(decode, withValue(full, path, undefined));
      assert.is(problems !== undefined, isRequired, name);
      if (isRequired) assert.match(problems?.[0] ?? "", new RegExp(`^${name}: expected \\S`));
    }
  });

  test(`${kind}: what is no object at all is called that`, () => {
    for (const json of [undefined, null, 7, "x", true]) {
      assert.match(problemsOf(decode, json)?.[0] ?? "", /^object: expected \S/, String(json));
    }
  });
}

test("an object that cannot be read keeps who it is", () => {
  const metadata = { namespace: "ns", name: "n", uid: "u", resourceVersion: "9", labels: 1 };
  const decoded = decodePod({ metadata, spec: { containers: [] } });
  assert.equal(decoded, {
    _tag: "Left",
    left: {
      namespace: "ns",
      name: "n",
      uid: "u",
      resourceVersion: "9",
      problems: ["metadata.labels: expected { [K in string]: string }"],
    },
  });
  const nobody = { namespace: "", name: "", uid: "", resourceVersion: "" };
  for (const json of [null, { metadata: null }, { metadata: { name: 1, uid: {}, namespace: true } }]) {
    const decoded = decodePod(json);
    assert.is(decoded._tag, "Left");
    if (decoded._tag === "Left") assert.equal({ ...decoded.left, problems: [] }, { ...nobody, problems: [] });
  }
});

test("at most three problems are told, of names that may hold digits; indices are left out", () => {
  const labels = { "2nd": 1, "tier2": 1, "app": 1, "other": 1 };
  const decoded = decodePod({ metadata: { name: "n", uid: "u", labels }, spec: { containers: [] } });
  const problems = ["2nd", "tier2", "app"].map((name) => `metadata.labels.${name}: expected string`);
  assert.equal(decoded._tag === "Left" ? decoded.left.problems : [], problems);
});

test("what need not be there is empty", () => {
  const metadata = { name: "n", uid: "u" };
  assert.equal(decodeNode({ metadata }), { _tag: "Right", right: { metadata, spec: {}, status: {} } });
  assert.equal(refOf({ metadata }), { namespace: "", name: "n", uid: "u" });
  assert.equal(refOf({ metadata: { ...metadata, namespace: "ns" } }), {
    namespace: "ns",
    name: "n",
    uid: "u",
  });
});

test("managedFields are dropped, and nothing else that is not read", () => {
  const metadata = { name: "n", uid: "u", selfLink: "/x", managedFields: [{ manager: "m" }] };
  const decoded = decodePod({ metadata, spec: { containers: [], priority: 3 } });
  assert.equal(decoded, {
    _tag: "Right",
    right: {
      metadata: { name: "n", uid: "u", selfLink: "/x", managedFields: undefined },
      spec: { containers: [], priority: 3 },
      status: {},
    },
  });
});

test("Status: each field; what is none is its own message", () => {
  const full = fullOf(statusShape);
  assert.equal(parseStatus(JSON.stringify(full)), full);
  for (const { path, name, shape } of placesOf(statusShape)) {
    for (const other of othersThan(shape)) {
      const text = JSON.stringify(withValue(full, path, other));
      assert.equal(parseStatus(text), { message: text }, name);
    }
  }
  const page = `<html>${"x".repeat(1000)}`;
  assert.equal(parseStatus(page), { message: page.slice(0, 512) });
  assert.equal(parseStatus("null"), { message: "null" });
});

test.run();
