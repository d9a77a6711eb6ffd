import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ContainerMemory, ContainersMemory } from "../../core/container/memory.ts";
import { type ContainersPlan, planContainers } from "../../core/container/plan.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import { at, brief, container, ended, observedOf, podOf, preparing, running } from "../tools/containers.ts";
import { freeze } from "../tools/pods.ts";
import { coverageOf, nameOf } from "./cells.ts";
import {
  type ContainerCell,
  containerDimensions,
  impossibleContainers,
  startFaults,
} from "./container_cells.ts";
import { type ContainerRow, containerRows } from "./container_rows.ts";
import { faultOf } from "./pod_last_call.ts";

const test = suite("planContainers, every cell");

const table = coverageOf(containerDimensions, containerRows, impossibleContainers);

test("every cell has its row, or cannot be", () => {
  assert.equal(table.problems.slice(0, 40), []);
  console.log(
    `${table.covered.length} cells, ${containerRows.length} rows, ${table.impossible} impossible cells`,
  );
});

const lostStatus = {
  name: "x",
  image: "v1",
  imageID: "",
  ready: true,
  restartCount: 3,
  state: { running: {} },
};

const podIn = ({ role, restartPolicy, state }: ContainerCell): Pod => {
  const image = state === "running, outdated" ? "v2" : "v1";
  const x = container("x", role === "sidecar" ? { image, restartPolicy: "Always" } : { image });
  const statuses = state === "lost" ? [lostStatus] : [];
  return role === "app"
    ? podOf({ policy: restartPolicy, apps: [x], status: { containerStatuses: statuses } })
    : podOf({ policy: restartPolicy, inits: [x], status: { initContainerStatuses: statuses } });
};

const last = { _tag: "Terminated", exitCode: 6 } as const;

const seenIn = (state: ContainerCell["state"]): readonly ObservedContainer[] => {
  switch (state) {
    case "new":
    case "lost":
      return [];
    case "preparing":
      return [preparing("x", "Pulling")];
    case "running":
    case "running, outdated":
      return [running("x", 90)];
    case "ended 0":
      return [ended("x", 0, 96)];
    case "ended 7":
      return [ended("x", 7, 96)];
    case "ended 7 twice":
      return [ended("x", 7, 96, { restartCount: 1, last })];
    case "ended 7 thrice":
      return [ended("x", 7, 96, { restartCount: 2, last })];
    case "ended 7 after long":
      return [ended("x", 7, 96, { restartCount: 5 }, -504)];
  }
};

/** Of the instance that is there, or that is due. */
const restartCountIn = (state: ContainerCell["state"]): number => {
  switch (state) {
    case "ended 7 twice":
      return 1;
    case "ended 7 thrice":
      return 2;
    case "lost":
      return 3;
    case "ended 7 after long":
      return 5;
    default:
      return 0;
  }
};

/** The end before the present one, the first one of a row. */
const recalledIn = (state: ContainerCell["state"]): ContainerMemory => {
  const restartCount = restartCountIn(state);
  if (state === "new") return {};
  if (restartCount === 0) return { started: 0 };
  const end = { restartCount: restartCount - 1, level: 0, finishedAt: at(80).wall, dueAt: at(80).mono };
  return { started: restartCount, end };
};

const memoriesIn = ({ state, recall, fault }: ContainerCell): readonly ContainersMemory[] => {
  const memory = recall === "memory" ? recalledIn(state) : {};
  if (fault === "none") return [{ x: memory }];
  const restartCount = state === "new" || state === "preparing" ? 0 : restartCountIn(state) + 1;
  return startFaults[fault].map((tag) => ({
    x: { ...memory, fault: { restartCount, fault: faultOf(tag), attempts: 1, at: 99_900, spec: "1/v1" } },
  }));
};

const plansIn = (cell: ContainerCell): readonly ContainersPlan[] =>
  memoriesIn(cell).map((memory) =>
    planContainers(
      freeze(podIn(cell)),
      freeze(observedOf(...seenIn(cell.state))),
      freeze(memory),
      new Set(cell.call === "in flight" ? ["x"] : []),
      at(100),
    )
  );

type Outcome = Omit<ContainerRow, "of" | "except">;

const outcomeOf = ({ start, stop, wakeAt, view, why }: ContainersPlan): Outcome => ({
  start: start.map((each) => `${each.container.name}#${each.restartCount}`).join(" ") || undefined,
  stop: stop.map((each) => each.container).join(" ") || undefined,
  wake: wakeAt === undefined ? undefined : wakeAt / 1000,
  view: view.map(brief).find((each) => each.startsWith("x#")) ?? "",
  why,
});

const textOf = ({ start, stop, wake, view, why }: Outcome): string =>
  `start ${start ?? "-"}; stop ${stop ?? "-"}; wake ${wake ?? "-"}; ${view}; ${why}`;

test("the plan of every cell", () => {
  const wrong = table.covered.flatMap(({ cell, row }) =>
    plansIn(cell).flatMap((plan) => {
      const [is, want] = [textOf(outcomeOf(plan)), textOf(row)];
      return is === want ? [] : [`${nameOf(cell)}: ${is}\n  wanted: ${want}`];
    })
  );
  assert.is(wrong.length, 0, wrong.slice(0, 20).join("\n"));
});

test("a pod is finished where its plan says so", () => {
  for (const { cell } of table.covered) {
    for (const { finished, why } of plansIn(cell)) {
      assert.is(finished, why.startsWith("finished"), nameOf(cell));
    }
  }
});

/** Restarts in a row, and the time of the next one, of an end that is seen for the first time. */
const levels: Readonly<Record<string, readonly [level: number, finishedAt: number, dueAt: number]>> = {
  "ended 0": [0, 96, 100],
  "ended 7": [0, 96, 100],
  "ended 7 twice": [1, 96, 106],
  "ended 7 thrice, none": [2, 96, 116],
  "ended 7 thrice, memory": [1, 96, 106],
  "ended 7 after long": [0, 96, 100],
  "lost, none": [3, 100, 140],
  "lost, memory": [1, 100, 110],
};

test("an end that is to be followed is remembered, once", () => {
  for (const { cell, row } of table.covered.filter(({ cell }) => cell.fault === "none")) {
    const level = levels[cell.state] ?? levels[`${cell.state}, ${cell.recall}`];
    const follows = level !== undefined && !row.why.startsWith("finish") && row.why !== "start a" &&
      !(cell.role === "init" && cell.state === "ended 0");
    const before = memoriesIn(cell)[0]?.x;
    for (const { memory } of plansIn(cell)) {
      const want = follows
        ? {
          ...before,
          end: {
            restartCount: restartCountIn(cell.state),
            level: level[0],
            finishedAt: at(level[1]).wall,
            dueAt: at(level[2]).mono,
          },
        }
        : cell.state === "running, outdated" && cell.role !== "init"
        ? { ...before, replaced: 0 }
        : before;
      assert.equal(memory.x, want, nameOf(cell));
    }
  }
});

test.run();
