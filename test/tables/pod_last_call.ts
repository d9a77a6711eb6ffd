// What is remembered of the last call about a pod, where that call failed.
import type { PodAction } from "../../core/action.ts";
import type { Fault, FaultTag } from "../../core/fault.ts";
import { refOf } from "../../core/kubernetes/meta.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { recordPodFault } from "../../core/pod/record.ts";
import { specHashOf } from "../../core/pod/spec_hash.ts";
import { at, container } from "../tools/containers.ts";
import { owner, remembered } from "../tools/pods.ts";
import type { PodCell } from "./pod_cells.ts";
import { askedAt, isUpdate, isYoung, memoryBefore, opAt } from "./pod_memory.ts";
import { finished, runs } from "./pod_statuses.ts";

/** When the last call failed. */
const faultAt = 99.9;

/** A fault of this kind; a throttled one asks for three seconds. */
export const faultOf = (tag: FaultTag): Fault => {
  const message = "no";
  switch (tag) {
    case "Throttled":
      return { _tag: tag, message, retryAfterMs: 3_000 };
    case "Rejected":
    case "Unsupported":
      return { _tag: tag, message, fields: ["spec"] };
    case "Undecodable":
      return { _tag: tag, message, path: "pod" };
    default:
      return { _tag: tag, message };
  }
};

const backendCall = (cell: PodCell, of: Pod): PodAction => {
  const ref = refOf(of);
  const uid = ref.uid;
  const intent = { pod: of, env: { a: [] }, specHash: specHashOf(of), owner };
  const starts = cell.lifecycle === "accepted" || cell.lifecycle === "creating" ||
    cell.lifecycle === "running" || cell.lifecycle === "unlisted";
  if (cell.kind === "pods") {
    if (!starts) return { _tag: "DeletePod", uid, ref, graceMs: 30_000 };
    return { _tag: isUpdate(cell) ? "UpdatePod" : "CreatePod", uid, intent };
  }
  if (starts) {
    const restartCount = isYoung(cell.lifecycle) ? 0 : 1;
    return { _tag: "StartContainer", uid, intent, container: container("a"), restartCount };
  }
  return cell.container === "running" || cell.lifecycle === "ending"
    ? { _tag: "StopContainer", uid, ref, container: "a", graceMs: 30_000 }
    : { _tag: "RemovePod", uid, ref };
};

const apiCall = (cell: PodCell, of: Pod): PodAction => {
  const ref = refOf(of);
  const uid = ref.uid;
  const request = { method: "PATCH", path: "/" } as const;
  if (cell.lifecycle === "ended" || cell.lifecycle === "removed") {
    return { _tag: "FinalizePod", uid, ref, request };
  }
  const status = cell.lifecycle === "taken" ? finished("Failed") : runs;
  return { _tag: "PatchPodStatus", uid, ref, status, request };
};

/** The call as it was noted when it was made. */
const asked = (cell: PodCell, call: PodAction, memory: PodMemory): PodMemory => {
  switch (call._tag) {
    case "PatchPodStatus":
      return { ...memory, apiOp: "status", writing: call.status };
    case "FinalizePod":
      return { ...memory, apiOp: "finalize" };
    case "CreatePod":
    case "UpdatePod": {
      const kind = call._tag === "CreatePod" ? "create" : "update";
      return { ...memory, ops: [{ kind, container: undefined, at: 99_000, until: 99_000 }] };
    }
    case "StartContainer":
      return { ...memory, ops: [opAt(cell, 99_000, 99_000, "start")] };
    case "RemovePod":
      return { ...memory, ops: [{ kind: "remove", container: undefined, at: 99_000, until: 99_000 }] };
    default: {
      // what still runs of a finished pod, or of one that is gone, is stopped as well
      const kill = memory.kill ?? { at: 129_000, graceMs: 30_000 };
      return { ...memory, kill, ops: [opAt(cell, kill.at, askedAt[cell.deletion], "stop")] };
    }
  }
};

/** What is remembered once the last call of a cell has failed. */
export const memoryAfter = (cell: PodCell, of: Pod, fault: Fault, policy: PodPolicy): PodMemory => {
  const before = { ...remembered(memoryBefore(cell, of)), ops: [] };
  const ofApi = cell.fault.startsWith("API");
  const call = ofApi ? apiCall(cell, of) : backendCall(cell, of);
  const tried = cell.lifecycle === "creating";
  // what is being created failed a while ago, and is tried again
  const failedAt = tried && !ofApi ? at(95) : at(faultAt);
  const { memory } = recordPodFault(asked(cell, call, before), call, fault, failedAt, policy);
  return tried ? { ...memory, ops: [opAt(cell, 99_500, 99_500, "start")] } : memory;
};
