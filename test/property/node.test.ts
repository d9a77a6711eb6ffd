import fc, { share } from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Fault } from "../../core/fault.ts";
import type { Node } from "../../core/kubernetes/node.ts";
import { sameQuantity } from "../../core/kubernetes/quantity.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import { emptyNodeMemory } from "../../core/node/memory.ts";
import { recordNodeDone, recordNodeFault } from "../../core/node/outcome.ts";
import { defaultNodePolicy } from "../../core/node/policy.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import { absent, present, unknown } from "../../core/seen.ts";
import { anyFault } from "../arbitraries/fault.ts";
import { anyForeignNodeOf, anyNodeConditions } from "../arbitraries/node.ts";
import { anyNodeDescriptionOf } from "../arbitraries/node_description.ts";
import { freeze } from "../tools/pods.ts";
import { at, type Done, type Outcome, run, tags, writes } from "../tools/node_world.ts";

const test = suite("properties of reconcileNode");

const description = anyNodeDescriptionOf("n1");
const foreignNode = anyForeignNodeOf("n1");

/** Each run is minutes or hours of a node's life. */
const lives = share(0.1);

const lastOf = (outcome: Outcome): Node => {
  assert.ok(outcome.node !== undefined, "the node is there");
  return outcome.node as Node;
};

/** Nothing is left to be written, even for somebody who remembers nothing. */
const isSettled = (desired: NodeDescription, node: Node, mono: number): void => {
  const plan = reconcileNode(desired, present(node), emptyNodeMemory, at(mono));
  const left = plan.actions.filter((action) =>
    action._tag === "PatchNode" || action._tag === "PatchNodeStatus"
  );
  assert.equal(left.map((action) => JSON.stringify(action)), [], plan.why);
};

test("pure: frozen input, equal output", () => {
  const seen = fc.oneof(fc.constant(unknown), fc.constant(absent), foreignNode.map(present));
  fc.assert(
    fc.property(description, seen, fc.nat(1_000_000), fc.boolean(), (desired, observed, mono, ping) => {
      const policy = freeze({ ...defaultNodePolicy, ping });
      let memory = freeze({ ...emptyNodeMemory });
      for (let turn = 0; turn < 4; turn++) {
        const now = freeze(at(mono + turn));
        const plan = reconcileNode(freeze(desired), freeze(observed), memory, now, policy);
        assert.equal(reconcileNode(desired, observed, memory, now, policy), plan);
        // what was compared before only spares the comparison
        assert.equal(reconcileNode(desired, observed, { ...memory, inSync: undefined }, now, policy), plan);
        memory = freeze(plan.memory);
        const fault: Fault = freeze({ _tag: "Unavailable", message: "down" });
        for (const action of freeze(plan.actions)) {
          if (action._tag === "EmitEvent") continue;
          memory = freeze(
            turn % 2 === 0
              ? recordNodeFault(memory, action, fault, now, policy)
              : recordNodeDone(memory, action, now, policy),
          );
        }
      }
    }),
  );
});

test("fixpoint: one round of writes settles, from nothing and from a foreign node", () => {
  const start = fc.option(foreignNode, { nil: undefined });
  fc.assert(
    fc.property(description, start, (desired, node) => {
      if (node === undefined && desired.lifecycle !== "running") return;
      const outcome = run({ desired: () => desired, node, until: 5_000 });
      isSettled(desired, lastOf(outcome), 5_000);
      assert.ok(writes(outcome).length <= (node === undefined ? 1 : 5), tags(outcome).join(" "));
    }),
  );
});

test("a change of what is desired arrives at once, with lost memory too", () => {
  fc.assert(
    fc.property(description, description, fc.boolean(), (first, second, forget) => {
      const one = { ...first, lifecycle: "running" as const };
      const before = run({ desired: () => one, until: 1_000 });
      const memory = forget ? emptyNodeMemory : before.memory;
      const after = run({ desired: () => second, node: lastOf(before), memory, until: 0 });
      isSettled(second, lastOf(after), 0);
      assert.ok(writes(after).length <= 5, tags(after).join(" "));
    }),
  );
});

