import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseQuantity, sameQuantity } from "../../../core/kubernetes/quantity.ts";

const test = suite("quantity");

const same: readonly (readonly [string, string])[] = [
  ["4", "4000m"],
  ["8192Mi", "8Gi"],
  ["1.5Gi", "1536Mi"],
  ["1e3", "1k"],
  ["1E3", "1000"],
  ["1E", "1000000000000000000"],
  [".5", "500m"],
  ["5.", "5"],
  ["0", "-0"],
  ["+2", "2"],
  ["100u", "100000n"],
  ["0.1n", "1n"],
  ["1Ei", "1152921504606846976"],
  ["1e-3", "1m"],
];
for (const [a, b] of same) test(`${a} is ${b}`, () => assert.ok(sameQuantity(a, b) && sameQuantity(b, a)));

const different: readonly (readonly [string, string])[] = [
  ["4", "4k"],
  ["1Gi", "1G"],
  ["1", "-1"],
  ["abc", "abcd"],
  ["1", "abc"],
  ["9007199254740993", "9007199254740992"],
];
for (const [a, b] of different) test(`${a} is not ${b}`, () => assert.not(sameQuantity(a, b)));

test("a text that is none", () => {
  for (const text of ["", "abc", "1Kib", ".", "1 Gi", "--1"]) assert.is(parseQuantity(text), undefined, text);
  assert.ok(sameQuantity("abc", "abc"), "the same text is the same, whatever it is");
});

test.run();
