import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { NodeMemory } from "../../core/node/memory.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import { freeze } from "../tools/pods.ts";
import { at } from "../tools/node_world.ts";
import { type Cell, cellsOf, coverageOf, fits, nameOf, rowOf } from "./cells.ts";
import {
  changeDimensions,
  eventDimensions,
  leaseDimensions,
  type NodeCell,
  nodeDimensions,
  type TurnDimensions,
  turnDimensions,
} from "./node_cells.ts";
import { type NodeGiven, nodeGivensOf, withLease } from "./node_given.ts";
import {
  changeRows,
  eventRows,
  impossibleChanges,
  impossibleTurns,
  leaseRows,
  type TurnRow,
  turnRows,
} from "./node_rows.ts";

const test = suite("reconcileNode, every cell");

test("every cell of every part has its row, or cannot be", () => {
  const problems = [
    ...coverageOf(leaseDimensions, leaseRows, []).problems,
    ...coverageOf(changeDimensions, changeRows, impossibleChanges).problems,
    ...coverageOf(turnDimensions, turnRows, impossibleTurns).problems,
    ...coverageOf(eventDimensions, eventRows, []).problems,
  ];
  assert.equal(problems.slice(0, 40), []);
});

/** Both clocks count from the same moment: all looks are at 5 s. */
const now = at(5_000);

interface Expected {
  readonly do: readonly string[];
  readonly wake: number | undefined;
  readonly why: string;
}

const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/** The pings: every 10 s, the first one at once, given up after 5 s. */
const pings: Readonly<Record<NodeCell["ping"], readonly [string[], number | undefined]>> = {
  off: [[], undefined],
  unasked: [["PingBackend"], 10],
  answered: [[], 9],
  failed: [[], 9],
  "failed, silent": [[], 9],
  "failed, ignored": [[], 9],
};

/** A quarter of a second after the fault at 4.9 s, and half a second where we are not let in, each less its jitter. */
const retries: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  failed: { create: 5.11, conditions: 5.095, status: 5.149, spec: 5.138, metadata: 5.122 },
  denied: { create: 5.321, conditions: 5.29, status: 5.398, spec: 5.375, metadata: 5.344 },
};

const aspectOf = (change: string): string => change.slice(0, change.indexOf(":"));

const tags: Readonly<Record<string, string>> = {
  create: "CreateNode",
  conditions: "PatchNodeStatus",
  status: "PatchNodeStatus",
  spec: "PatchNode",
  metadata: "PatchNode",
};

/** What happened to an older node of this name says nothing about this one. */
const writeOf = ({ object, write }: NodeCell): NodeCell["write"] =>
  object === "another" && write !== "in flight" ? "none" : write;

const turnOf = (cell: NodeCell, changes: readonly string[]): TurnRow | undefined => {
  const count = changes.length === 0 ? "none" : changes.length === 1 ? "one" : "more";
  const turn: Cell<TurnDimensions> = { changes: count, write: writeOf(cell) };
  return impossibleTurns.some(({ of }) => fits(of, turn)) ? undefined : rowOf(turnRows, turn);
};

/** The write of the object, by what it needs and whether it may be written. Undefined: the cell cannot be. */
const writeIn = (cell: NodeCell): Expected | undefined => {
  const { changes } = rowOf(changeRows, cell);
  const isThere = cell.object !== "unknown" && cell.object !== "absent";
  // a write in flight is looked at before anything else about the object
  if (cell.object !== "unknown" && cell.write === "in flight") {
    return { do: [], wake: undefined, why: "a write is in flight" };
  }
  if (typeof changes === "string") return { do: [], wake: undefined, why: changes };
  const row = turnOf(cell, changes);
  if (row === undefined) return undefined;
  const heartbeat = isThere && cell.heartbeat === "fresh" ? 300 : undefined;
  const [first = ""] = changes;
  const { turn, why, wake } = row;
  const change = turn === undefined ? undefined : changes[turn];
  if (change !== undefined) return { do: [tags[aspectOf(change)] ?? ""], wake: heartbeat, why: change };
  if (why === "in sync" && !isThere) return { do: [], wake: undefined, why: "stopping: not registered" };
  const retry = wake === "retry" ? retries[cell.write]?.[aspectOf(first)] : wake;
  const text = why === "held" ? `held back: ${first}` : why ?? "";
  return { do: [], wake: earliest(retry, heartbeat), why: text };
};