const names = (items: readonly { readonly type: string }[] | undefined): readonly string[] =>
  (items ?? []).map((item) => item.type);

test("foreign parts survive a life and a change; what was ours and is not wanted is gone", () => {
  fc.assert(
    fc.property(foreignNode, description, description, (foreign, first, second) => {
      const one = run({ desired: () => first, node: foreign, until: 1_000 });
      const last = lastOf(run({ desired: () => second, node: lastOf(one), until: 1_000 }));
      const maps = [
        [foreign.metadata.labels, last.metadata.labels, first.labels, second.labels],
        [foreign.metadata.annotations, last.metadata.annotations, first.annotations, second.annotations],
        [foreign.status.capacity, last.status.capacity, first.capacity, second.capacity],
        [
          foreign.status.allocatable,
          last.status.allocatable,
          first.allocatable ?? first.capacity,
          second.allocatable ?? second.capacity,
        ],
      ] as const;
      for (const [theirs, now, was, is] of maps) {
        for (const [name, text] of Object.entries(theirs ?? {})) {
          if (name in was || name in is) continue;
          assert.ok(sameQuantity(now?.[name] ?? "", text), `${name} was theirs`);
        }
        // the API server fills an empty allocatable with the capacity
        const filled = now === last.status.allocatable ? last.status.capacity ?? {} : {};
        for (const name of Object.keys(was)) {
          if (!(name in filled)) assert.is(name in (now ?? {}), name in is, `${name} was ours`);
        }
      }
      const taintsNow = (last.spec.taints ?? []).map((item) => `${item.key}:${item.effect}`);
      const taintNames = (desired: NodeDescription) =>
        desired.taints.map((item) => `${item.key}:${item.effect}`);
      for (const item of foreign.spec.taints ?? []) {
        const name = `${item.key}:${item.effect}`;
        if (taintNames(first).includes(name) || taintNames(second).includes(name)) continue;
        assert.equal(last.spec.taints?.find((other) => `${other.key}:${other.effect}` === name), item);
      }
      for (const name of taintNames(first)) {
        assert.is(taintsNow.includes(name), taintNames(second).includes(name), `taint ${name} was ours`);
      }
      for (const item of foreign.status.conditions ?? []) {
        if (names([...first.conditions, ...second.conditions, { type: "Ready" }]).includes(item.type)) {
          continue;
        }
        assert.equal(last.status.conditions?.find((other) => other.type === item.type), item);
      }
      for (const type of names(first.conditions)) {
        const wanted = names([...second.conditions, { type: "Ready" }]).includes(type);
        assert.is(names(last.status.conditions).includes(type), wanted, `condition ${type} was ours`);
      }
      if (foreign.spec.unschedulable === true) assert.is(last.spec.unschedulable, true, "their cordon stays");
      else assert.is(last.spec.unschedulable ?? false, second.lifecycle !== "running", "ours comes and goes");
    }),
  );
});

test("lastTransitionTime moves if and only if the status does", () => {
  fc.assert(
    fc.property(fc.array(anyNodeConditions, { minLength: 1, maxLength: 5 }), description, (series, base) => {
      const running = { ...base, lifecycle: "running" as const };
      const outcome = run({
        desired: (mono) => {
          const step = Math.min(Math.floor(mono / 20_000), series.length - 1);
          return { ...running, conditions: series[step] ?? [] };
        },
        looks: series.map((_conditions, index) => index * 20_000),
        until: 700_000,
      });
      for (let step = 1; step < outcome.history.length; step++) {
        const was = outcome.history[step - 1]?.node?.status.conditions ?? [];
        for (const now of outcome.history[step]?.node?.status.conditions ?? []) {
          const old = was.find((other) => other.type === now.type);
          if (old === undefined) continue;
          assert.is(
            old.lastTransitionTime !== now.lastTransitionTime,
            old.status !== now.status,
            `${now.type} ${old.status} -> ${now.status}`,
          );
        }
      }
    }),
    lives,
  );
});

