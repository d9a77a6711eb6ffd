import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { textWithoutManagedFields } from "../../../core/watch/managed_fields.ts";
import { bytesOf } from "../../tools/watch.ts";

const test = suite("managed fields are passed over");

const emptied = (text: string, most = Infinity): string => textWithoutManagedFields(bytesOf(text), most);

const rows: readonly (readonly [text: string, expected: string])[] = [
  ["{}", "{}"],
  ['{"managedFields":[]}', '{"managedFields":[]}'],
  ['{"managedFields":[{"a":{"f:b":{}}}],"z":1}', '{"managedFields":[],"z":1}'],
  [
    '{"managedFields":[{"k:{\\"a\\":\\"]}\\"}":[[1],2]}]},"spec":[1,{}]',
    '{"managedFields":[]},"spec":[1,{}]',
  ],
  ['{"managedFields":["\\\\"],"z":["\\"]"]}', '{"managedFields":[],"z":["\\"]"]}'],
  ['{"a":"\\"managedFields\\":[1]"}', '{"a":"\\"managedFields\\":[1]"}'],
  ['{"a\\"managedFields":[1]}', '{"a\\"managedFields":[1]}'],
  ['{"xmanagedFields":[1]}', '{"xmanagedFields":[1]}'],
  ['{"managedFields":null}', '{"managedFields":null}'],
  ['"managedFields":[1', '"managedFields":[1'],
  ['{"é":"€😀","managedFields":["é"],"ü":2}', '{"é":"€😀","managedFields":[],"ü":2}'],
];

test("rows", () => {
  for (const [text, expected] of rows) assert.is(emptied(text), expected);
});

test("no more than asked for", () => {
  const two = '[{"managedFields":[1]},{"managedFields":[2]}]';
  assert.is(emptied(two, 1), '[{"managedFields":[]},{"managedFields":[2]}]');
  assert.is(emptied(two, 2), '[{"managedFields":[]},{"managedFields":[]}]');
});

const key = fc.constantFrom(
  "managedFields",
  '"managedFields',
  '\\"managedFields":[',
  "a",
  "é",
  "[",
  "]",
  "\\",
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, 1, "x", '"managedFields":[1]', "]", "[", "\\", '\\"', "😀"),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4 }),
  ),
}));

/** The same on values. */
const emptyIn = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(emptyIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key === "managedFields" && Array.isArray(field) ? [] : emptyIn(field),
    ]),
  );
};

test("of any JSON, the arrays under that key are emptied, and nothing else changes", () => {
  fc.assert(
    fc.property(json, (value) => {
      assert.equal(JSON.parse(emptied(JSON.stringify(value))), emptyIn(value));
    }),
    { numRuns: 2000 },
  );
});

test("any bytes are taken", () => {
  fc.assert(fc.property(fc.uint8Array(), fc.constantFrom("", '{"managedFields":['), (noise, before) => {
    const bytes = new Uint8Array([...bytesOf(before), ...noise]);
    assert.ok(textWithoutManagedFields(bytes, 1).length <= bytes.length);
  }));
});

test.run();
