// What an answer to a renewal of the lease leads to. Rules: Nodes, "Node heartbeats" (renewed every 10 s); the kubelet tries
// again after 200 ms, then twice as long up to 7 s, and creates a lease that is missing.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { NodeAction } from "../../core/action.ts";
import type { Fault, FaultTag } from "../../core/fault.ts";
import { planLease } from "../../core/node/lease.ts";
import { emptyNodeMemory, type NodeMemory } from "../../core/node/memory.ts";
import { recordNodeDone, recordNodeFault } from "../../core/node/outcome.ts";
import { defaultNodePolicy } from "../../core/node/policy.ts";
import { at } from "../tools/node_world.ts";
import { type Cell, coverageOf, type Covering, nameOf, within } from "./cells.ts";
import { faultOf } from "./pod_last_call.ts";

const test = suite("answers to renewals of the lease");

const dimensions = {
  call: ["RenewLease", "CreateLease"],
  answer: ["done", "missing", "retry in 3 s", "retry in 60 s", "failed"],
  /** Failures in a row before this one. */
  failures: ["0", "1", "5", "9"],
  /** The last renewal had found none either. */
  missing: ["no", "yes"],
} as const;

type Dimensions = typeof dimensions;
type AnswerCell = Cell<Dimensions>;

/** Of other faults than those, every one has the same effect. */
const failedTags: readonly FaultTag[] = [
  "Conflict",
  "AlreadyExists",
  "Gone",
  "Unauthorized",
  "Forbidden",
  "Unavailable",
  "OutcomeUnknown",
  "Rejected",
  "Unsupported",
  "Undecodable",
];

interface Row extends Covering<Dimensions> {
  /** Seconds; it was sent at 1 s, and answered at 2 s. */
  readonly nextAt: number;
  readonly missing: boolean;
  readonly failures: number;
}

const of = within<Dimensions, Row>;

const rows: readonly Row[] = [
  // the next one counts from when this one was sent
  { of: { answer: "done" }, nextAt: 11, missing: false, failures: 0 },
  // it is created at once, and where that does not help, with back-off
  ...of({ answer: "missing", missing: "no" }, [
    { of: { failures: "0" }, nextAt: 2, missing: true, failures: 1 },
    { of: { failures: "1" }, nextAt: 2, missing: true, failures: 2 },
    { of: { failures: "5" }, nextAt: 2, missing: true, failures: 6 },
    { of: { failures: "9" }, nextAt: 2, missing: true, failures: 10 },
  ]),
  ...of({ answer: "missing", missing: "yes" }, [
    { of: { failures: "0" }, nextAt: 2.2, missing: true, failures: 1 },
    { of: { failures: "1" }, nextAt: 2.4, missing: true, failures: 2 },
    { of: { failures: "5" }, nextAt: 8.4, missing: true, failures: 6 },
    { of: { failures: "9" }, nextAt: 9, missing: true, failures: 10 },
  ]),
  ...of({ answer: "failed" }, [
    { of: { failures: "0" }, nextAt: 2.2, missing: false, failures: 1 },
    { of: { failures: "1" }, nextAt: 2.4, missing: false, failures: 2 },
    { of: { failures: "5" }, nextAt: 8.4, missing: false, failures: 6 },
    { of: { failures: "9" }, nextAt: 9, missing: false, failures: 10 },
  ]),
  ...of({ answer: "retry in 3 s" }, [
    { of: { failures: "0" }, nextAt: 5, missing: false, failures: 1 },
    { of: { failures: "1" }, nextAt: 5, missing: false, failures: 2 },
    { of: { failures: "5" }, nextAt: 8.4, missing: false, failures: 6 },
    { of: { failures: "9" }, nextAt: 9, missing: false, failures: 10 },
  ]),
  // waiting for longer than a period would make the node look dead
  ...of({ answer: "retry in 60 s" }, [
    { of: { failures: "0" }, nextAt: 12, missing: false, failures: 1 },
    { of: { failures: "1" }, nextAt: 12, missing: false, failures: 2 },
    { of: { failures: "5" }, nextAt: 12, missing: false, failures: 6 },
    { of: { failures: "9" }, nextAt: 12, missing: false, failures: 10 },
  ]),
];

const faultsOf = (answer: AnswerCell["answer"]): readonly Fault[] => {
  switch (answer) {
    case "done":
      return [];
    case "missing":
      return [faultOf("NotFound")];
    case "retry in 3 s":
      return [faultOf("Throttled")];
    case "retry in 60 s":
      return [{ _tag: "Throttled", message: "no", retryAfterMs: 60_000 }];
    case "failed":
      return [...failedTags.map(faultOf), { _tag: "Throttled", message: "no", retryAfterMs: undefined }];
  }
};

const memoriesOf = ({ call, answer, failures, missing }: AnswerCell): readonly NodeMemory["lease"][] => {
  const memory: NodeMemory = {
    ...emptyNodeMemory,
    lease: { sentAt: 1_000, nextAt: undefined, missing: missing === "yes", failures: Number(failures) },
  };
  const action: NodeAction = { _tag: call, request: { method: "PATCH", path: "/" } };
  return answer === "done"
    ? [recordNodeDone(memory, action, at(2_000)).lease]
    : faultsOf(answer).map((fault) => recordNodeFault(memory, action, fault, at(2_000)).lease);
};

const table = coverageOf(dimensions, rows, []);

test("every cell has its row", () => {
  assert.equal(table.problems, []);
});

test("every answer", () => {
  for (const { cell, row: { nextAt, missing, failures } } of table.covered) {
    for (const memory of memoriesOf(cell)) {
      assert.equal(memory, { sentAt: undefined, nextAt: nextAt * 1000, missing, failures }, nameOf(cell));
    }
  }
});

test("an answer is waited for no longer than a period", () => {
  const policy = { ...defaultNodePolicy, leaseRenewMs: 7_000 };
  const owner = { name: "n", uid: "u" };
  for (const missing of [false, true]) {
    const { actions } = planLease(owner, true, { ...emptyNodeMemory.lease, missing }, at(0), policy);
    assert.equal(
      actions.map((action) => [action._tag, "request" in action && action.request.timeoutMs]),
      [[missing ? "CreateLease" : "RenewLease", 7_000]],
    );
  }
});

test.run();
