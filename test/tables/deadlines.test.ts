import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { present } from "../../core/seen.ts";
import { at, ended, preparing, running } from "../tools/containers.ts";
import { briefPlan, freeze, holds, pod, policyOf, remembered } from "../tools/pods.ts";
import { type Cell, coverageOf, nameOf } from "./cells.ts";
import {
  type DeadlineDimensions,
  deadlineDimensions,
  deadlineRows,
  impossibleDeadlines,
} from "./deadline_cells.ts";
import { check, runs } from "./pod_case.ts";
import { noted } from "./pod_consequences.ts";
import { runs as runningStatus } from "./pod_statuses.ts";

const test = suite("activeDeadlineSeconds");

type DeadlineCell = Cell<DeadlineDimensions>;

const seconds: Readonly<Record<DeadlineCell["deadline"], number | undefined>> = {
  none: undefined,
  "at 110 s": 100,
  "at 100 s": 90,
  "at 90 s": 80,
};

const podOf = ({ restartPolicy, deadline }: DeadlineCell): Pod =>
  pod({ spec: { restartPolicy, activeDeadlineSeconds: seconds[deadline] }, status: runningStatus });

const seenOf = ({ container }: DeadlineCell): ObservedContainer => {
  if (container === "running") return running("a", 10);
  if (container === "waiting") return preparing("a", "Pulling", { restartCount: 1 });
  const [, code, time] = /^exited (\d) at (\d+) s$/.exec(container) ?? [];
  return ended("a", Number(code), Number(time), {}, 10);
};

const memoryOf = ({ container, stop }: DeadlineCell): PodMemory =>
  remembered({
    accepted: at(10),
    seenLive: true,
    created: true,
    ran: true,
    written: { status: runningStatus, at: 12_000, repeats: 0, echoed: true },
    containers: { a: { started: container === "waiting" ? 1 : 0 } },
    kill: stop === "none" ? undefined : { at: 120_000, graceMs: 30_000 },
    ops: stop === "in flight" ? [{ kind: "stop", container: "a", at: 90_000, until: 120_000 }] : [],
  });

const table = coverageOf(deadlineDimensions, deadlineRows, impossibleDeadlines);

test("every cell has its row, or cannot be", () => {
  assert.equal(table.problems, []);
});

test("the plan of every cell", () => {
  for (const { cell, row } of table.covered) {
    const [desired, observed] = [freeze(podOf(cell)), freeze(holds([seenOf(cell)]))];
    const memory = freeze(memoryOf(cell));
    const plan = reconcilePod(present(desired), present(observed), memory, at(100), policyOf(cell.kind));
    assert.equal(briefPlan(plan), row.expected, nameOf(cell));
    for (const [is, want] of noted({ memory }, plan)) assert.equal(is, want, nameOf(cell));
  }
});

test("without a startTime it runs from when the pod was accepted", () => {
  const limited = pod({ spec: { activeDeadlineSeconds: 60 } });
  check([
    {
      name: "passed",
      api: limited,
      backend: runs,
      memory: { accepted: at(40) },
      containers: { do: ["StopContainer a 30s"], why: "StopExpired" },
    },
    {
      name: "not yet",
      api: limited,
      backend: runs,
      memory: { accepted: at(40.001) },
      containers: { do: ["PatchPodStatus Running"], wake: 100.001, why: "runs" },
    },
  ]);
});

test("once it is being stopped, a wall clock that is set back does not start it again", () => {
  const now = { mono: 100_000, wall: at(20).wall };
  const cell = {
    kind: "containers",
    restartPolicy: "Always",
    deadline: "at 90 s",
    stop: "answered",
  } as const;
  for (const container of ["running", "exited 1 at 95 s"] as const) {
    const of = { ...cell, container };
    const plan = reconcilePod(
      present(podOf(of)),
      present(holds([seenOf(of)])),
      memoryOf(of),
      now,
      policyOf(cell.kind),
    );
    assert.is(plan.why, container === "running" ? "StopExpired" : "DeadlineExceeded", container);
  }
});

test.run();
