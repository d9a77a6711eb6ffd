import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { absent, present } from "../../core/seen.ts";
import { at, ended, preparing, running } from "../tools/containers.ts";
import { briefPlan, freeze, holds, owner, policyOf, remembered } from "../tools/pods.ts";
import { type Cell, coverageOf, nameOf } from "./cells.ts";
import { impossibleOrphans, type OrphanDimensions, orphanDimensions, orphanRows } from "./orphan_cells.ts";
import { check } from "./pod_case.ts";
import { noted } from "./pod_consequences.ts";

const test = suite("what the API does not have");

type OrphanCell = Cell<OrphanDimensions>;

const owners: Readonly<Record<OrphanCell["mark"], ObservedPod["owner"]>> = {
  ours: owner,
  "no mark, made by this process": undefined,
  "another node's": { ...owner, node: "other" },
  "another cluster's": { ...owner, cluster: "other" },
  "no mark": undefined,
};

const observedOf = ({ mark, container }: OrphanCell): ObservedPod => {
  const seen = { waiting: preparing("a"), running: running("a", 10), exited: ended("a", 1, 50) };
  return holds([seen[container]], { owner: owners[mark] });
};

const evidences: Readonly<Record<OrphanCell["evidence"], Partial<PodMemory>>> = {
  "new list": {},
  list: { gone: "list", goneSince: 70_001 },
  "old list": { gone: "list", goneSince: 70_000 },
  read: { gone: "confirmed", goneSince: 60_000 },
  event: { gone: "event", goneSince: 100_000 },
};

const memoryOf = ({ evidence, mark, call }: OrphanCell): PodMemory =>
  remembered({
    ...evidences[evidence],
    created: mark === "no mark, made by this process",
    apiOp: call === "in flight" ? "read" : undefined,
    api: call === "failed" ? { attempt: 1, notBefore: 100_500 } : { attempt: 0, notBefore: 0 },
  });

const table = coverageOf(orphanDimensions, orphanRows, impossibleOrphans);

test("every cell has its row, or cannot be", () => {
  assert.equal(table.problems, []);
});

test("the plan of every cell", () => {
  for (const { cell, row } of table.covered) {
    const [observed, memory] = [freeze(observedOf(cell)), freeze(memoryOf(cell))];
    const plan = reconcilePod(absent, present(observed), memory, at(100), policyOf(cell.kind));
    assert.equal(briefPlan(plan), row.expected, nameOf(cell));
    for (const [is, want] of noted({ memory }, plan)) assert.equal(is, want, nameOf(cell));
    assert.is(plan.memory.gone, memory.gone ?? "list", nameOf(cell));
    assert.is(plan.memory.goneSince, memory.goneSince ?? 100_000, nameOf(cell));
  }
});

test("a live read is made with rights that a node has, and names no UID that it could not know", () => {
  const memory = remembered({ gone: "list", goneSince: 0 });
  const observed = present(holds([running("a")]));
  const [action] = reconcilePod(absent, observed, memory, at(100), policyOf("pods")).actions;
  assert.equal(action, {
    _tag: "ReadPod",
    uid: "u-1",
    ref: { namespace: "shop", name: "web", uid: "u-1" },
    request: {
      method: "GET",
      path: "/api/v1/namespaces/shop/pods",
      query: { fieldSelector: "spec.nodeName=n,metadata.name=web" },
    },
  });
});

test("a removal that is under way", () => {
  const runs = holds([running("a")]);
  check([
    {
      name: "a deletion that was under way: its grace does not grow",
      api: "absent",
      backend: runs,
      memory: { gone: "event", kill: { at: 101_000, graceMs: 1000 } },
      pods: { do: ["DeletePod 1s"], why: "RemoveOrphan" },
      containers: { do: ["StopContainer a 1s"], why: "RemoveOrphan" },
    },
    {
      name: "its deletion was accepted",
      api: "absent",
      backend: runs,
      memory: {
        gone: "event",
        kill: { at: 101_000, graceMs: 2000 },
        deleteSent: { at: 99_000, until: 101_000 },
      },
      pods: { do: [], wake: 111, why: "RemoveOrphan" },
    },
  ]);
});

test.run();
