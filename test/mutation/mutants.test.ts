import { suite } from "uvu";
import * as assert from "uvu/assert";
import { filesUnder, readText } from "../tools/files.ts";
import { parseSource } from "../tools/source.ts";
import { coreMutants, sampleOf } from "./core.ts";
import { mutantsOf } from "./mutants.ts";
import { countRegions } from "./regions.ts";
import {
  acceptedSurvivors,
  keyOf,
  listedSurvivors,
  listFor,
  staleSurvivors,
  type Survivor,
} from "./survivors.ts";
import { edited } from "./syntax.ts";

const test = suite("mutants");

/** A piece of code, and all its mutants. */
const rows: readonly (readonly [string, readonly string[]])[] = [
  ["a === b;", [";", "a !== b"]],
  ["f(a < b);", [";", "a <= b", "a >= b"]],
  ["f(a + b - c);", [";", "a + b + c", "a - b"]],
  ["f('a' + b, `a` + 'b');", [";", '""', '""', '""']],
  ["x = a && b;", [";", "(a)", "(b)", "((a) || (b))"]],
  ["x = a || b && c;", [";", "(a)", "(b && c)", "((a) && (b && c))", "(b)", "(c)", "((b) || (c))"]],
  ["x = a || b || c;", [";", "(a || b)", "((a || b) && (c))", "(a)", "(b)", "((a) && (b))"]],
  ["if (a === 'b') x = 'c' !== d;", ["true", "false", "a !== 'b'", "'c' === d", '""', ";"]],
  ["x = a ?? b;", [";", "(a)", "(b)"]],
  ["x = !a;", [";", "(a)"]],
  ["x = -a;", [";", "(a)"]],
  ["x += a;", [";", "x -= a"]],
  ["x ??= a;", [";", "x = a"]],
  ["i++;", [";", "i--"]],
  ["x = a ? b : c;", [";", "(b)", "(c)"]],
  ["if (a) f();", ["true", "false", ";"]],
  ["if (a) { f(); } else { g(); }", ["true", "false", "{}", ";", "{}", ";"]],
  ["for (const a of b) { if (a) continue; break; }", ["{}", "true", "false", ";", ";"]],
  ["while (a) f();", ["false", ";"]],
  ["x = a?.b?.[c]?.(d);", [";", "a?.b?.[c](d)", "a?.b[c]", "a.b"]],
  ["x = a.some(b);", [";", "a.every(b)"]],
  ["x = a.filter(b).sort();", [";", "(a.filter(b))", "(a)"]],
  ["x = a?.filter(b);", [";", "(a)", "a.filter"]],
  ["x = Math.min(a, b);", [";", "Math.max(a, b)"]],
  ["x = [...a, b, ];", [";", "[]", "[ b, ]", "[...a, ]"]],
  ["x = [a];", [";", "[]"]],
  ["x = { ...a, b };", [";", "{ b }", "{}"]],
  ["x = { ...a };", [";", "{ }"]],
  ["x = { a: true, 'b': 'c' };", [";", "{}", "false", '""']],
  ["x = ['a text', '', 2];", [";", "[]", "[ '', 2]", "['a text', 2]", "['a text', '', ]", '"mutant"']],
  ["x = [0, a];", [";", "[]", "[ a]", "[0, ]", "1"]],
  ["x = /^a$/u;", [";", "/a$/u", "/^a/u", "/^a$/"]],
  ["x = `a${b}`;", [";", '""']],
  ["x = `is ${b}`;", [";"]],
  ["switch (a) { case 'b': f(); }", ['""', ";"]],
  ["const f = (a = 1): A<'b'> => c as 'd';", ["undefined", "0"]],
  ["const f = (): void => { type A = 'b'; };", ["{}"]],
  ["interface A { b: 'c' } type D = 'e' | 1; export type { A };", []],
];

for (const [code, wanted] of rows) {
  test(code, () => {
    assert.equal(mutantsOf("a.ts", code).map(({ mutation }) => mutation).sort(), wanted.toSorted());
  });
}

const all = coreMutants();

test("those of the core are code, and each has a key of its own", () => {
  const texts = new Map(filesUnder("core").map((file) => [file, readText(file)]));
  for (const { file, edit } of sampleOf(all, 1000)) parseSource(edited(texts.get(file) ?? "", edit));
  assert.is(new Set(all.map(keyOf)).size, all.length);
});

test("the regions of a module hold each other, and telling of them leaves it code", () => {
  for (const file of filesUnder("core")) {
    const { regions, text } = countRegions(readText(file));
    parseSource(text);
    for (const { start, end } of regions) assert.ok(start < end, `${file} ${start} ${end}`);
  }
  const counted = countRegions("const f = (a) => { if (a) return b ?? c; return a ? d : e; };");
  assert.is(
    counted.text,
    "const f = (a) => { $reached(1);if (a) {$reached(3);return b ?? ($reached(4), c);} " +
      "$reached(2);return a ? ($reached(5), d) : ($reached(6), e); };\n$reached(0);",
  );
});

test("a sample is the same each time, and holds none twice", () => {
  const some = sampleOf(all, 50);
  assert.equal(some, sampleOf(all.toReversed(), 50));
  assert.is(new Set(some).size, 50);
});

test("an entry for what is not there, one that is there twice, and one without a reason are told", () => {
  const [first, second] = mutantsOf("a.ts", "const f = () => a && b;");
  assert.ok(first && second);
  const entry = (mutant: Omit<Survivor, "reason">, reason: string): Survivor => ({ ...mutant, reason });
  const gone = { ...first, original: "a || b" };
  const list = [entry(first, "so"), entry(first, "again"), entry(second, " "), entry(gone, "so")];
  assert.equal(staleSurvivors(list, [first, second]).map((line) => line.split(":")[0]), [
    "listed twice",
    "without a reason",
    "no such mutant any more",
  ]);
});

test("the lists of survivors are up to date, each in its file", () => {
  assert.equal(staleSurvivors(acceptedSurvivors(), all), []);
  assert.equal(listedSurvivors().filter(({ list, entry }) => list !== listFor(entry.file)), []);
});

test.run();
