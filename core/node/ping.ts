import type { NodeAction, Plan } from "../action.ts";
import type { Fault } from "../fault.ts";
import type { Millis, Now } from "../time.ts";
import type { NodePolicy } from "./policy.ts";

/** What is remembered of pings. Times are `mono`. */
export interface PingMemory {
  /** The ping that has not been answered. */
  readonly askedAt: Millis | undefined;
  readonly nextAt: Millis | undefined;
  readonly last: "none" | "answered" | "failed";
  /** Of the first failure in a row: a text that changes with each would be a write each. */
  readonly message: string;
}

export const emptyPingMemory: PingMemory = {
  askedAt: undefined,
  nextAt: undefined,
  last: "none",
  message: "",
};

/** What the pings say. `Unasked`: there is no answer yet. */
export type Health =
  | { readonly _tag: "Healthy" }
  | { readonly _tag: "Unasked" }
  | { readonly _tag: "Failing"; readonly message: string };

const healthy: Health = { _tag: "Healthy" };
const unasked: Health = { _tag: "Unasked" };

export const healthOf = (memory: PingMemory, policy: NodePolicy): Health => {
  if (!policy.ping || policy.onPingFailure === "ignore" || memory.last === "answered") {
    return healthy;
  }
  return memory.last === "none" ? unasked : { _tag: "Failing", message: memory.message };
};

const maxMessage = 1024;

const failed = (memory: PingMemory, message: string): PingMemory => ({
  ...memory,
  last: "failed",
  message: memory.last === "failed" ? memory.message : message.slice(0, maxMessage),
});

export type PingPlan = Omit<Plan<PingMemory, NodeAction>, "why">;

/** Asks when it is time; never asks again before the last question was answered or given up. */
export const planPing = (memory: PingMemory, now: Now, policy: NodePolicy): PingPlan => {
  if (!policy.ping) return { actions: [], memory, wakeAt: undefined };
  if (memory.askedAt !== undefined) {
    const deadline = memory.askedAt + policy.pingTimeoutMs;
    if (now.mono < deadline) return { actions: [], memory, wakeAt: deadline };
    const message = `the back end has not answered a ping for ${policy.pingTimeoutMs} ms`;
    return { actions: [], memory: failed(memory, message), wakeAt: undefined };
  }
  if (memory.nextAt !== undefined && now.mono < memory.nextAt) {
    return { actions: [], memory, wakeAt: memory.nextAt };
  }
  return {
    actions: [{ _tag: "PingBackend" }],
    memory: { ...memory, askedAt: now.mono },
    wakeAt: now.mono + policy.pingTimeoutMs,
  };
};

const asked = (memory: PingMemory, now: Now, policy: NodePolicy): PingMemory => ({
  ...memory,
  askedAt: undefined,
  nextAt: now.mono + policy.pingPeriodMs,
});

export const pingAnswered = (memory: PingMemory, now: Now, policy: NodePolicy): PingMemory => ({
  ...asked(memory, now, policy),
  last: "answered",
  message: "",
});

export const pingFailed = (memory: PingMemory, fault: Fault, now: Now, policy: NodePolicy): PingMemory =>
  failed(asked(memory, now, policy), `the back end does not answer: ${fault.message}`);
