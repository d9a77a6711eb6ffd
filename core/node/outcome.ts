import type { NodeAction } from "../action.ts";
import type { Fault } from "../fault.ts";
import type { Now } from "../time.ts";
import { attemptDone, attemptFailed, isStale } from "./attempt.ts";
import { leaseDone, leaseFailed } from "./lease.ts";
import type { NodeMemory } from "./memory.ts";
import { pingAnswered, pingFailed } from "./ping.ts";
import { defaultNodePolicy, type NodePolicy } from "./policy.ts";

const writeDone = (memory: NodeMemory, now: Now, policy: NodePolicy): NodeMemory => {
  const { write } = memory;
  if (write === undefined) return memory;
  const { aspect } = write.change;
  return {
    ...memory,
    write: undefined,
    echo: { version: write.version, until: now.mono + policy.echoHoldMs },
    created: memory.created || aspect === "create",
    heartbeatAt: aspect === "conditions" ? now.mono : memory.heartbeatAt,
    attempts: {
      ...memory.attempts,
      [aspect]: attemptDone(memory.attempts[aspect], write.change, now, memory.uid ?? ""),
    },
  };
};

/** Folds the success of an action of {@link reconcileNode} into its memory. */
export const recordNodeDone = (
  memory: NodeMemory,
  action: NodeAction,
  now: Now,
  policy: NodePolicy = defaultNodePolicy,
): NodeMemory => {
  switch (action._tag) {
    case "RenewLease":
    case "CreateLease":
      return { ...memory, lease: leaseDone(memory.lease, now, policy) };
    case "PingBackend":
      return { ...memory, ping: pingAnswered(memory.ping, now, policy) };
    case "CreateNode":
    case "PatchNode":
    case "PatchNodeStatus":
      return writeDone(memory, now, policy);
  }
};

const refusalText = (drift: string, fault: Fault, policy: NodePolicy): string => {
  const seconds = Math.round(policy.refusedRetryMs / 1000);
  const hint = fault._tag === "Forbidden"
    ? " Under NodeRestriction a node may not change its taints, nor labels kept for others: let an administrator do it, " +
      "or use other credentials or another description."
    : "";
  return `The API server refused this change of the node (${drift}): ${fault.message}.${hint} ` +
    `It is tried again when something changes, or in ${seconds} s.`;
};

const writeFailed = (memory: NodeMemory, fault: Fault, now: Now, policy: NodePolicy): NodeMemory => {
  const { write } = memory;
  if (write === undefined) return memory;
  const { aspect, drift, wanted } = write.change;
  const last = memory.attempts[aspect];
  const attempt = attemptFailed(last, write.change, fault, now, memory.uid ?? "", policy);
  const told = last?.refused === true && last.wanted === wanted;
  return {
    ...memory,
    write: undefined,
    echo: isStale(fault) ? { version: write.version, until: now.mono + policy.echoHoldMs } : memory.echo,
    created: memory.created || fault._tag === "AlreadyExists",
    attempts: { ...memory.attempts, [aspect]: attempt },
    warnings: attempt.refused && !told
      ? [...memory.warnings, { reason: "NodeWriteRefused", message: refusalText(drift, fault, policy) }]
      : memory.warnings,
  };
};

/** Folds the failure of an action of {@link reconcileNode} into its memory: when it may be tried again. */
export const recordNodeFault = (
  memory: NodeMemory,
  action: NodeAction,
  fault: Fault,
  now: Now,
  policy: NodePolicy = defaultNodePolicy,
): NodeMemory => {
  switch (action._tag) {
    case "RenewLease":
    case "CreateLease":
      return { ...memory, lease: leaseFailed(memory.lease, fault, now, policy) };
    case "PingBackend":
      return { ...memory, ping: pingFailed(memory.ping, fault, now, policy) };
    case "CreateNode":
    case "PatchNode":
    case "PatchNodeStatus":
      return writeFailed(memory, fault, now, policy);
  }
};
