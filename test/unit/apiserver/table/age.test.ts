import { suite } from "uvu";
import * as assert from "uvu/assert";
import { humanDuration, sinceText } from "../../../../adapters/apiserver/table/age.ts";

const test = suite("ages");

const second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour, year = 365 * day;

const table: readonly (readonly [number, string])[] = [
  [-2 * second, "<invalid>"],
  [-2 * second + 1, "0s"],
  [0, "0s"],
  [999, "0s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [2 * minute + second, "2m1s"],
  [10 * minute - 1, "9m59s"],
  [10 * minute, "10m"],
  [3 * hour - 1, "179m"],
  [3 * hour, "3h"],
  [3 * hour + minute, "3h1m"],
  [8 * hour - 1, "7h59m"],
  [8 * hour, "8h"],
  [2 * day - 1, "47h"],
  [2 * day, "2d"],
  [2 * day + hour, "2d1h"],
  [8 * day - 1, "7d23h"],
  [8 * day, "8d"],
  [2 * year - 1, "729d"],
  [2 * year, "2y"],
  [2 * year + day, "2y1d"],
  [8 * year - 1, "7y364d"],
  [8 * year, "8y"],
  [25 * year, "25y"],
];

for (const [ms, text] of table) test(`${ms} ms are ${text}`, () => assert.is(humanDuration(ms), text));

test("a time that is none", () => {
  assert.is(sinceText(undefined, { mono: 0, wall: 0 }), "<unknown>");
  assert.is(sinceText("yesterday", { mono: 0, wall: 0 }), "<unknown>");
  assert.is(sinceText("1970-01-01T00:00:00Z", { mono: 0, wall: 65_000 }), "65s");
});

test.run();