const hour = 3_600_000;
const isWrite = (done: Done): boolean => /^(CreateNode|PatchNode|PatchNodeStatus)$/.test(done.action._tag);
const isLease = (done: Done): boolean => /Lease$/.test(done.action._tag);

/** Conditions only: a heartbeat, or a repair of conditions. */
const isHeartbeat = (done: Done): boolean => {
  if (done.action._tag !== "PatchNodeStatus") return false;
  const { status } = done.action.request.body as { readonly status: object };
  return Object.keys(status).join() === "conditions";
};

test("no hot loop under a fault that never ends, whichever it is and whatever it hits", () => {
  const start = fc.option(foreignNode, { nil: undefined });
  fc.assert(
    fc.property(description, start, anyFault, anyFault, (desired, node, nodeFault, leaseFault) => {
      const outcome = run({
        desired: () => ({ ...desired, lifecycle: "running" }),
        node,
        policy: { ping: true },
        fault: (action) => {
          if (action._tag === "PingBackend") return { fault: { _tag: "Unavailable", message: "down" } };
          return { fault: /Lease/.test(action._tag) ? leaseFault : nodeFault };
        },
        until: hour,
      });
      const sent = outcome.log.filter(isWrite).length;
      const leases = outcome.log.filter(isLease).length;
      const pings = tags(outcome).filter((tag) => tag === "PingBackend").length;
      // five aspects, each at least 15 s x 0.75 apart once its back-off has grown; the lease 7 s
      assert.ok(sent <= 5 * 340, `${sent} writes with ${nodeFault._tag}`);
      assert.ok(leases <= 540, `${leases} lease requests with ${leaseFault._tag}`);
      assert.ok(pings <= 361, `${pings} pings`);
      const refused = nodeFault._tag === "Forbidden" || nodeFault._tag === "Rejected";
      if (refused) assert.ok(sent <= 5 * 13, `${sent} writes of what is refused`);
      const warned = outcome.log.filter((done) => done.action._tag === "EmitEvent").length;
      assert.ok(warned <= 6, `${warned} events`);
    }),
    lives,
  );
});

test("two writers: repairs are bounded, and the first is at once", () => {
  const meddling: readonly ((node: Node) => Node)[] = [
    (node) => ({
      ...node,
      status: {
        ...node.status,
        conditions: node.status.conditions?.map((item) =>
          item.type === "Ready" ? { ...item, status: "False" } : item
        ),
      },
    }),
    (node) => ({ ...node, metadata: { ...node.metadata, labels: {} } }),
    (node) => ({ ...node, spec: { ...node.spec, taints: [] } }),
    (node) => ({ ...node, status: { ...node.status, capacity: {}, addresses: [] } }),
  ];
  const period = 200;
  fc.assert(
    fc.property(description, fc.constantFrom(...meddling), (desired, meddle) => {
      const others = Array.from({ length: 3_000 }, (_value, index) => ({
        at: 1_000 + index * period,
        change: (node: Node | undefined) => node === undefined ? node : meddle(node),
      }));
      const outcome = run({ desired: () => ({ ...desired, lifecycle: "running" }), others, until: 601_000 });
      const repairs = writes(outcome).filter((done) => done.at > 0);
      assert.ok(repairs.length <= 60, `${repairs.length} writes in ten minutes`);
      if (repairs.some((done) => !isHeartbeat(done))) assert.is(repairs[0]?.at, 1_000);
    }),
    lives,
  );
});

test("a node that is deleted again and again is registered again, ever slower, and at once after peace", () => {
  const others = Array.from({ length: 500 }, (_value, index) => ({
    at: 1_000 + index * 1_000,
    change: () => undefined,
  }));
  const later = { at: 2_000_000, change: () => undefined };
  fc.assert(
    fc.property(description, (desired) => {
      const outcome = run({
        desired: () => ({ ...desired, lifecycle: "running" }),
        others: [...others, later],
        until: 2_100_000,
      });
      const created = outcome.log.filter((done) => done.action._tag === "CreateNode").map((done) => done.at);
      assert.equal(created.slice(0, 2), [0, 1_000]);
      assert.ok(created.length >= 10 && created.length <= 40, `${created.length} registrations`);
      assert.is(created[created.length - 1], 2_000_000);
      isSettled({ ...desired, lifecycle: "running" }, lastOf(outcome), 2_100_000);
    }),
    lives,
  );
});

