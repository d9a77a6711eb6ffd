import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ContainerView, viewOf } from "../../core/container/view.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodCondition } from "../../core/kubernetes/pod_status.ts";
import { podConditions } from "../../core/pod/conditions.ts";
import { at, container } from "../tools/containers.ts";
import { holds, pod, time } from "../tools/pods.ts";
import { type Cell, coverageOf, nameOf } from "./cells.ts";
import {
  type ConditionDimensions,
  conditionDimensions,
  type ConditionRow,
  containersReady,
  initialized,
  podReady,
  readyToStart,
} from "./condition_cells.ts";
import { initOf, seenAs, seenInit } from "./status_given.ts";

const test = suite("the conditions of a pod");

type ConditionCell = Cell<ConditionDimensions>;

const gateTypes = ["x/lb", "x/dns"] as const;

const gatesOf = (gates: ConditionCell["gates"]): readonly PodCondition[] => {
  const open = gateTypes.map((type) => ({ type, status: "True" }));
  switch (gates) {
    case "none":
    case "both missing":
      return [];
    case "open":
      return open;
    case "one missing":
      return open.slice(0, 1);
    case "one shut":
      return [...open.slice(0, 1), { type: "x/dns", status: "False" }];
  }
};

const podOf = ({ init, gates }: ConditionCell): Pod =>
  pod({
    spec: {
      initContainers: initOf(init),
      readinessGates: gates === "none" ? undefined : gateTypes.map((conditionType) => ({ conditionType })),
    },
    status: { conditions: gatesOf(gates) },
  });

const viewsOf = (of: Pod, { init, app }: ConditionCell): readonly ContainerView[] =>
  viewOf(of, holds([...seenInit(init), ...seenAs("a", app)]));

const textOf = ({ status, reason, message }: PodCondition): string =>
  [status, reason, message].filter((part) => part !== undefined).join(" / ");

const tables: readonly (readonly [string, readonly ConditionRow[]])[] = [
  ["PodReadyToStartContainers", readyToStart],
  ["Initialized", initialized],
  ["ContainersReady", containersReady],
  ["Ready", podReady],
];

for (const [type, rows] of tables) {
  const table = coverageOf(conditionDimensions, rows, []);

  test(`${type}: every cell has its row`, () => {
    assert.equal(table.problems.slice(0, 40), []);
  });

  test(`${type} in every cell`, () => {
    const wrong = table.covered.flatMap(({ cell, row }) => {
      const of = podOf(cell);
      const found = podConditions(of, viewsOf(of, cell), cell.phase, [], at(100)).filter((condition) =>
        condition.type === type
      );
      const is = found.map(textOf).join("; ");
      return is === row.told ? [] : [`${nameOf(cell)}: ${is}\n  wanted: ${row.told}`];
    });
    assert.is(wrong.length, 0, wrong.slice(0, 20).join("\n"));
  });
}

const ours = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

test("PodScheduled is the scheduler's: told for pods that were bound without it, and left as it is else", () => {
  const of = (conditions: readonly PodCondition[]): readonly string[] => {
    const scheduled = pod({ status: { conditions } });
    return podConditions(scheduled, viewOf(scheduled, undefined), "Pending", [], at(100)).map((each) =>
      `${each.type} ${each.status}`
    );
  };
  const status = ["False", "True", "False", "False"];
  const told = ours.map((type, index) => `${type} ${status[index]}`);
  assert.equal(of([{ type: "PodScheduled", status: "True", lastTransitionTime: time(1) }]), told);
  assert.equal(of([]), [...told, "PodScheduled True"]);
});

test("lastTransitionTime changes with the status only", () => {
  const before: readonly PodCondition[] = [
    { type: "Ready", status: "True", lastTransitionTime: time(7) },
    { type: "ContainersReady", status: "False", reason: "Old", lastTransitionTime: time(8) },
    { type: "Initialized", status: "True", lastTransitionTime: null },
  ];
  const views = viewOf(pod({ apps: [container("a")] }), holds(seenAs("a", "unready")));
  const times = podConditions(pod(), views, "Running", before, at(100.9)).map((each) => [
    each.type,
    each.lastTransitionTime,
  ]);
  assert.equal(Object.fromEntries(times), {
    PodReadyToStartContainers: time(100),
    Initialized: time(100),
    Ready: time(100),
    ContainersReady: time(8),
    PodScheduled: time(100),
  });
});

test.run();
