import * as E from "fp-ts/lib/Either.js";
import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Kind } from "../../../adapters/cli/kind.ts";
import {
  choice,
  duration,
  file,
  integer,
  list,
  parseDuration,
  showDuration,
  text,
  toggle,
} from "../../../adapters/cli/kinds.ts";
import {
  ipAddress,
  labelName,
  labels,
  nodeName,
  resources,
  taints,
} from "../../../adapters/cli/kubernetes_kinds.ts";

const test = suite("kinds of settings");

/** `text`: as on the command line; `data`: as in a file. `wanted` is the value, or the beginning of what is wrong. */
interface Row {
  readonly kind: Kind<any>;
  readonly text?: string;
  readonly data?: unknown;
  readonly value?: unknown;
  readonly wrong?: string;
}

const word = choice("WORD", ["a", "b"]);
const names = list(text("NAME", "names"));
const seconds = duration(4_000, 60_000, 1_000);
const taint = { key: "k", value: "v", effect: "NoSchedule" };

const rows: readonly Row[] = [
  { kind: file, text: "a b", value: "a b" },
  { kind: file, text: " ", wrong: "" },
  { kind: file, data: 4, wrong: "" },
  { kind: word, text: "b", data: "b", value: "b" },
  { kind: word, text: "c", data: "c", wrong: "" },
  { kind: integer("N", 0, 9), text: "9", data: 9, value: 9 },
  { kind: integer("N", -3, 9), text: "-3", data: -3, value: -3 },
  { kind: integer("N", 0, 9), text: "10", data: 10, wrong: "" },
  { kind: integer("N", 0, 9), text: "1.5", data: 1.5, wrong: "" },
  { kind: integer("N", 0, 9), text: "", data: "1", wrong: "" },
  { kind: integer("N", 0, 9), text: "0x1", data: NaN, wrong: "" },
  { kind: integer("N", 0, 9), text: "1e0", data: true, wrong: "" },
  { kind: toggle, text: "true", data: true, value: true },
  { kind: toggle, text: "FALSE", data: false, value: false },
  { kind: toggle, text: "1", value: true },
  { kind: toggle, text: "yes", data: "true", wrong: "" },
  { kind: seconds, text: "1m", data: "60s", value: 60_000 },
  { kind: seconds, text: "0.1m", value: 6_000 },
  { kind: seconds, text: "3s", data: 5, wrong: "" },
  { kind: seconds, text: "4500ms", wrong: "" },
  { kind: seconds, text: "61s", wrong: "" },
  { kind: names, text: "a, b,,", data: ["a", "b"], value: ["a", "b"] },
  { kind: names, text: "none", data: [], value: [] },
  { kind: names, data: "a,b", value: ["a", "b"] },
  { kind: names, data: ["a", 1], wrong: "" },
  { kind: names, data: { a: 1 }, wrong: "" },
  { kind: nodeName, text: "virtual-1.example", data: "virtual-1.example", value: "virtual-1.example" },
  { kind: nodeName, text: "Virtual", wrong: "" },
  { kind: nodeName, text: "-a", wrong: "" },
  { kind: nodeName, text: "a..b", wrong: "" },
  { kind: nodeName, text: "a".repeat(254), wrong: "" },
  { kind: labelName, text: "Prod_1.eu-west", value: "Prod_1.eu-west" },
  { kind: labelName, text: "a/b", wrong: "" },
  { kind: ipAddress, text: "10.0.0.1", data: "::1", value: undefined },
  { kind: ipAddress, text: "10.0.0", data: "host", wrong: "" },
  { kind: labels, text: "a=1,b.c/d=", data: { a: "1", "b.c/d": "" }, value: { a: "1", "b.c/d": "" } },
  { kind: labels, text: "a", data: { a: 1 }, wrong: "label a has no text as its value" },
  { kind: labels, text: "a b=1", data: { "a b": "1" }, wrong: '"a b" cannot be a label\'s key' },
  { kind: labels, text: "a/b/c=1", wrong: '"a/b/c" cannot be a label\'s key' },
  { kind: labels, text: "a=b=c", data: { a: "b=c" }, wrong: '"b=c" cannot be a label\'s value' },
  { kind: labels, data: [], wrong: "" },
  { kind: labels, data: "a=1", value: { a: "1" } },
  { kind: taints, text: "k=v:NoSchedule", data: ["k=v:NoSchedule"], value: [taint] },
  {
    kind: taints,
    text: "k:NoExecute,k=:NoSchedule",
    value: [{ key: "k", effect: "NoExecute" }, { ...taint, value: "" }],
  },
  { kind: taints, text: "none", data: "none", value: [] },
  { kind: taints, text: "k=v", data: ["k=v"], wrong: "" },
  { kind: taints, text: "k=v:Never", data: ["k=v:Never"], wrong: 'there is no effect "Never"' },
  { kind: taints, text: "a b=v:NoSchedule", wrong: '"a b" cannot be a taint\'s key' },
  { kind: taints, text: "k=a b:NoSchedule", wrong: '"a b" cannot be a taint\'s value' },
  {
    kind: resources,
    text: "cpu=4,memory=8Gi",
    data: { cpu: 4, memory: "8Gi" },
    value: { cpu: "4", memory: "8Gi" },
  },
  { kind: resources, text: "nvidia.com/gpu=2", value: { "nvidia.com/gpu": "2" } },
  { kind: resources, text: "cpu=many", data: { cpu: "many" }, wrong: '"many" is no quantity of cpu' },
  { kind: resources, text: "cpu=-1", data: { cpu: "-1" }, wrong: '"-1" is no quantity of cpu' },
  { kind: resources, text: "cpu", wrong: "nothing is no quantity of cpu" },
];

