// The cells of the node's reconciler: what there is, what is wanted, and what has come of it. All looks are at 5 s.
import type { FaultTag } from "../../core/fault.ts";
import type { Cell, Dimensions } from "./cells.ts";

export const nodeDimensions = {
  /** The node's object in the API. */
  object: [
    /** It has not been read since the agent started. */
    "unknown",
    "absent",
    /** As we have left it. */
    "in sync",
    /** Made by somebody else, who gave it all that we would. */
    "foreign",
    /** Somebody says that it is not Ready. */
    "not ready",
    /** Somebody has changed its capacity. */
    "drifted",
    /** Somebody has cordoned it. */
    "cordoned",
    /** We have cordoned it, in an earlier life. */
    "cordoned by us",
    /** Another one of our name: deleted and created again. */
    "another",
  ],
  lifecycle: ["running", "draining", "drained"],
  /** The back end's answer to the last ping, and what it is to lead to; `off`: it is never pinged. */
  ping: ["off", "unasked", "answered", "failed", "failed, silent", "failed, ignored"],
  /** The lease, by the last renewal. */
  lease: ["fresh", "due", "in flight", "missing", "failed"],
  /** When the status was written last. */
  heartbeat: ["fresh", "due"],
  /** What came of the last write of the object: of the most urgent change that the cell has. */
  write: [
    "none",
    "in flight",
    /** Answered well, and not seen by the watch yet. */
    "answered",
    "conflict",
    "gone",
    "refused",
    "denied",
    "throttled",
    "failed",
  ],
} as const;

export type NodeDimensions = typeof nodeDimensions;
export type NodeCell = Cell<NodeDimensions>;

/** The faults that have one effect on a write of the node. */
export const writeFaults: Readonly<Record<NodeCell["write"], readonly FaultTag[]>> = {
  none: [],
  "in flight": [],
  answered: [],
  conflict: ["Conflict", "NotFound"],
  gone: ["Gone"],
  refused: ["Rejected", "Unsupported", "Forbidden"],
  denied: ["Unauthorized", "Undecodable"],
  throttled: ["Throttled"],
  failed: ["Unavailable", "OutcomeUnknown"],
};

// The dimensions that each part of a plan follows from.

export type LeaseDimensions = Pick<NodeDimensions, "object" | "ping" | "lease">;
export type ChangeDimensions = Pick<NodeDimensions, "object" | "lifecycle" | "ping" | "heartbeat">;
export type EventDimensions = Pick<NodeDimensions, "object" | "lifecycle" | "ping">;

/** How many writes the node needs, and what came of the last one. */
export interface TurnDimensions extends Pick<NodeDimensions, "write">, Dimensions {
  readonly changes: readonly ["none", "one", "more"];
}

const { object, lifecycle, ping, lease, heartbeat, write } = nodeDimensions;

export const leaseDimensions: LeaseDimensions = { object, ping, lease };
export const changeDimensions: ChangeDimensions = { object, lifecycle, ping, heartbeat };
export const eventDimensions: EventDimensions = { object, lifecycle, ping };
export const turnDimensions: TurnDimensions = { changes: ["none", "one", "more"], write };
