import { suite } from "uvu";
import * as assert from "uvu/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools/files.ts";
import { coreMutants, defaultJobs, huntCore, sampleOf } from "./core.ts";
import { conclude, survivorLine } from "./report.ts";
import { acceptedSurvivors, keyOf, listFor } from "./survivors.ts";

const test = suite("the proof bites");

const count = 150;

test(`${count} mutants of the core, other ones with each change of the code, are noticed`, async () => {
  const accepted = acceptedSurvivors(), keys = new Set(accepted.map(keyOf));
  const open = coreMutants().filter((mutant) =>
    existsSync(join(root, listFor(mutant.file))) && !keys.has(keyOf(mutant))
  );
  const judged = await huntCore(sampleOf(open, count), {
    jobs: defaultJobs(),
    quick: false,
    sim: 2,
    note: () => {},
  });
  assert.equal(conclude(judged, accepted).unaccepted.map(survivorLine), [], "see deno task mutate");
});

test.run();
