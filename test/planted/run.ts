// Plants bugs, each alone, and tells what finds them: deno run -A test/planted/run.ts [--seeds N] [--suites START]… [NAME]…
// A NAME is any part of a bug's name; a START is the beginning of a path: the tests to run in place of those that the bug
// names (--suites test/tables --suites test/unit/pod).
import process from "node:process";
import { parseArgs } from "node:util";
import { filesUnder, readText } from "../tools/files.ts";
import { outdated } from "./bug.ts";
import { bugs } from "./bugs.ts";
import { plant } from "./planting.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string" }, suites: { type: "string", multiple: true } },
});

const starts = values.suites;
const suites = starts === undefined
  ? undefined
  : filesUnder("test").filter((path) =>
    path.endsWith(".test.ts") && starts.some((start) => path.startsWith(start))
  );
const wanted = bugs.filter(({ name }) =>
  positionals.length === 0 || positionals.some((part) => name.includes(part))
);
for (const bug of wanted) {
  const problems = outdated(bug, readText);
  if (problems.length > 0) {
    problems.forEach((problem) => console.log(problem));
    process.exitCode = 1;
    continue;
  }
  const copy = await plant(bug);
  try {
    console.log(bug.name);
    const { seeds, problem } = await copy.hunt(Number(values.seeds ?? bug.withinSeeds));
    console.log(
      `  simulation: ${problem === undefined ? `NOT in ${seeds} seeds` : `${seeds} seeds: ${problem}`}`,
    );
    for (const file of suites ?? bug.caughtBy) {
      const fails = await copy.fails(file);
      if (suites === undefined || fails) console.log(`  ${fails ? "fails" : "PASSES"}: ${file}`);
    }
  } finally {
    await copy.remove();
  }
}
