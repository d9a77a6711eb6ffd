import * as assert from "uvu/assert";
import type { Test } from "uvu";
import process from "node:process";
import { seed as first } from "./seed.ts";
import { brief } from "../sim/brief.ts";
import { seedsForMarks, unhit, wronglyUnreachable } from "../sim/marks.ts";
import { simulate } from "../sim/scenario.ts";

/** The tests of one of `parts` equal parts of the seeds of this run: `VK_SIM_SEEDS` in all, 40 unless told. */
export const testSeeds = (test: Test, part: number, parts: number): void => {
  const count = Math.ceil(Number(process.env.VK_SIM_SEEDS ?? 40) / parts);
  const from = (first + part * count) % 1_000_000_000;
  const hit = new Map<string, number>();

  test(`${count} seeds of chaos, healing, quiet lives and rest keep every promise`, async () => {
    for (let seed = from; seed < from + count; seed++) {
      const outcome = await simulate(seed);
      assert.is(outcome.problems.length, 0, brief(outcome));
      for (const [mark, times] of outcome.marks) hit.set(mark, (hit.get(mark) ?? 0) + times);
    }
  });

  test("what is said to be out of reach is not reached", () => {
    assert.equal(wronglyUnreachable(hit), []);
  });

  test(`${seedsForMarks} seeds and more reach every action, fault, edge and reason`, () => {
    if (count >= seedsForMarks) assert.equal(unhit(hit), []);
  });
};
