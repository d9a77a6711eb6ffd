import { type ContainersMemory, emptyContainersMemory } from "../container/memory.ts";
import type { Fault } from "../fault.ts";
import type { PodStatus } from "../kubernetes/pod_status.ts";
import type { Millis } from "../time.ts";
import type { ObservedPod } from "./observed.ts";

/** Back-off of one kind of operation: how often it failed in a row, and when it may be tried again (`mono`). */
export interface Retry {
  readonly attempt: number;
  readonly notBefore: Millis;
}

/** An operation of the back end that has not been answered yet. */
export interface BackendOp {
  readonly kind: "create" | "update" | "files" | "delete" | "start" | "stop" | "remove";
  /** Of start and stop. */
  readonly container: string | undefined;
  /** When it was asked for (`mono`). */
  readonly at: Millis;
  /** Of delete and stop: when the grace it was given ends (`mono`). */
  readonly until: Millis;
}

/** A status that was written, until the watch shows it. */
export interface Written {
  readonly status: PodStatus;
  readonly at: Millis;
  /** How often the same status was written again because somebody undid it. */
  readonly repeats: number;
  /** The watch has shown it. */
  readonly echoed: boolean;
}

/** Since when, and how gently, a pod is being stopped. */
export interface Kill {
  /** When its grace ends (`mono`). Only ever moves earlier. */
  readonly at: Millis;
  readonly graceMs: Millis;
}

/**
 * What the reconciler remembers of a pod. **Losable**: with empty memory it still converges. It holds operations in
 * flight, back-off and what was written last, never the truth about the pod.
 */
export interface PodMemory {
  /** When this process first reconciled the pod. */
  readonly accepted: { readonly mono: Millis; readonly wall: Millis } | undefined;
  /** It was seen here while it was not being deleted: the whole grace period is ours to give. */
  readonly seenLive: boolean;
  readonly ops: readonly BackendOp[];
  readonly apiOp: "status" | "finalize" | "evict" | "read" | undefined;
  /** The API server refused the terminal status for what it says: no repetition helps. */
  readonly endRefused: boolean;
  /** The end that the API server was told of, and has noted, or may have: whatever an older object shows, it is final. */
  readonly endSent: Pick<PodStatus, "phase" | "reason" | "message"> | undefined;
  /** The status that the operation in flight carries. */
  readonly writing: PodStatus | undefined;
  readonly backend: Retry;
  readonly api: Retry;
  /** Refused by `check` or by the back end: waits for another spec. */
  readonly rejected: { readonly specHash: string; readonly message: string } | undefined;
  /** The specHash whose unsupported fields were told in an event. */
  readonly warnedOf: string | undefined;
  /** A hash of what was last told in events about the objects that the pod refers to. */
  readonly noticed: string | undefined;
  /** The specHash that the back end was last given. */
  readonly appliedHash: string | undefined;
  /** The version of the files that the back end was last given. */
  readonly files: string | undefined;
  /** The back end took it from this process: as good as an ownership mark, and it is not created again. */
  readonly created: boolean;
  /** When the back end last told of it (`mono`). */
  readonly toldAt: Millis;
  /** A container of it was seen to have run, by the back end or in the API's status. */
  readonly ran: boolean;
  /** Since when a pod that ran is missing from the back end. */
  readonly missingSince: Millis | undefined;
  readonly written: Written | undefined;
  readonly kill: Kill | undefined;
  /** The last deletion that a back end for pods accepted: when, and when the grace it was given ends. */
  readonly deleteSent: { readonly at: Millis; readonly until: Millis } | undefined;
  /** What the back end said of the pod when all of its containers had ended: a removed pod cannot be asked any more. */
  readonly ended: ObservedPod | undefined;
  /** The back end has let go of everything. */
  readonly removed: boolean;
  /** When the deletion of the object was accepted (`mono`). */
  readonly finalizedAt: Millis | undefined;
  readonly evicted: boolean;
  /** The API has no such pod: told by the watch, only missing from a list, or confirmed by a live read. */
  readonly gone: "event" | "list" | "confirmed" | undefined;
  readonly goneSince: Millis | undefined;
  /** What the back end said last, for the pod's last status. */
  readonly lastFault: Fault | undefined;
  /** @ignore */
  readonly containers: ContainersMemory;
}

const noRetry: Retry = { attempt: 0, notBefore: 0 };

/** Nothing remembered: a pod not seen before, or an agent that was started again. */
export const emptyPodMemory: PodMemory = {
  accepted: undefined,
  seenLive: false,
  ops: [],
  apiOp: undefined,
  endRefused: false,
  endSent: undefined,
  writing: undefined,
  backend: noRetry,
  api: noRetry,
  rejected: undefined,
  warnedOf: undefined,
  noticed: undefined,
  appliedHash: undefined,
  files: undefined,
  created: false,
  toldAt: 0,
  ran: false,
  missingSince: undefined,
  written: undefined,
  kill: undefined,
  deleteSent: undefined,
  ended: undefined,
  removed: false,
  finalizedAt: undefined,
  evicted: false,
  gone: undefined,
  goneSince: undefined,
  lastFault: undefined,
  containers: emptyContainersMemory,
};

/** The names of the containers with an operation in flight. */
export const busyContainers = (memory: PodMemory): ReadonlySet<string> =>
  new Set(memory.ops.flatMap((op) => op.container === undefined ? [] : [op.container]));

/** Nothing is asked of the back end at the moment. */
export const isQuiet = (memory: PodMemory): boolean => memory.ops.length === 0;
