import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bugs } from "../planted/bugs.ts";
import { outdated } from "../planted/bug.ts";
import { filesUnder, readText } from "../tools/files.ts";

const test = suite("planted bugs fit the code");

test("each is planted where the code still says what it changes", () => {
  assert.equal(bugs.flatMap((bug) => outdated(bug, readText)), []);
});

test("each has a name of its own, and names suites that exist", () => {
  assert.is(new Set(bugs.map(({ name }) => name)).size, bugs.length);
  const files = new Set(filesUnder("test"));
  for (const { name, caughtBy } of bugs) {
    assert.equal(caughtBy.filter((file) => !files.has(file)), [], name);
  }
});

test("a place that is not there, or there twice, is said to be renewed", () => {
  const bug = {
    name: "b",
    why: "",
    edits: [{ file: "f", find: "x", replace: "y" }],
    caughtBy: [],
    withinSeeds: 1,
  };
  assert.equal(outdated(bug, () => "a x b"), []);
  assert.is(outdated(bug, () => "a b").length, 1);
  assert.is(outdated(bug, () => "x x").length, 1);
});

test.run();
