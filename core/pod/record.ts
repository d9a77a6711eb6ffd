import type { EmitEvent, PodAction } from "../action.ts";
import { type Backoff, backoffMs, faultBackoff } from "../backoff.ts";
import { recordStarted, recordStartFault } from "../container/memory.ts";
import { equivalent } from "../equivalent.ts";
import { type Fault, isPermanent } from "../fault.ts";
import { isTerminal } from "../kubernetes/pod.ts";
import { refOf } from "../kubernetes/meta.ts";
import type { Millis, Now } from "../time.ts";
import { filesVersion } from "./files.ts";
import { type BackendOp, emptyPodMemory, type PodMemory, type Retry } from "./memory.ts";
import type { PodPolicy } from "./policy.ts";

/** The memory after an outcome, and the events to be told about it. */
export interface Recorded {
  readonly memory: PodMemory;
  readonly events: readonly EmitEvent[];
}

/** What the API refuses, or does not find, is tried again only this often: the watch will tell before. */
const refusedByApi: Backoff = { baseMs: 30_000, capMs: 300_000, jitter: 0.25 };

/** An API server that is away is asked again soon: statuses must be right soon after an outage. */
const unanswered: Backoff = { baseMs: 500, capMs: 15_000, jitter: 0.25 };

const apiBackoff = (fault: Fault): Backoff => {
  if (isPermanent(fault) || fault._tag === "NotFound" || fault._tag === "Forbidden") return refusedByApi;
  return fault._tag === "Unavailable" || fault._tag === "OutcomeUnknown" ? unanswered : faultBackoff;
};

const calm: Retry = { attempt: 0, notBefore: 0 };

const opOf = (action: PodAction): BackendOp["kind"] | undefined => {
  switch (action._tag) {
    case "CreatePod":
      return "create";
    case "UpdatePod":
      return "update";
    case "UpdateFiles":
      return "files";
    case "DeletePod":
      return "delete";
    case "StartContainer":
      return "start";
    case "StopContainer":
      return "stop";
    case "RemovePod":
      return "remove";
    default:
      return undefined;
  }
};

const containerOf = (action: PodAction): string | undefined =>
  action._tag === "StartContainer"
    ? action.container.name
    : action._tag === "StopContainer"
    ? action.container
    : undefined;

/** The memory without the operation that was answered, and that operation. */
const answered = (memory: PodMemory, action: PodAction): readonly [PodMemory, BackendOp | undefined] => {
  const kind = opOf(action);
  if (kind === undefined) return [{ ...memory, apiOp: undefined, writing: undefined }, undefined];
  const container = containerOf(action);
  const index = memory.ops.findIndex((op) => op.kind === kind && op.container === container);
  const op = memory.ops[index];
  const ops = memory.ops.length === 1 && op !== undefined
    ? emptyPodMemory.ops
    : memory.ops.filter((_, at) => at !== index);
  return [{ ...memory, ops }, op];
};

const after = (retry: Retry, fault: Fault, uid: string, now: Now, backoff: Backoff): Retry => {
  const attempt = retry.attempt + 1;
  const asked = fault._tag === "Throttled" ? fault.retryAfterMs : undefined;
  const delay: Millis = Math.max(asked ?? 0, backoffMs(backoff, attempt, uid));
  return { attempt, notBefore: Math.max(retry.notBefore, now.mono + delay) };
};

const event = (action: PodAction, type: EmitEvent["type"], reason: string, message: string): EmitEvent => ({
  _tag: "EmitEvent",
  about: { kind: "Pod", ref: "ref" in action ? action.ref : refOf(action.intent.pod) },
  type,
  reason,
  message,
});

const normal = (
  action: PodAction,
  policy: PodPolicy,
  reason: string,
  message: string,
): readonly EmitEvent[] => policy.normalEvents ? [event(action, "Normal", reason, message)] : [];

const statusWritten = (memory: PodMemory, before: PodMemory, now: Now): PodMemory => {
  const status = before.writing;
  if (status === undefined) return memory;
  const old = before.written;
  const again = old !== undefined && old.status.phase === status.phase && old.echoed &&
    equivalent(old.status.containerStatuses, status.containerStatuses);
  return {
    ...memory,
    written: { status, at: now.mono, repeats: again ? old.repeats + 1 : 0, echoed: false },
  };
};

const withEnd = (memory: PodMemory, action: PodAction): PodMemory => {
  if (action._tag !== "PatchPodStatus" || !isTerminal(action.status.phase)) return memory;
  const { phase, reason, message } = action.status;
  return { ...memory, endSent: { phase, reason, message } };
};