const warned = (cell: NodeCell): boolean => {
  const { changes } = rowOf(changeRows, cell);
  return cell.write === "refused" && typeof changes !== "string" && changes.length > 0;
};

/** The parts in their order: the lease before all else. */
const expectedOf = (cell: NodeCell): Expected | undefined => {
  if (impossibleChanges.some(({ of }) => fits(of, cell))) return undefined;
  const write = writeIn(cell);
  if (write === undefined) return undefined;
  const lease = rowOf(leaseRows, cell);
  const [ping, pingAt] = pings[cell.ping];
  const { event } = rowOf(eventRows, cell);
  return {
    do: [
      ...(lease.do === undefined ? [] : [lease.do]),
      ...ping,
      ...write.do,
      ...(warned(cell) ? ["Warning NodeWriteRefused"] : []),
      ...(event === undefined ? [] : [`Warning ${event}`]),
    ],
    wake: earliest(lease.wake, pingAt, write.wake),
    why: write.why,
  };
};

const textOf = ({ do: actions, wake, why }: Expected): string =>
  `${actions.join(", ") || "nothing"}; wake ${wake ?? "-"}; ${why}`;

/** What is in flight, by the memory after a plan, beside what its actions ask for. */
const inFlight = (
  actions: readonly string[],
  why: string,
  before: NodeMemory,
  after: NodeMemory,
): readonly unknown[][] => {
  const writes = actions.some((action) => action === "CreateNode" || action.startsWith("PatchNode"));
  const renews = actions.includes("RenewLease") || actions.includes("CreateLease");
  const pings = actions.includes("PingBackend");
  const { aspect, drift } = after.write?.change ?? {};
  return [
    [writes ? `${aspect}: ${drift}` : after.write, writes ? why : before.write],
    [after.lease.sentAt, renews ? now.mono : before.lease.sentAt],
    [after.ping.askedAt, pings ? now.mono : before.ping.askedAt],
    [after.warnings, []],
  ];
};

const wrongIn = (given: NodeGiven, expected: Expected): string | undefined => {
  const { desired, observed, memory, policy } = freeze(given);
  const plan = reconcileNode(desired, observed, memory, now, policy);
  const actions = plan.actions.map((action) =>
    action._tag === "EmitEvent" ? `${action.type} ${action.reason}` : action._tag
  );
  const wake = plan.wakeAt === undefined ? undefined : plan.wakeAt / 1000;
  const [is, want] = [textOf({ do: actions, wake, why: plan.why }), textOf(expected)];
  if (is !== want) return `${is}\n  wanted: ${want}`;
  const wrong = inFlight(actions, plan.why, memory, plan.memory).filter(([found, wanted]) =>
    JSON.stringify(found) !== JSON.stringify(wanted)
  );
  return wrong.length === 0 ? undefined : JSON.stringify(wrong);
};

/** The cells that differ only in their lease, each with what it is given. Every fault is tried with a fresh one. */
const looksAt = (cell: NodeCell): readonly (readonly [NodeCell, readonly NodeGiven[]])[] => {
  const givens = nodeGivensOf(cell);
  return leaseDimensions.lease.map((lease) => [
    { ...cell, lease },
    (lease === "fresh" ? givens : givens.slice(0, 1)).map((given) => withLease(given, lease)),
  ]);
};

/** What is wrong in the cells of an object and a lifecycle. */
const wrongOf = (object: NodeCell["object"], lifecycle: NodeCell["lifecycle"]): readonly string[] => {
  const wrong: string[] = [];
  const cells = cellsOf({ ...nodeDimensions, object: [object], lifecycle: [lifecycle], lease: ["fresh"] });
  for (const cell of cells as readonly NodeCell[]) {
    if (expectedOf(cell) === undefined) continue;
    for (const [each, givens] of looksAt(cell)) {
      const expected = expectedOf(each);
      if (expected === undefined) continue;
      for (const given of givens) {
        const text = wrongIn(given, expected);
        if (text !== undefined) wrong.push(`${nameOf(each)}: ${text}`);
      }
    }
    if (wrong.length > 20) break;
  }
  return wrong;
};

// each: the plan is made of its parts, and what it asks for is remembered as in flight
for (const object of nodeDimensions.object) {
  for (const lifecycle of nodeDimensions.lifecycle) {
    test(`every cell of ${object}, ${lifecycle}`, () => {
      const wrong = wrongOf(object, lifecycle);
      assert.is(wrong.length, 0, wrong.join("\n"));
    });
  }
}

test.run();
