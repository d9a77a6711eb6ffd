import { suite } from "uvu";
import * as assert from "uvu/assert";
import { brief } from "./brief.ts";
import { generator, regressions } from "./regressions.ts";
import { simulate } from "./scenario.ts";
import { testSeeds } from "../tools/sim_seeds.ts";

const test = suite("agents in simulated clusters: first half");

test("seeds that have failed do so no more", async () => {
  for (const { seed } of regressions.filter((each) => each.generator === generator)) {
    const outcome = await simulate(seed);
    assert.is(outcome.problems.length, 0, brief(outcome));
  }
});

testSeeds(test, 0, 2);

test("the same seed gives the same run", async () => {
  assert.equal((await simulate(7)).story, (await simulate(7)).story);
});

test.run();
