import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApiObject } from "../../../adapters/apiserver/object.ts";
import { textOf, widthOf } from "../../../adapters/demo/line.ts";
import { paint } from "../../../adapters/demo/paint.ts";
import { screen, type Size } from "../../../adapters/demo/screen.ts";
import type { News, View } from "../../../adapters/demo/view.ts";
import fc from "../../tools/fast_check.ts";
import { fixture } from "../../tools/fixture.ts";
import { completed, crashing, facts, nodeOf, podOf, usualNews, viewOf } from "../../tools/demo_view.ts";

const test = suite("the demo's screen");

const textIn = (view: View, size: Size): string => screen(view, size).map(textOf).join("\n");

const pods = (items: readonly ApiObject[]): News => ({ _tag: "Replaced", kind: "pods", items });
const nodes = (items: readonly ApiObject[]): News => ({ _tag: "Replaced", kind: "nodes", items });

const many = Array.from({ length: 30 }, (_, at) => podOf(`web-${at + 1}`, { ageSeconds: 100 - at }));
const unicode = [
  podOf("更多的豆荚", { metadata: { namespace: "团队" } }),
  podOf("ελληνικά-και-ένα-πολύ-μακρύ-όνομα-που-δεν-χωράει-πουθενά", crashing),
  podOf("👩‍👩‍👧-family", completed),
];

const screens: readonly (readonly [string, View, Size])[] = [
  ["usual", viewOf(usualNews), { columns: 80, rows: 24 }],
  ["wide", viewOf(usualNews), { columns: 140, rows: 40 }],
  ["narrow", viewOf(usualNews), { columns: 44, rows: 20 }],
  ["least", viewOf(usualNews), { columns: 40, rows: 12 }],
  ["too_small", viewOf(usualNews), { columns: 30, rows: 8 }],
  ["start", viewOf([]), { columns: 80, rows: 24 }],
  ["many", viewOf([...usualNews, pods(many)]), { columns: 80, rows: 24 }],
  [
    "many_chosen",
    viewOf([...usualNews, pods(many), ...Array(29).fill({ _tag: "Chosen", step: -1 })]),
    { columns: 80, rows: 24 },
  ],
  ["unicode", viewOf([...usualNews, pods(unicode)]), { columns: 60, rows: 24 }],
  [
    "trouble",
    viewOf([...usualNews, nodes([nodeOf("virtual-1", 60, false)]), pods([podOf("web", crashing)]), {
      _tag: "Noted",
      note: "stopping; once more to stop at once",
    }]),
    { columns: 80, rows: 24 },
  ],
];

for (const [name, view, size] of screens) {
  test(`${name} (${size.columns}x${size.rows})`, () => {
    fixture(`test/unit/demo/screens/${name}.txt`, `${textIn(view, size)}\n`);
  });
}

const evil = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("\x1b[2J", "\x1b]0;title\x07", "a\r\nb", "\t", "\u202e"),
);

const anyNews: fc.Arbitrary<readonly News[]> = fc.array(
  fc.oneof(
    fc.array(fc.tuple(fc.nat(40), evil), { maxLength: 12 }).map((names): News =>
      pods(names.map(([age, name], at) => podOf(`${name}${at}`, { ageSeconds: age })))
    ),
    fc.nat(60).map((count): News => nodes(Array.from({ length: count }, (_, at) => nodeOf(`n-${at}`)))),
    fc.array(evil, { maxLength: 30 }).map((lines): News => ({ _tag: "LogRead", uid: "Pod-web", lines })),
    fc.constantFrom<News>({ _tag: "Chosen", step: 1 }, { _tag: "Chosen", step: -1 }),
  ),
  { maxLength: 6 },
);

test("whatever is shown, it fits, and no terminal acts on it", () => {
  const sizes = fc.record({
    columns: fc.integer({ min: 1, max: 200 }),
    rows: fc.integer({ min: 2, max: 60 }),
  });
  fc.assert(fc.property(anyNews, sizes, (news, size) => {
    const lines = screen(viewOf([...usualNews, ...news]), size);
    assert.ok(lines.length <= size.rows - 1, `${lines.length} lines in ${size.rows} rows`);
    for (const line of lines) {
      assert.ok(widthOf(line) <= size.columns, `${widthOf(line)} columns: ${textOf(line)}`);
      // deno-lint-ignore no-control-regex
      assert.not.match(textOf(line), /[\x00-\x1f\x7f-\x9f\u202e]/);
    }
  }));
});

test("what is to be copied is whole wherever there is room for it", () => {
  for (const columns of [40, 50, 80, 200]) {
    const text = textIn(viewOf(usualNews), { columns, rows: 24 });
    // as a shell reads it
    const lines = text.replaceAll("\\\n", "").split("\n");
    for (const command of facts.commands) assert.ok(lines.includes(command), command);
  }
  const first = facts.commands[0] ?? "";
  assert.ok(textIn(viewOf(usualNews), { columns: 40, rows: 12 }).replaceAll("\\\n", "").includes(first));
});

test("what is too long to be copied leaves room for the rest", () => {
  const commands = [`export KUBECONFIG=/${"x".repeat(500)}`, "kubectl get pods"];
  const lines = screen(viewOf(usualNews, { ...facts, commands }), { columns: 40, rows: 12 });
  assert.ok(lines.length <= 11, `${lines.length} lines`);
});

test("colours are only where they are wanted", () => {
  const lines = screen(viewOf(usualNews), { columns: 80, rows: 24 });
  assert.is(paint(lines, false), lines.map(textOf).join("\n"));
  // deno-lint-ignore no-control-regex
  assert.match(paint(lines, true), /\x1b\[32mReady *\x1b\[39m/);
});

test.run();
