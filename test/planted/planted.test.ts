// The test of the tests: every planted bug is found by the simulation within its number of seeds, and by every suite that
// it names; without a bug the same seeds and suites find nothing. Prints what found each, and how soon.
import { availableParallelism } from "node:os";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readText } from "../tools/files.ts";
import { outdated, type PlantedBug } from "./bug.ts";
import { bugs } from "./bugs.ts";
import { type Copy, type Hunt, plant } from "./planting.ts";

const test = suite("planted bugs are found");

interface Found {
  readonly hunt: Hunt;
  /** Suites that were to fail, and have not. */
  readonly blind: readonly string[];
}

const withCopy = async <A>(edits: PlantedBug["edits"], use: (copy: Copy) => Promise<A>): Promise<A> => {
  const copy = await plant({ edits });
  try {
    return await use(copy);
  } finally {
    await copy.remove();
  }
};

const passing = async (copy: Copy, files: Iterable<string>): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const file of files) if (!await copy.fails(file)) found.push(file);
  return found;
};

const find = (bug: PlantedBug): Promise<Found> =>
  withCopy(bug.edits, async (copy) => ({
    hunt: await copy.hunt(bug.withinSeeds),
    blind: await passing(copy, bug.caughtBy),
  }));

/** A few at a time, in their order; whoever waits for one is told of it alone. */
const findAll = (): ReadonlyMap<string, Promise<Found>> => {
  const told = new Map(bugs.map((bug) => [bug.name, Promise.withResolvers<Found>()]));
  const waiting = bugs.filter((bug) => outdated(bug, readText).length === 0);
  const work = async (): Promise<void> => {
    for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift()) {
      const { resolve, reject } = told.get(bug.name)!;
      await find(bug).then(resolve, reject);
    }
  };
  for (let jobs = Math.min(4, availableParallelism()); jobs > 0; jobs--) void work();
  // a failure is told by its own test
  for (const { promise } of told.values()) promise.catch(() => {});
  return new Map([...told].map(([name, { promise }]) => [name, promise]));
};

const found = findAll();
const lines: string[] = [];
let mostSeeds = 0;

const kinds = (bug: PlantedBug): string =>
  [...new Set(bug.caughtBy.map((file) => file.split("/")[1]))].join(", ");

const short = (problem: string): string =>
  problem.replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "…").replace(/[[{].*/, "").slice(0, 80);

for (const bug of bugs) {
  test(bug.name, async () => {
    assert.equal(outdated(bug, readText), []);
    const { hunt, blind } = await found.get(bug.name)!;
    assert.is.not(
      hunt.problem,
      undefined,
      `the simulation has not found it in ${hunt.seeds} seeds: ${bug.why}`,
    );
    // a bug that does not even run shows nothing
    assert.not.match(hunt.problem ?? "", /(Reference|Syntax|Type)Error/);
    assert.equal(blind, [], "these suites pass with it");
    mostSeeds = Math.max(mostSeeds, hunt.seeds);
    lines.push(
      `${String(hunt.seeds).padStart(5)}  ${bug.name}: ${short(hunt.problem ?? "")}  [${kinds(bug)}]`,
    );
  });
}

test("without a bug the same seeds and suites find nothing", () =>
  withCopy([], async (copy) => {
    const { seed, problem } = await copy.hunt(mostSeeds);
    assert.equal({ seed, problem }, { seed: undefined, problem: undefined });
    const suites = new Set(bugs.flatMap(({ caughtBy }) => caughtBy));
    assert.equal(await passing(copy, suites), [...suites]);
  }));

test.after(() => {
  console.log("\nseeds  bug: the promise that the simulation saw broken  [what else fails with it]");
  for (const line of lines) console.log(line);
});

test.run();
