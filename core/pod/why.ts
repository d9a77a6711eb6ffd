import type { ContainersWhy } from "../container/why.ts";
import type { Filled } from "../why.ts";

/**
 * Every reason that `reconcilePod` gives for a plan besides `containersWhys`, with `*` for what is a name or a number:
 * there is no other, by type. For tests that want to see each of them.
 */
export const podWhys = [
  "ApiUnknown",
  "BackendUnknown",
  "Gone",
  "Mirror",
  "Evict",
  "Draining",
  "Missing",
  "Lost",
  "Create",
  "Creating",
  "CreateBackoff",
  "Update",
  "UpdateFiles",
  "Running",
  "Refused",
  "ObjectsUnknown",
  "ObjectsMissing",
  "StartContainer",
  "StopExpired",
  "DeadlineExceeded",
  "Stopping",
  "StoppingAfterOp",
  "StopEnded",
  "Ended",
  "WriteTerminalStatus",
  "Removing",
  "Finalize",
  "Finalizing",
  "FinalizeBackoff",
  "WaitingForDeletion",
  "WaitingForFinalizers",
  "RemoveOrphan",
  "Foreign",
  "OrphanGrace",
  "Confirming",
  "ConfirmGone",
  "image changed",
  "every container has ended",
  "init container * failed",
] as const;
/** Why a pod is planned for as it is. */
export type PodWhy = Filled<typeof podWhys[number]> | ContainersWhy;