/** Folds a success into the memory. What the back end told with it is folded into the observed state by `step`. */
export const recordPodDone = (
  memory: PodMemory,
  action: PodAction,
  now: Now,
  policy: PodPolicy,
): Recorded => {
  const [rest, op] = answered(memory, action);
  // of several calls under way one may be told to wait: what goes well with another does not take that back
  const backend = now.mono < memory.backend.notBefore ? memory.backend : calm;
  const healthy: PodMemory = { ...rest, backend, lastFault: undefined };
  switch (action._tag) {
    case "CreatePod":
      return {
        memory: {
          ...healthy,
          created: true,
          appliedHash: action.intent.specHash,
          files: filesVersion(action.intent.volumes ?? {}),
        },
        events: normal(action, policy, "ProviderCreateSuccess", "Create pod in provider successfully"),
      };
    case "UpdatePod":
      return {
        memory: { ...healthy, appliedHash: action.intent.specHash },
        events: normal(action, policy, "ProviderUpdateSuccess", "Update pod in provider successfully"),
      };
    case "UpdateFiles":
      return { memory: { ...healthy, files: action.version }, events: [] };
    case "DeletePod":
      return {
        memory: { ...healthy, deleteSent: { at: now.mono, until: op?.until ?? now.mono } },
        events: normal(action, policy, "ProviderDeleteSuccess", "Delete pod in provider successfully"),
      };
    case "StartContainer": {
      const containers = recordStarted(healthy.containers, action);
      const message = `Started container ${action.container.name}`;
      return {
        memory: { ...healthy, created: true, containers, files: filesVersion(action.intent.volumes ?? {}) },
        events: normal(action, policy, "Started", message),
      };
    }
    case "StopContainer":
      return {
        memory: healthy,
        events: normal(action, policy, "Killing", `Stopped container ${action.container}`),
      };
    case "RemovePod":
      return { memory: { ...healthy, removed: true }, events: [] };
    case "PatchPodStatus":
      return { memory: { ...withEnd(statusWritten(rest, memory, now), action), api: calm }, events: [] };
    case "FinalizePod":
      return { memory: { ...rest, api: calm, finalizedAt: now.mono }, events: [] };
    case "EvictPod":
      return { memory: { ...rest, api: calm, evicted: true }, events: [] };
    case "ReadPod":
      return { memory: { ...rest, api: calm }, events: [] };
  }
};

const failedReason: Readonly<Record<BackendOp["kind"], string>> = {
  create: "ProviderCreateFailed",
  update: "ProviderUpdateFailed",
  files: "FailedMount",
  delete: "ProviderDeleteFailed",
  start: "Failed",
  stop: "FailedKillPod",
  remove: "ProviderDeleteFailed",
};

const backendFault = (
  memory: PodMemory,
  action: PodAction,
  op: BackendOp["kind"],
  fault: Fault,
  now: Now,
): Recorded => {
  const uid = action.uid;
  const events = [event(action, "Warning", failedReason[op], `${action._tag}: ${fault.message}`)];
  const lastFault = fault;
  if (action._tag === "StartContainer" && fault._tag !== "OutcomeUnknown") {
    const containers = recordStartFault(memory.containers, action, action.intent.pod, fault, now);
    return { memory: { ...memory, containers, lastFault }, events };
  }
  const hopeless = isPermanent(fault) && (action._tag === "CreatePod" || action._tag === "UpdatePod");
  if (hopeless) {
    const rejected = { specHash: action.intent.specHash, message: fault.message };
    return { memory: { ...memory, rejected, lastFault }, events };
  }
  return {
    memory: { ...memory, backend: after(memory.backend, fault, uid, now, faultBackoff), lastFault },
    events,
  };
};

const apiFault = (memory: PodMemory, action: PodAction, fault: Fault, now: Now): Recorded => {
  const api = after(memory.api, fault, action.uid, now, apiBackoff(fault));
  const refused = action._tag === "PatchPodStatus" && isPermanent(fault);
  const isEnd = refused && isTerminal(action.status.phase);
  // a name that belongs to another pod by now is refused as well: no news to anybody
  const events = refused && !isEnd
    ? [
      event(action, "Warning", "StatusRejected", `The API server refused the pod's status: ${fault.message}`),
    ]
    : [];
  const sent = fault._tag === "OutcomeUnknown" ? withEnd(memory, action) : memory;
  return { memory: { ...sent, api, endRefused: memory.endRefused || isEnd }, events };
};

/** Folds a failure into the memory. For a deletion, NotFound is success, and so is another UID under the name. */
export const recordPodFault = (
  memory: PodMemory,
  action: PodAction,
  fault: Fault,
  now: Now,
  policy: PodPolicy,
): Recorded => {
  const op = opOf(action);
  const deleting = op === "delete" || op === "stop" || op === "remove";
  if (deleting && fault._tag === "NotFound") return recordPodDone(memory, action, now, policy);
  const finalizing = action._tag === "FinalizePod" || action._tag === "EvictPod";
  if (finalizing && (fault._tag === "NotFound" || fault._tag === "Conflict")) {
    return recordPodDone(memory, action, now, policy);
  }
  const [rest] = answered(memory, action);
  return op === undefined ? apiFault(rest, action, fault, now) : backendFault(rest, action, op, fault, now);
};
