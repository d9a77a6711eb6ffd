import { suite } from "uvu";
import * as assert from "uvu/assert";
import { coreMutants, defaultJobs, huntCore, sampleOf } from "./core.ts";
import { isKilled } from "./hunt.ts";
import { survivorLine } from "./report.ts";
import { acceptedSurvivors, keyOf, staleSurvivors } from "./survivors.ts";

const test = suite("the proof bites");

const count = 100;
/** All of the core is to have 90 %: of so few mutants some more may happen to survive. */
const leastKilled = 80;

test(`at least ${leastKilled} of ${count} mutants of the core, other ones with each change of the code, are noticed`, async () => {
  const keys = new Set(acceptedSurvivors().map(keyOf));
  const open = coreMutants().filter((mutant) => !keys.has(keyOf(mutant)));
  const judged = await huntCore(sampleOf(open, count), {
    jobs: defaultJobs(),
    quick: true,
    sim: 0,
    note: () => {},
  });
  assert.is(judged.length, count);
  const survivors = judged.filter((each) => !isKilled(each)).map(survivorLine);
  const told = `see deno task mutate; these survived:\n${survivors.join("\n")}`;
  assert.ok(count - survivors.length >= leastKilled, told);
  console.log(`${count - survivors.length} of ${count} mutants killed`);
});

test("no accepted survivor is of code that is not there any more, and each has its reason", () => {
  assert.equal(staleSurvivors(acceptedSurvivors(), coreMutants()), []);
});

test.run();
