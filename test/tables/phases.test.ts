import { suite } from "uvu";
import * as assert from "uvu/assert";
import { podPhaseOf } from "../../core/container/phase.ts";
import { viewOf } from "../../core/container/view.ts";
import { container } from "../tools/containers.ts";
import { holds, pod } from "../tools/pods.ts";
import { type Cell, coverageOf, nameOf } from "./cells.ts";
import { impossiblePhases, type PhaseDimensions, phaseDimensions, phaseRows } from "./phase_cells.ts";
import { initOf, seenAs, seenInit } from "./status_given.ts";

const test = suite("the phase of a pod");

const table = coverageOf(phaseDimensions, phaseRows, impossiblePhases);

test("every cell has its row, or cannot be", () => {
  assert.equal(table.problems.slice(0, 40), []);
  console.log(
    `${table.covered.length} cells, ${phaseRows.length} rows, ${table.impossible} impossible cells`,
  );
});

const phaseOf = ({ restartPolicy, init, app, other, finished, before }: Cell<PhaseDimensions>): string => {
  const of = pod({
    apps: [container("a"), ...(other === "none" ? [] : [container("b")])],
    spec: { restartPolicy, initContainers: initOf(init) },
  });
  const views = viewOf(of, holds([...seenInit(init), ...seenAs("a", app), ...seenAs("b", other)]));
  return podPhaseOf({ ...of, status: { phase: before } }, views, finished === "yes");
};

test("the phase of every cell", () => {
  const wrong = table.covered.flatMap(({ cell, row }) => {
    const is = phaseOf(cell);
    return is === row.phase ? [] : [`${nameOf(cell)}: ${is}, wanted: ${row.phase}`];
  });
  assert.is(wrong.length, 0, wrong.slice(0, 20).join("\n"));
});

test("without views nothing was made, and nothing can have succeeded", () => {
  for (const restartPolicy of phaseDimensions.restartPolicy) {
    assert.is(podPhaseOf(pod({ spec: { restartPolicy } }), [], false), "Pending");
    assert.is(podPhaseOf(pod({ spec: { restartPolicy } }), [], true), "Failed");
  }
});

test.run();
