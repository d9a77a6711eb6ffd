import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runFile } from "../tools/run_file.ts";
import { ownOutput, totalLine } from "../tools/report.ts";
import { selectTests } from "../tools/select.ts";

const test = suite("the test runner");

interface Row {
  readonly fixture: string;
  readonly passed: number;
  readonly failed: number;
  readonly problem?: RegExp;
}

const rows: readonly Row[] = [
  { fixture: "good", passed: 1, failed: 0 },
  { fixture: "failing", passed: 1, failed: 1 },
  { fixture: "hooked", passed: 0, failed: 2 },
  { fixture: "forgotten", passed: 0, failed: 0, problem: /no suite ran to its end/ },
  { fixture: "empty", passed: 0, failed: 0, problem: /hold no test/ },
  // uvu may or may not get to its (empty) counts before the error is seen
  { fixture: "unloadable", passed: 0, failed: 0, problem: /exit code 1/ },
  { fixture: "stuck", passed: 0, failed: 0, problem: /no suite ran to its end/ },
  { fixture: "crashing", passed: 0, failed: 0, problem: /no suite ran to its end/ },
  { fixture: "rejecting", passed: 1, failed: 0, problem: /exit code 1 although its tests passed/ },
  { fixture: "leaking", passed: 1, failed: 0, problem: /its tests ended but its process did not/ },
  { fixture: "hanging", passed: 0, failed: 0, problem: /hangs: killed after/ },
];

for (const { fixture, passed, failed, problem } of rows) {
  test(`a file that is ${fixture}`, async () => {
    const lingerMs = fixture === "leaking" ? 200 : 60_000;
    const boundMs = fixture === "hanging" ? 3000 : 120_000;
    const result = await runFile(`test/tools/fixtures/${fixture}.ts`, { boundMs, lingerMs });
    assert.is(result.passed, passed, result.output);
    assert.is(result.failed, failed, result.output);
    if (problem === undefined) assert.is(result.problem, undefined);
    else assert.match(result.problem ?? "no problem", problem);
  });
}

test("a skipped test is counted with its reason", async () => {
  const result = await runFile("test/tools/fixtures/good.ts", { boundMs: 120_000, lingerMs: 60_000 });
  assert.is(result.skipped, 1);
  assert.equal(result.reasons, ["skipped: this is only an example"]);
  assert.equal(ownOutput(result.output), []);
});

test("an interrupt ends the file at once", async () => {
  const result = await runFile("test/tools/fixtures/hanging.ts", {
    boundMs: 120_000,
    lingerMs: 60_000,
    signal: AbortSignal.timeout(500),
  });
  assert.is(result.problem, "interrupted");
});

const files = [
  "test/bench/a.test.ts",
  "test/cluster/a.test.ts",
  "test/e2e/a.test.ts",
  "test/package/a.test.ts",
  "test/planted/a.test.ts",
  "test/tools/a.test.ts",
  "test/unit/watch/lines.test.ts",
  "test/unit/watch.test.ts",
  "test/unit/watcher.test.ts",
  "test/unit/watch/table.ts",
];

test("selection", () => {
  const select = (named: readonly string[], except: readonly string[] = []) =>
    selectTests(files, { named, except });
  const watch = ["test/unit/watch/lines.test.ts", "test/unit/watch.test.ts"];
  assert.equal(select([]), { files: ["test/package/a.test.ts", ...watch, "test/unit/watcher.test.ts"] });
  assert.equal(select([], ["package", "unit"]), { files: [] });
  assert.equal(select(["unit/watch"]), { files: watch });
  assert.equal(select(["./test/unit/watch/"]), { files: watch });
  assert.equal(select(["test/unit/watch.test.ts"]), { files: ["test/unit/watch.test.ts"] });
  assert.equal(select(["cluster", "e2e"]), { files: ["test/cluster/a.test.ts", "test/e2e/a.test.ts"] });
  assert.equal(select(["unit", "nothing"]), { unknown: "nothing" });
});

test("the last line", () => {
  assert.is(totalLine(3, 0, 0), "3 passed, 0 failed");
  assert.is(totalLine(3, 1, 2), "3 passed, 1 failed, 2 skipped");
});

test.run();
