import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EmitEvent, NodeAction, Plan } from "../../core/action.ts";
import { canonicalJson } from "../../core/hash.ts";
import type { Node } from "../../core/kubernetes/node.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import type { NodeMemory } from "../../core/node/memory.ts";
import { recordNodeDone, recordNodeFault } from "../../core/node/outcome.ts";
import type { NodePolicy } from "../../core/node/policy.ts";
import { mergeFacts } from "../../core/node/describe.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import type { Seen } from "../../core/seen.ts";
import { anyFault } from "../arbitraries/fault.ts";
import { midSeconds, momentOf } from "../arbitraries/moment.ts";
import { anyForeignNodeOf } from "../arbitraries/node.ts";
import { anyNodeDescription, anyNodeFacts } from "../arbitraries/node_description.ts";
import { anyNodeMemory, anyNodePolicy } from "../arbitraries/node_memory.ts";
import { anySeen } from "../arbitraries/seen.ts";
import { freeze } from "../tools/pods.ts";

const test = suite("reconcileNode, any input");

interface Situation {
  readonly desired: NodeDescription;
  readonly observed: Seen<Node>;
  readonly memory: NodeMemory;
  readonly policy: NodePolicy;
}

type NodePlan = Plan<NodeMemory, NodeAction>;

const anySituation: fc.Arbitrary<Situation> = fc.record({
  desired: anyNodeDescription,
  observed: anySeen(anyForeignNodeOf("n")),
  memory: anyNodeMemory,
  policy: anyNodePolicy,
}, { noNullPrototype: true });

const now = momentOf(midSeconds);

const planOf = ({ desired, observed, memory, policy }: Situation, at = now): NodePlan =>
  reconcileNode(desired, observed, memory, at, policy);

const own = ({ actions }: NodePlan): readonly NodeAction[] =>
  actions.filter((action: NodeAction | EmitEvent): action is NodeAction => action._tag !== "EmitEvent");

const isWrite = ({ _tag }: NodeAction): boolean => /^(CreateNode|PatchNode|PatchNodeStatus)$/.test(_tag);
const isLease = ({ _tag }: NodeAction): boolean => /Lease$/.test(_tag);

const check = (judge: (plan: NodePlan, given: Situation) => void): void =>
  fc.assert(fc.property(anySituation, (given) => judge(planOf(given), given)));

test("pure: frozen input, and twice the same plan", () => {
  fc.assert(fc.property(anySituation, (given) => {
    assert.is(JSON.stringify(planOf(freeze(given))), JSON.stringify(planOf(given)));
  }));
});

test("promise 10: the lease comes first; of writes, renewals and pings one is in flight at most", () => {
  check((plan, { memory }) => {
    const actions = own(plan);
    assert.ok(actions.findIndex(isLease) <= 0);
    assert.ok(actions.filter(isWrite).length <= (memory.write === undefined ? 1 : 0), plan.why);
    assert.ok(actions.filter(isLease).length <= (memory.lease.sentAt === undefined ? 1 : 0), plan.why);
    assert.ok(
      actions.filter(({ _tag }) => _tag === "PingBackend").length <=
        (memory.ping.askedAt === undefined ? 1 : 0),
    );
  });
});

test("promise 3: of a node that is not known nothing is written, and none is created that is there", () => {
  check((plan, { observed }) => {
    const writes = own(plan).filter(isWrite).map(({ _tag }) => _tag);
    if (observed._tag === "Unknown") assert.equal(writes, []);
    if (observed._tag === "Present") assert.not(writes.includes("CreateNode"));
    if (observed._tag === "Absent") assert.ok(writes.every((tag) => tag === "CreateNode"), writes.join());
  });
});

test("idempotence, promise 8: a plan is not made again, and the next look is still to come", () => {
  check((plan, given) => {
    const again = planOf({ ...given, memory: plan.memory });
    assert.equal(again.actions, [], `${plan.why}, then ${again.why}`);
    const { wakeAt } = again;
    assert.ok(wakeAt === undefined || (wakeAt > now.mono && wakeAt < Infinity), `${again.why}: ${wakeAt}`);
  });
});

test("promise 7: whatever failed, however often: what is wanted is asked for again, and the lease soon", () => {
  fc.assert(fc.property(anySituation, anyFault, (given, fault) => {
    const plan = planOf(given);
    for (const action of own(plan)) {
      let memory = recordNodeFault(freeze(plan.memory), action, fault, now, given.policy);
      for (const other of own(plan)) {
        if (other !== action) memory = recordNodeDone(memory, other, now, given.policy);
      }
      let at = now, found = false;
      // a ping that is due now and then comes between
      for (let turn = 0; turn < 200 && !found; turn++) {
        const next = planOf({ ...given, memory }, at);
        found = own(next).some((other) => isLease(action) ? isLease(other) : other._tag === action._tag);
        memory = own(next).filter((other) => !isWrite(other) || !isWrite(action)).reduce(
          (before, other) => recordNodeDone(before, other, at, given.policy),
          next.memory,
        );
        // somebody who does not answer may be waited for, but not for ever
        if (own(next).length > 0 || next.wakeAt === undefined) {
          if (next.wakeAt === undefined && own(next).length === 0) return;
          continue;
        }
        at = { mono: next.wakeAt, wall: at.wall + next.wakeAt - at.mono };
      }
      const waited = at.mono - now.mono;
      if (isLease(action)) assert.ok(found && waited <= 10_000, `${action._tag} after ${waited} ms`);
      else assert.ok(found || waited > 300_000, `${action._tag} after ${fault._tag}: ${waited} ms`);
    }
  }));
});

test("facts of the back end are laid over the description, and gone with it: what it does not name stays", () => {
  fc.assert(fc.property(anyNodeDescription, anyNodeFacts, (description, first) => {
    const merged = mergeFacts(freeze(description), freeze(first));
    assert.is(canonicalJson(mergeFacts(description, {})), canonicalJson(description));
    assert.is(canonicalJson(mergeFacts(merged, first)), canonicalJson(merged), "twice is once");
    for (const [key, value] of Object.entries(first.labels ?? {})) assert.is(merged.labels[key], value);
    for (const [key, value] of Object.entries(description.labels)) {
      assert.is(merged.labels[key], first.labels?.[key] ?? value);
    }
    for (const { type } of description.conditions) {
      assert.ok(merged.conditions.some((one) => one.type === type));
    }
    const types = merged.conditions.map(({ type }) => type);
    assert.is(new Set(types).size, types.length);
  }));
});

test.run();
