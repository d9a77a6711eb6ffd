import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PodPlan } from "../../core/pod/plan.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { type Brief, briefPlan, freeze } from "../tools/pods.ts";
import { coverageOf, nameOf } from "./cells.ts";
import { impossiblePods, type PodCell, podDimensions } from "./pod_cells.ts";
import { aimed, noted, remembers } from "./pod_consequences.ts";
import { type Given, givensOf, now } from "./pod_given.ts";
import { podRows } from "./pod_rows.ts";
import { type Expected, inCell, type PodRow } from "./pod_words.ts";

const test = suite("reconcilePod, every cell");

interface Row extends PodRow {
  readonly expected: Expected;
}

/** A row for each kind of back end that it speaks of. */
const rows: readonly Row[] = podRows.flatMap((row) =>
  (["pods", "containers"] as const).flatMap((kind): readonly Row[] => {
    const expected = row.both ?? row[kind];
    return expected === undefined || (row.of.kind ?? kind) !== kind
      ? []
      : [{ ...row, of: { ...row.of, kind }, expected }];
  })
);

const table = coverageOf(podDimensions, rows, impossiblePods);

test("every cell has its row, or cannot be", () => {
  assert.equal(table.problems.slice(0, 40), []);
  console.log(
    `${table.covered.length} cells, ${podRows.length} rows, ${table.impossible} impossible cells ` +
      `for ${impossiblePods.length} reasons`,
  );
});

const textOf = ({ do: actions, wake, why }: Brief): string =>
  `${actions.join(", ") || "nothing"}; wake ${wake ?? "-"}; ${why}`;

type Facts = readonly (readonly [unknown, unknown])[];

const differing = (facts: Facts): string | undefined => {
  const wrong = facts.filter(([is, want]) => is !== want && JSON.stringify(is) !== JSON.stringify(want));
  return wrong.length === 0 ? undefined : wrong.map((pair) => JSON.stringify(pair)).join("\n  ");
};

const planned = (plan: PodPlan, row: Row, cell: PodCell): string | undefined => {
  const [is, want] = [textOf(briefPlan(plan)), textOf(inCell(row.expected, cell))];
  return is === want ? undefined : `${is}\n  wanted: ${want}`;
};

const wrongIn = (given: Given, row: Row, cell: PodCell): string | undefined => {
  const { desired, observed, memory, policy } = freeze(given);
  const plan = reconcilePod(desired, observed, memory, now, policy);
  return planned(plan, row, cell) ??
    differing([...noted(given, plan), ...aimed(given, plan), ...remembers(cell, given, plan)]);
};

const isIn =
  (lifecycle: PodCell["lifecycle"], kind: PodCell["kind"]) => ({ cell }: { cell: PodCell }): boolean =>
    cell.lifecycle === lifecycle && cell.kind === kind;

// each: the plan, its calls noted as in flight and about this very pod, the look remembered
for (const lifecycle of podDimensions.lifecycle) {
  for (const kind of podDimensions.kind) {
    test(`every cell of ${lifecycle}, back end of ${kind}`, () => {
      const wrong: string[] = [];
      for (const { cell, row } of table.covered.filter(isIn(lifecycle, kind))) {
        for (const given of givensOf(cell)) {
          const text = wrongIn(given, row, cell);
          if (text !== undefined) wrong.push(`${nameOf(cell)}: ${text}`);
        }
        if (wrong.length > 20) break;
      }
      assert.is(wrong.length, 0, wrong.join("\n"));
    });
  }
}

test.run();
