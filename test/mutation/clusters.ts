// What kills the mutants that no ordinary test kills: simulated clusters, each a test, as stopping early saves much.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import process from "node:process";
import { simulate } from "../sim/scenario.ts";
import { seed } from "../tools/seed.ts";

const test = suite("simulated clusters");

const first = seed % 1_000_000_000;

for (let at = 0; at < Number(process.env.VK_CLUSTERS ?? 2); at++) {
  test(`cluster ${first + at}`, async () =>
    assert.equal((await simulate(first + at, { minutes: 0 })).problems, []));
}

test.run();
