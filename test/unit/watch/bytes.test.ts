import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { addBytes, type Bytes, firstByte, joinBytes, noBytes, textOf } from "../../../core/watch/bytes.ts";
import { splitLines } from "../../../core/watch/lines.ts";
import { bytesOf } from "../../tools/watch.ts";

const test = suite("bytes that wait, and lines");

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 3000, maxLength: 9000, size: "max" }),
);

const concat = (pieces: readonly Uint8Array[]): number[] => pieces.flatMap((one) => [...one]);

test("what is added comes back, in order", () => {
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    const bytes = pieces.reduce(addBytes, noBytes);
    assert.equal([...joinBytes(bytes)], concat(pieces));
    assert.is(bytes.length, concat(pieces).length);
  }));
});

test("a pile never changes, also when others grow from it", () => {
  fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), piece, piece, (pieces, left, right) => {
    const base: Bytes = pieces.reduce(addBytes, noBytes);
    const one = addBytes(base, left);
    const two = addBytes(base, right);
    assert.equal([...joinBytes(base)], concat(pieces));
    assert.equal([...joinBytes(one)], concat([...pieces, left]));
    assert.equal([...joinBytes(two)], concat([...pieces, right]));
  }));
});

test("what was added is not written to", () => {
  const given = bytesOf("abc");
  addBytes(addBytes(noBytes, given), bytesOf("d"));
  const large = new Uint8Array(5000);
  addBytes(addBytes(noBytes, large), bytesOf("d"));
  assert.is(textOf(given), "abc");
  assert.is(large.length, 5000);
});

test("many small pieces make few large ones", () => {
  let bytes = noBytes;
  for (let at = 0; at < 200_000; at++) bytes = addBytes(bytes, new Uint8Array([at % 256]));
  let pieces = 0;
  for (let at = bytes.newest; at !== undefined; at = at.older) pieces += 1;
  assert.ok(pieces < 30, `${pieces} pieces`);
  assert.is(joinBytes(bytes)[199_999], 199_999 % 256);
});

test("lines are the same, wherever the bytes are cut", () => {
  const texts = fc.array(fc.constantFrom("a", "é", "😀", "\n", "\n\n", "\r"), { maxLength: 40 });
  fc.assert(fc.property(texts, fc.array(fc.nat(20), { maxLength: 20 }), (parts, cuts) => {
    const text = parts.join("");
    const lines: string[] = [];
    let left = noBytes;
    let rest = bytesOf(text);
    for (const cut of [...cuts, rest.length]) {
      left = splitLines(left, rest.subarray(0, cut), (line) => lines.push(textOf(line)) > 0);
      rest = rest.subarray(cut);
    }
    assert.equal([...lines, textOf(joinBytes(left))], text.split("\n"));
  }));
});

test("a line that answers false is the last one", () => {
  const lines: string[] = [];
  const left = splitLines(noBytes, bytesOf("a\nb\nc\nd"), (line) => {
    lines.push(textOf(line));
    return lines.length < 2;
  });
  assert.equal(lines, ["a", "b"]);
  assert.is(left.length, 0);
});

test("the first byte that says anything", () => {
  assert.is(firstByte(bytesOf(" \r\n\t{")), 0x7b);
  assert.is(firstByte(bytesOf(" \n")), undefined);
});

test.run();
