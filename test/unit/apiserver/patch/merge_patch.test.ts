import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mergePatched } from "../../../../adapters/apiserver/patch/merge_patch.ts";
import { freeze } from "../../../tools/pods.ts";

const test = suite("merge patch");

/** The cases of RFC 7386's appendix: original, patch, result. */
const rows: readonly (readonly [unknown, unknown, unknown])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [["a", "b"], ["c", "d"], ["c", "d"]],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

test("what a patch makes of a document", () => {
  for (const [document, patch, expected] of rows) {
    assert.equal(
      mergePatched(freeze(document) as never, freeze(patch) as never),
      expected,
      JSON.stringify(patch),
    );
  }
});

test("a name that means something to JavaScript is a name", () => {
  const patch = JSON.parse('{"__proto__":{"polluted":true},"toString":null}');
  assert.is(JSON.stringify(mergePatched({ a: 1 }, patch)), '{"a":1,"__proto__":{"polluted":true}}');
  assert.is(({} as any).polluted, undefined);
});

test.run();
