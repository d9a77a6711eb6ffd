import { suite } from "uvu";
import { testSeeds } from "../tools/sim_seeds.ts";

const test = suite("agents in simulated clusters: second half");

testSeeds(test, 1, 2);

test.run();
