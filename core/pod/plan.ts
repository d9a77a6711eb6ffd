import type { EmitEvent, Plan, PodAction } from "../action.ts";
import type { ObjectRef } from "../kubernetes/meta.ts";
import { earlier, type Millis } from "../time.ts";
import type { BackendOp, PodMemory } from "./memory.ts";
import type { PodWhy } from "./why.ts";

/** What the pod reconciler wants. */
export type PodPlan = Plan<PodMemory, PodAction, PodWhy>;

/** Nothing to do now. */
export const rest = (memory: PodMemory, why: PodWhy, wakeAt?: Millis): PodPlan => ({
  actions: [],
  memory,
  wakeAt,
  why,
});

/** The plan with an operation of the back end added, and noted as being in flight. */
export const withOp = (plan: PodPlan, action: PodAction, op: BackendOp): PodPlan => ({
  ...plan,
  actions: [...plan.actions, action],
  memory: { ...plan.memory, ops: [...plan.memory.ops, op] },
});

/** The plan with one request to the API added; there is never more than one of a pod in flight. */
export const withApiOp = (
  plan: PodPlan,
  action: PodAction,
  op: NonNullable<PodMemory["apiOp"]>,
): PodPlan => ({
  ...plan,
  actions: [...plan.actions, action],
  memory: { ...plan.memory, apiOp: op },
});

/** The plan with an Event about the pod added. */
export const withEvent = (
  plan: PodPlan,
  ref: ObjectRef,
  type: EmitEvent["type"],
  reason: string,
  message: string,
): PodPlan => ({
  ...plan,
  actions: [...plan.actions, { _tag: "EmitEvent", about: { kind: "Pod", ref }, type, reason, message }],
});

/** The plan, to be looked at again at `at` at the latest. */
export const wakeBy = (plan: PodPlan, at: Millis | undefined): PodPlan => ({
  ...plan,
  wakeAt: earlier(plan.wakeAt, at),
});

/** The plan under another reason. */
export const because = (plan: PodPlan, why: PodWhy): PodPlan => ({ ...plan, why });