test("the lease: first of all, every 10 s, and no later than its back-off while it fails", () => {
  const outages = fc.array(fc.record({ from: fc.nat(600_000), ms: fc.nat(60_000), fault: anyFault }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(description, foreignNode, outages, (desired, node, down) => {
      const outcome = run({
        desired: () => ({ ...desired, lifecycle: "running" }),
        node,
        fault: (_action, mono) => {
          const outage = down.find((one) => mono >= one.from && mono < one.from + one.ms);
          return outage === undefined ? undefined : { fault: outage.fault };
        },
        until: 700_000,
      });
      assert.match(outcome.log[0]?.action._tag ?? "", /Lease$/);
      const leases = outcome.log.filter(isLease);
      for (let index = 1; index < leases.length; index++) {
        const [was, is] = [leases[index - 1], leases[index]];
        const gap = (is?.at ?? 0) - (was?.at ?? 0);
        assert.ok(gap <= 10_000, `${gap} ms after ${was?.fault?._tag ?? "a success"}`);
      }
      for (const [index, done] of outcome.log.entries()) {
        if (isLease(done)) {
          assert.is.not(outcome.log[index - 1]?.plan, done.plan, "the lease is first in its plan");
        }
      }
      assert.ok((leases[leases.length - 1]?.at ?? 0) >= 690_000);
    }),
    lives,
  );
});

test("after faults of every kind, lost answers and a late watch, all is as wanted within half a minute", () => {
  const bad = fc.array(
    fc.record({ every: fc.integer({ min: 1, max: 4 }), fault: anyFault, done: fc.boolean() }),
    {
      maxLength: 4,
    },
  );
  const start = fc.option(foreignNode, { nil: undefined });
  fc.assert(
    fc.property(description, start, bad, fc.constantFrom(0, 50, 3_000), (desired, node, faults, lagMs) => {
      const running = { ...desired, lifecycle: "running" as const };
      let count = 0;
      const outcome = run({
        desired: () => running,
        node,
        lagMs,
        unknownUntil: 500,
        fault: (_action, mono) => {
          if (mono > 60_000) return undefined;
          const hit = faults.find((one) => ++count % one.every === 0);
          return hit === undefined ? undefined : hit;
        },
        until: 60_000 + 300_000 + 75_000,
      });
      isSettled(running, lastOf(outcome), outcome.end);
      const created = outcome.log.filter((done) =>
        done.action._tag === "CreateNode" && done.fault === undefined
      );
      assert.ok(created.length <= (node === undefined ? 1 : 0), `${created.length} registrations`);
      const refused = faults.some((one) => /Forbidden|Rejected|Unsupported|Un/.test(one.fault._tag));
      const late = writes(outcome).filter((done) => done.at > 95_000);
      if (!refused) {
        // only heartbeats are left; what was refused may come later
        assert.equal(late.filter((done) => !isHeartbeat(done)).map((done) => done.at), []);
      }
    }),
    lives,
  );
});

test("at rest: one write of the node in five minutes, one lease renewal in ten seconds, nothing else", () => {
  fc.assert(
    fc.property(description, (desired) => {
      const outcome = run({ desired: () => ({ ...desired, lifecycle: "running" }), until: hour - 1 });
      const counts = new Map<string, number>();
      for (const tag of tags(outcome)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      assert.equal([...counts].sort(), [
        ["CreateLease", 1],
        ["CreateNode", 1],
        ["PatchNodeStatus", 11],
        ["RenewLease", 360],
      ]);
    }),
    lives,
  );
});

test.run();
