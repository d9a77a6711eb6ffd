import type { Fault } from "../fault.ts";
import type { BadItem } from "../kubernetes/decode.ts";
import type { ObjectRef } from "../kubernetes/meta.ts";
import type { ApiRequest } from "../kubernetes/request.ts";
import type { Millis } from "../time.ts";
import type { Bytes } from "./bytes.ts";

/**
 * What happened to the one connection, or to time. After `Abort` nothing more of the aborted connection may come in, and
 * after `End` or `Broken` neither.
 */
export type WatchInput =
  | { readonly _tag: "Start" }
  /** Status and headers came; the body follows as `Chunk`s. */
  | { readonly _tag: "Response"; readonly status: number; readonly retryAfterMs: Millis | undefined }
  /** Bytes, cut anywhere. They must not be written to afterwards. */
  | { readonly _tag: "Chunk"; readonly bytes: Uint8Array }
  /** The body ended as it should. */
  | { readonly _tag: "End" }
  /** No answer came, or it was cut off. */
  | { readonly _tag: "Broken"; readonly fault: Fault }
  | { readonly _tag: "Tick" }
  /** Somebody has reason to doubt what they know: list again. Does not cut a back-off short. */
  | { readonly _tag: "Relist" };

/** What is to be done, and what is now known. Replays are possible: what is told twice is to be harmless. */
export type WatchOutput<A> =
  /** Open the one connection. */
  | { readonly _tag: "Send"; readonly request: ApiRequest }
  /** Close it, and forget what may still come of it. */
  | { readonly _tag: "Abort" }
  /** A complete list: what is neither in `items` nor in `bad` is gone. */
  | { readonly _tag: "Replaced"; readonly items: readonly A[]; readonly bad: readonly BadItem[] }
  /** Added or changed. */
  | { readonly _tag: "Applied"; readonly item: A }
  /** Added or changed, but not understood: it exists all the same. */
  | { readonly _tag: "Undecodable"; readonly bad: BadItem }
  /** Gone, or no longer selected. */
  | { readonly _tag: "Deleted"; readonly ref: ObjectRef }
  /** For people. */
  | { readonly _tag: "Warning"; readonly message: string };

/** The answer to a request, as far as it has come. */
export interface Answer {
  readonly status: number;
  readonly retryAfterMs: Millis | undefined;
  readonly body: Bytes;
}

/** The pages of a list that is not yet complete. */
export interface Pages<A> {
  /** One array for each page. */
  readonly items: readonly (readonly A[])[];
  readonly bad: readonly (readonly BadItem[])[];
  /** Of the first page: the list is consistent at it. */
  readonly resourceVersion: string | undefined;
  /** The token of the next page. */
  readonly next: string | undefined;
  readonly bytes: number;
}

/**
 * Where the machine is. The connection is open in all phases but `Idle` and `Waiting`; `since` is the mono time
 * at which it was asked for, or in `Watching` the time at which it was answered.
 */
export type WatchPhase<A> =
  | { readonly _tag: "Idle" }
  /** Until `wakeAt`, then the next request. */
  | { readonly _tag: "Waiting" }
  | {
    readonly _tag: "Listing";
    readonly pages: Pages<A>;
    readonly answer: Answer | undefined;
    readonly since: Millis;
  }
  /** A watch was asked for. */
  | { readonly _tag: "Opening"; readonly since: Millis }
  /** A watch was asked for and refused; the reason is still coming. */
  | { readonly _tag: "Refused"; readonly answer: Answer; readonly since: Millis }
  | {
    readonly _tag: "Watching";
    /** The line that is not yet complete. */
    readonly line: Bytes;
    readonly since: Millis;
    /** The events that came. */
    readonly heard: number;
  };

/** The machine's memory. It holds no object, except those of a list that is not yet complete. */
export interface WatchState<A> {
  readonly phase: WatchPhase<A>;
  /** Where to resume; opaque. `undefined`: list first. */
  readonly resourceVersion: string | undefined;
  /** A complete list was told at least once. */
  readonly synced: boolean;
  /** Failures since the last watch that lived for long. */
  readonly failures: number;
  /** How many of them said that the place to resume at is too old. */
  readonly gone: number;
  /** Watches since the last event that were answered, brought none, and failed. */
  readonly barren: number;
  /** Watches since the last event that lived for long, and brought none. */
  readonly silent: number;
  /** Lists since the last complete one whose continue token expired. */
  readonly expired: number;
  /** Watches asked for. */
  readonly watches: number;
  /** The mono time at which `Tick` is due; `undefined`: never. */
  readonly wakeAt: Millis | undefined;
}

/** Before `Start`. */
export const initialWatch: WatchState<never> = {
  phase: { _tag: "Idle" },
  resourceVersion: undefined,
  synced: false,
  failures: 0,
  gone: 0,
  barren: 0,
  silent: 0,
  expired: 0,
  watches: 0,
  wakeAt: undefined,
};

/** A state and what is to be done on the way to it. */
export type Transition<A> = readonly [WatchState<A>, readonly WatchOutput<A>[]];

export const noPages: Pages<never> = {
  items: [],
  bad: [],
  resourceVersion: undefined,
  next: undefined,
  bytes: 0,
};
