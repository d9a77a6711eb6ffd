import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseQuantity, sameQuantity } from "../../core/kubernetes/quantity.ts";
import { anyAmount, anyNoQuantity, anyQuantity } from "../arbitraries/quantity.ts";

const test = suite("quantities");

const billion = 1_000_000_000n;

test("promise 12: any text is a quantity or is none", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assert.ok(["bigint", "undefined"].includes(typeof parseQuantity(text)));
    assert.ok(sameQuantity(text, text));
  }));
  fc.assert(fc.property(anyQuantity, (text) => assert.is(typeof parseQuantity(text), "bigint", text)));
  fc.assert(fc.property(anyNoQuantity, (text) => assert.is(parseQuantity(text), undefined, text)));
});

test("a suffix multiplies", () => {
  const suffixes: readonly (readonly [string, bigint])[] = [
    ["", billion],
    ["n", 1n],
    ["u", 1_000n],
    ["m", 1_000_000n],
    ["k", 1_000n * billion],
    ["M", 1_000_000n * billion],
    ["G", billion * billion],
    ["T", 1_000n * billion * billion],
    ["P", 1_000_000n * billion * billion],
    ["E", billion * billion * billion],
    ["Ki", 1024n * billion],
    ["Mi", 1024n ** 2n * billion],
    ["Gi", 1024n ** 3n * billion],
    ["Ti", 1024n ** 4n * billion],
    ["Pi", 1024n ** 5n * billion],
    ["Ei", 1024n ** 6n * billion],
    ["e2", 100n * billion],
    ["E-3", 1_000_000n],
  ];
  fc.assert(fc.property(fc.nat(), fc.constantFrom(...suffixes), (amount, [suffix, factor]) => {
    assert.is(parseQuantity(`${amount}${suffix}`), BigInt(amount) * factor);
    assert.is(parseQuantity(`-${amount}${suffix}`), -BigInt(amount) * factor);
    assert.is(parseQuantity(`+${amount}.000${suffix}`), BigInt(amount) * factor);
  }));
});

test("what is smaller than a billionth is rounded away from nothing", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 999_999 }), (digits) => {
    const text = `0.000000000${String(digits).padStart(6, "0")}`;
    assert.is(parseQuantity(text), 1n);
    assert.is(parseQuantity(`-${text}`), -1n);
  }));
});

test("to be the same amount is an equality, in whatever form", () => {
  fc.assert(fc.property(anyAmount, anyAmount, anyAmount, (a, b, c) => {
    assert.is(sameQuantity(a, b), sameQuantity(b, a));
    if (sameQuantity(a, b) && sameQuantity(b, c)) assert.ok(sameQuantity(a, c));
    assert.is(sameQuantity(a, b), parseQuantity(a) === parseQuantity(b));
  }));
});

test.run();
