// The cells of the pod reconciler's table: who runs the pod, how far it is, and what has come of it.
import type { FaultTag } from "../../core/fault.ts";
import type { Cell, Impossible } from "./cells.ts";

export const podDimensions = {
  /** What the back end runs. */
  kind: ["pods", "containers"],
  /** How far we are with the pod, by the API's object and by what we remember. */
  lifecycle: [
    /** The API server has not been listed since the agent started. */
    "unlisted",
    /** In the API as it was bound, and never looked at. */
    "new",
    /** Looked at for a while, told as Pending; no call about it is in flight. */
    "accepted",
    /** Like that, and its creation, or its container's start, is in flight. */
    "creating",
    /** Created by us, seen to run, and told as Running. */
    "running",
    /** Like that, deleted, and the call that stops it is in flight (or has failed). */
    "ending",
    /** Like that, and the back end has answered that call well. */
    "taken",
    /** The API holds it as Succeeded or Failed. */
    "ended",
    /** Like that, and the back end has let go of it. */
    "removed",
    /** Like that, and the API server has accepted the deletion of the object. */
    "finalized",
    /** The watch has told that the object is gone. */
    "gone",
  ],
  restartPolicy: ["Always", "OnFailure", "Never"],
  /** The pod's one container, as the back end tells. */
  container: [
    /** The back end has not been listed, or could not say. */
    "unknown",
    /** It positively holds no such pod. */
    "absent",
    "waiting",
    "running",
    "exited 0",
    "exited 1",
    /** Absent for longer than back ends may be slow to tell, although it ran. */
    "lost",
  ],
  /** By the API's object. */
  deletion: [
    "none",
    /** Asked for a second ago, with 30 s. */
    "graceful",
    /** Asked for 35 s ago, with 30 s. */
    "elapsed",
    /** Asked for a second ago, with 0 s. */
    "forced",
    /** Asked for 10 s ago with 30 s, now again with 5 s. */
    "shortened",
  ],
  /** What came of the last call: of the back end, or of the API server. */
  fault: [
    "none",
    /** The agent was started again and remembers nothing. */
    "restart",
    "refused",
    "throttled",
    "failed",
    "unanswered",
    "not found",
    "API refused",
    "API throttled",
    "API failed",
    "API conflict",
    "API not found",
    "API forbidden",
  ],
} as const;

export type PodDimensions = typeof podDimensions;
export type PodCell = Cell<PodDimensions>;

/** The faults that have one effect. Each is tried in every cell of its class. */
export const faultTags: Readonly<Record<PodCell["fault"], readonly FaultTag[]>> = {
  none: [],
  restart: [],
  refused: ["Rejected", "Unsupported"],
  throttled: ["Throttled"],
  failed: ["Unavailable", "Conflict", "AlreadyExists", "Gone", "Unauthorized", "Forbidden", "Undecodable"],
  unanswered: ["OutcomeUnknown"],
  "not found": ["NotFound"],
  "API refused": ["Rejected", "Unsupported"],
  "API throttled": ["Throttled"],
  "API failed": ["Unavailable", "OutcomeUnknown", "AlreadyExists", "Gone", "Unauthorized", "Undecodable"],
  "API conflict": ["Conflict"],
  "API not found": ["NotFound"],
  "API forbidden": ["Forbidden"],
};

export const backendFaults = ["refused", "throttled", "failed", "unanswered", "not found"] as const;
export const apiFaults = [
  "API refused",
  "API throttled",
  "API failed",
  "API conflict",
  "API not found",
  "API forbidden",
] as const;
/** Of the API, after which a write is tried again in less, and in more, than half a second. */
export const soonFaults = ["API failed", "API conflict"] as const;
export const lateFaults = ["API refused", "API throttled", "API not found", "API forbidden"] as const;
export const deletions = ["graceful", "elapsed", "forced", "shortened"] as const;

/** The ends after which no instance follows, and those after which one does (Pod lifecycle, "Container restarts"). */
export const overs = [
  { restartPolicy: "Never", container: ["exited 0", "exited 1"] },
  { restartPolicy: "OnFailure", container: "exited 0" },
] as const;
export const restarts = [
  { restartPolicy: "Always", container: ["exited 0", "exited 1"] },
  { restartPolicy: "OnFailure", container: "exited 1" },
] as const;

export const impossiblePods: readonly Impossible<PodDimensions>[] = [
  {
    of: { lifecycle: ["ending", "taken", "removed", "finalized"], deletion: "none" },
    because:
      "nothing of a pod is stopped or freed while it is not deleted (deadlines have a table of their own)",
  },
  {
    of: { lifecycle: "new", fault: [...backendFaults, ...apiFaults] },
    because: "nothing was asked about a pod that was never looked at",
  },
  {
    of: { lifecycle: ["creating", "ending", "taken", "removed", "finalized"], fault: "restart" },
    because:
      "an agent that was started again knows of no call: these are cells of accepted, running and ended",
  },
  {
    of: { lifecycle: "creating", fault: "refused" },
    because: "what was refused is not asked for again with the same spec",
  },
  {
    of: { lifecycle: ["taken", "removed", "finalized"], fault: [...backendFaults] },
    because: "the last call of the back end was answered well",
  },
  {
    of: { lifecycle: "ending", fault: [...apiFaults] },
    because: "the API is told of an end only once the back end has answered: these are cells of taken",
  },
  {
    of: { lifecycle: "ended", deletion: "none", fault: [...apiFaults] },
    because: "nothing is asked of the API about a finished pod that is not deleted",
  },
  {
    of: { lifecycle: ["finalized", "gone"], fault: [...apiFaults] },
    because:
      "the last call of the API was answered well, or there was none (missing objects have their own table)",
  },
  {
    of: { lifecycle: ["unlisted", "new", "accepted", "creating"], container: "lost" },
    because: "what never ran is not missed",
  },
  {
    of: { lifecycle: ["ending", "taken", "ended", "removed", "finalized", "gone"], container: "lost" },
    because: "what is being stopped, or has ended, is not missed: these are cells of absent",
  },
  {
    of: { container: "lost", fault: "restart" },
    because: "since when a pod is missing is forgotten with the agent: these are cells of absent",
  },
  {
    of: { kind: "containers", lifecycle: "running", container: "running", fault: [...backendFaults] },
    because: "a container that runs is not started",
  },
];