const check = (decoded: E.Either<readonly { readonly message?: string }[], unknown>, row: Row): void => {
  if (row.wrong === undefined) {
    assert.ok(E.isRight(decoded));
    if (row.value !== undefined) assert.equal(decoded.right, row.value);
  } else {
    assert.ok(E.isLeft(decoded), JSON.stringify(decoded));
    assert.is(decoded.left.at(-1)?.message ?? "", row.wrong);
  }
};

for (const row of rows) {
  const name = JSON.stringify(row.text ?? row.data);
  test(`${row.kind.placeholder} ${name}: ${row.wrong === undefined ? "right" : "wrong"}`, () => {
    if (row.text !== undefined) check(row.kind.text.decode(row.text), row);
    if ("data" in row) check(row.kind.data.decode(row.data), row);
  });
}

test("what is shown is read again as the same", () => {
  const noNullPrototype = true;
  const taintArbitrary = fc.record({
    key: fc.constantFrom("a", "b.c/d"),
    effect: fc.constantFrom("NoExecute"),
  }, { noNullPrototype });
  const pairs: readonly (readonly [Kind<any>, fc.Arbitrary<unknown>])[] = [
    [duration(0), fc.nat(365 * 24 * 3_600_000)],
    [integer("N", -100, 100), fc.integer({ min: -100, max: 100 })],
    [toggle, fc.boolean()],
    [names, fc.array(fc.constantFrom("a", "b c", "d"))],
    [taints, fc.array(taintArbitrary)],
    [labels, fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("", "x"), { noNullPrototype })],
    [resources, fc.dictionary(fc.constantFrom("cpu", "memory"), fc.nat().map(String), { noNullPrototype })],
  ];
  for (const [kind, arbitrary] of pairs) {
    fc.assert(fc.property(arbitrary, (value) => {
      assert.equal(kind.text.decode(kind.show(value)), E.right(value));
    }));
  }
});

test("decoding is total", () => {
  const kinds: readonly Kind<any>[] = [...new Set(rows.map((row) => row.kind))];
  fc.assert(fc.property(fc.constantFrom(...kinds), fc.anything(), fc.string(), (kind, data, given) => {
    assert.ok("_tag" in kind.data.decode(data));
    assert.ok("_tag" in kind.text.decode(given));
  }));
});

const durations: readonly (readonly [string, number | undefined, string])[] = [
  ["0s", 0, "0s"],
  ["90s", 90_000, "1m30s"],
  ["1h0m5s", 3_605_000, "1h5s"],
  ["1.5s", 1_500, "1s500ms"],
  ["5", undefined, ""],
  ["5 s", undefined, ""],
  ["s", undefined, ""],
  ["-5s", undefined, ""],
];

for (const [given, ms, shown] of durations) {
  test(`the time ${given}`, () => {
    assert.is(parseDuration(given), ms);
    if (ms !== undefined) assert.is(showDuration(ms), shown);
  });
}

test.run();
