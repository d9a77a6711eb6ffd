// A virtual node, its API server and its back end on a virtual clock: every action of the reconciler is carried out
// at once, but for what `fault` says.
import type { EmitEvent, NodeAction } from "../../core/action.ts";
import type { Fault } from "../../core/fault.ts";
import type { Node } from "../../core/kubernetes/node.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import { emptyNodeMemory, type NodeMemory } from "../../core/node/memory.ts";
import { recordNodeDone, recordNodeFault } from "../../core/node/outcome.ts";
import { defaultNodePolicy, type NodePolicy } from "../../core/node/policy.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import { absent, present, type Seen, unknown } from "../../core/seen.ts";
import type { Millis, Now } from "../../core/time.ts";
import { applyToNode, isFault } from "./node_api.ts";

export const epoch: Millis = Date.UTC(2026, 0, 1);

export const at = (mono: Millis): Now => ({ mono, wall: epoch + mono });

export type Action = NodeAction | EmitEvent;

export interface Done {
  readonly at: Millis;
  /** Which plan it was part of. */
  readonly plan: number;
  readonly action: Action;
  readonly fault: Fault | undefined;
}

export interface World {
  readonly desired: (mono: Millis) => NodeDescription;
  readonly policy?: Partial<NodePolicy>;
  readonly node?: Node;
  readonly memory?: NodeMemory;
  /** Until when nothing is known of the node. */
  readonly unknownUntil?: Millis;
  /** How late the watch is. */
  readonly lagMs?: Millis;
  /** Answers an action in the place of the server. `done`: it was carried out all the same. */
  readonly fault?: (action: NodeAction, mono: Millis) => { fault: Fault; done?: boolean } | undefined;
  /** What others do, in order of time. */
  readonly others?: readonly { at: Millis; change: (node: Node | undefined) => Node | undefined }[];
  /** When there is something else to look at, such as a change of what is desired. */
  readonly looks?: readonly Millis[];
  readonly until: Millis;
}

export interface Outcome {
  readonly node: Node | undefined;
  readonly memory: NodeMemory;
  readonly log: readonly Done[];
  readonly history: readonly { at: Millis; node: Node | undefined }[];
  readonly end: Millis;
}

const maxPerInstant = 60;

class Hot extends Error {}

/** Runs until nothing is left to be done, or the time is over. Throws when an instant never ends. */
export const run = (world: World): Outcome => {
  const policy = { ...defaultNodePolicy, ...world.policy };
  const log: Done[] = [];
  const history: { at: Millis; node: Node | undefined }[] = [{ at: -Infinity, node: world.node }];
  const others = [...world.others ?? []];
  let memory = world.memory ?? emptyNodeMemory;
  let lease = false;
  let version = Math.max(1000, Number(world.node?.metadata.resourceVersion ?? 0));
  let plans = 0;
  let mono = 0;
  const current = (): Node | undefined => history[history.length - 1]?.node;
  const set = (node: Node | undefined): void => {
    if (node !== current()) history.push({ at: mono, node });
  };
  const seen = (): Seen<Node> => {
    if (mono < (world.unknownUntil ?? 0)) return unknown;
    const shown = history.findLast((entry) => entry.at <= mono - (world.lagMs ?? 0))?.node;
    return shown === undefined ? absent : present(shown);
  };
  const carryOut = (action: NodeAction): Fault | undefined => {
    switch (action._tag) {
      case "PingBackend":
        return undefined;
      case "RenewLease":
        return lease ? undefined : { _tag: "NotFound", message: "no lease" };
      case "CreateLease": {
        const before = lease;
        lease = true;
        return before ? { _tag: "AlreadyExists", message: "lease" } : undefined;
      }
      default: {
        const result = applyToNode(current(), action.request, ++version, at(mono));
        if (isFault(result)) return result;
        set(result);
        return undefined;
      }
    }
  };
  const perform = (action: Action): void => {
    if (action._tag === "EmitEvent") {
      log.push({ at: mono, plan: plans, action, fault: undefined });
      return;
    }
    const forced = world.fault?.(action, mono);
    const fault = forced === undefined || forced.done ? carryOut(action) ?? forced?.fault : forced.fault;
    log.push({ at: mono, plan: plans, action, fault });
    memory = fault === undefined
      ? recordNodeDone(memory, action, at(mono), policy)
      : recordNodeFault(memory, action, fault, at(mono), policy);
  };
  while (mono <= world.until) {
    while (others[0] !== undefined && others[0].at <= mono) {
      const before = current();
      const after = others.shift()?.change(before);
      set(
        after === undefined || after === before
          ? after
          : { ...after, metadata: { ...after.metadata, resourceVersion: String(++version) } },
      );
    }
    let wakeAt: Millis | undefined;
    for (let turn = 0;; turn++) {
      const plan = reconcileNode(world.desired(mono), seen(), memory, at(mono), policy);
      plans++;
      memory = plan.memory;
      wakeAt = plan.wakeAt;
      if (plan.actions.length === 0) break;
      if (turn > maxPerInstant) throw new Hot(`hot loop at ${mono} ms: ${plan.why}`);
      plan.actions.forEach(perform);
    }
    const lag = world.lagMs ?? 0;
    const arrivals = lag === 0 ? [] : history.map((entry) => entry.at + lag);
    const times = [wakeAt, others[0]?.at, world.unknownUntil, ...arrivals, ...world.looks ?? []];
    const next = Math.min(...times.filter((time) => time !== undefined && time > mono) as number[]);
    if (wakeAt !== undefined && wakeAt <= mono) throw new Hot(`wakes in the past at ${mono} ms`);
    if (next === Infinity) break;
    mono = next;
  }
  return { node: current(), memory, log, history, end: Math.min(mono, world.until) };
};

/** The tags of what was sent, events aside. */
export const tags = (outcome: Outcome): readonly string[] =>
  outcome.log.filter((done) => done.action._tag !== "EmitEvent").map((done) => done.action._tag);

const nodeWrites: ReadonlySet<string> = new Set(["CreateNode", "PatchNode", "PatchNodeStatus"]);

/** The writes of the node object. */
export const writes = (outcome: Outcome): readonly Done[] =>
  outcome.log.filter((done) => nodeWrites.has(done.action._tag));

export const events = (outcome: Outcome): readonly EmitEvent[] =>
  outcome.log.flatMap((done) => done.action._tag === "EmitEvent" ? [done.action] : []);
