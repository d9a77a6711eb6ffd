import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cellsOf, coverageOf, fits, nameOf, within } from "./cells.ts";

const test = suite("tables have a row for every cell");

const dimensions = { size: ["s", "m"], colour: ["red", "green", "blue"] } as const;
const all = ["s | red", "s | green", "s | blue", "m | red", "m | green", "m | blue"];

test("cells are all of the product", () => {
  assert.equal(cellsOf(dimensions).map(nameOf), all);
});

test("a pattern means what it names", () => {
  const cell = { size: "s", colour: "red" } as const;
  assert.is(fits<typeof dimensions>({}, cell), true);
  assert.is(fits<typeof dimensions>({ size: "s" }, cell), true);
  assert.is(fits<typeof dimensions>({ size: "m" }, cell), false);
  assert.is(fits<typeof dimensions>({ size: "s", colour: ["green", "red"] }, cell), true);
  assert.is(fits<typeof dimensions>({ size: "s", colour: ["green", "blue"] }, cell), false);
});

test("rows of some cells only", () => {
  assert.equal(
    within<typeof dimensions, { of: object; want: number }>({ size: "s" }, [{
      of: { colour: "red" },
      want: 1,
    }]),
    [
      { of: { size: "s", colour: "red" }, want: 1 },
    ],
  );
});

test("a table that is whole", () => {
  const small = { of: { size: "s" }, except: [{ colour: "blue" }], want: 1 } as const;
  const green = { of: { colour: "green", size: "m" }, want: 2 } as const;
  const table = coverageOf(dimensions, [small, green], [
    { of: { colour: "blue" }, because: "there is no blue" },
    { of: { size: "m", colour: "red" }, because: "sold out" },
  ]);
  assert.equal(table.problems, []);
  assert.is(table.impossible, 3);
  assert.equal(table.covered.map(({ cell, row }) => `${nameOf(cell)} ${row.want}`), [
    "s | red 1",
    "s | green 1",
    "m | green 2",
  ]);
});

test("what is missing, told twice or useless is found", () => {
  const { problems } = coverageOf(dimensions, [
    { of: { size: "s" } },
    { of: { colour: "red" }, except: [{ size: "m" }] },
    { of: { size: "m", colour: "blue" } },
  ], [
    { of: { size: "m", colour: ["blue", "green"] }, because: "sold out" },
    { of: { size: [] }, because: "never" },
  ]);
  assert.equal(problems, [
    "2 rows for s | red",
    "no row for m | red",
    'a row that covers no cell: {"size":"m","colour":"blue"}',
    "a reason that excludes no cell: never",
  ]);
});

test.run();
