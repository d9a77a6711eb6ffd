import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readText } from "../tools/files.ts";
import { type Baseline, measureBaseline } from "./baseline.ts";
import { hunt } from "./hunt.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { conclude } from "./report.ts";
import { newWorker } from "./workers.ts";

const test = suite("mutants of a fixture");

const folder = "test/tools/fixtures/mutation/";
const file = `${folder}code.ts`;
const mutants = mutantsOf(file, readText(file));

const worker = newWorker({});
test.after(() => worker.stop());

const baseline = (tests: string): Promise<Baseline> =>
  measureBaseline([`${folder}${tests}`], folder, [worker]);

const named = ({ within, original, mutation }: Mutant): string => `${within}: ${original} => ${mutation}`;

/** What becomes of each mutant of the fixture, and which test killed it. */
const verdicts: readonly (readonly [string, string, string?])[] = [
  [
    "countdown: { let steps = 0; for (let left = from; left > 0; left--) steps++; return steps; } => {}",
    "Killed",
    "countdown",
  ],
  ["countdown.steps: 0 => 1", "Killed", "countdown"],
  ["countdown: left > 0 => false", "Killed", "countdown"],
  ["countdown: left > 0 => left >= 0", "Killed", "countdown"],
  ["countdown: left > 0 => left <= 0", "TimedOut", "countdown"],
  ["countdown: 0 => 1", "Killed", "countdown"],
  ["countdown: left-- => left++", "TimedOut", "countdown"],
  ["countdown: steps++; => ;", "Killed", "countdown"],
  ["countdown: steps++ => steps--", "Killed", "countdown"],
  ["isGrown: age >= 18 => undefined", "Killed", "isGrown"],
  ["isGrown: age >= 18 => age > 18", "Survived"],
  ["isGrown: age >= 18 => age < 18", "Killed", "isGrown"],
  ["doubled: value * 2 => undefined", "Unreached"],
  ["doubled: value * 2 => value / 2", "Unreached"],
  ['words: ["one"] => []', "Killed", "knows"],
  ['words: "one" => ""', "Killed", "knows"],
  ["knows: words.includes(word) => undefined", "Killed", "knows"],
];

test("each is killed, runs out of time, survives or is reached by no test", async () => {
  const judged = await hunt(mutants, await baseline("code.test.ts"), [worker]);
  const found = judged.map(({ mutant, verdict, by }) => [named(mutant), verdict, by?.name]);
  assert.equal(found, verdicts.map(([name, verdict, by]) => [name, verdict, by && `a fixture > ${by}`]));
  const { lines, unaccepted } = conclude(judged, []);
  assert.equal(unaccepted.map(({ mutant }) => named(mutant)), [
    "isGrown: age >= 18 => age > 18",
    "doubled: value * 2 => undefined",
    "doubled: value * 2 => value / 2",
  ]);
  assert.equal(lines, [
    `${file}: 17 mutants, 12 killed, 2 timed out, 1 survived, 2 reached by no test`,
    `    ${file}:9 isGrown: age >= 18  =>  age > 18`,
    `    ${file}:12 doubled: value * 2  =>  undefined [reached by no test]`,
    `    ${file}:12 doubled: value * 2  =>  value / 2 [reached by no test]`,
    `${folder}: 17 mutants, 12 killed, 2 timed out, 1 survived, 2 reached by no test`,
    "14 of 17 mutants killed: 82.4 %",
    "3 survived, 0 of them accepted",
  ]);
});

test("code that is not changed survives everything", async () => {
  const [first] = mutants;
  assert.ok(first);
  const same: Mutant = { ...first, edit: { start: 0, end: 0, text: "" }, region: 0 };
  const tests = await baseline("code.test.ts");
  assert.is(tests.reaching(same).length, 3);
  assert.equal((await hunt([same, same], tests, [worker])).map(({ verdict }) => verdict), [
    "Survived",
    "Survived",
  ]);
});

test("what is accepted and killed is told, and so is what a list does not have", async () => {
  const [first, , , , , , , , , , boundary] = mutants;
  assert.ok(first && boundary);
  const judged = await hunt([first, boundary], await baseline("code.test.ts"), [worker]);
  const { unaccepted, killed } = conclude(
    judged,
    [first, boundary].map((each) => ({ ...each, reason: "so" })),
  );
  assert.equal([unaccepted, killed.map(({ mutant }) => mutant)], [[], [first]]);
});

test("tests that fail without a mutant are of no use", async () => {
  const message = await baseline("failing.test.ts").then(() => "none", (error: Error) => error.message);
  assert.match(message, "a fixture that fails > two is three: not equal");
});

test.run();
