import type { Fault } from "../fault.ts";
import { faultOfStatus, type Status } from "../kubernetes/status.ts";
import type { Millis } from "../time.ts";
import { addBytes, type Bytes, firstByte, joinBytes } from "./bytes.ts";
import type { WatchConfig } from "./config.ts";
import { lineFeed, splitLines } from "./lines.ts";
import { relist } from "./opening.ts";
import { barrenAfter, retryAfter } from "./retry.ts";
import { sendNext } from "./send.ts";
import type { Transition, WatchInput, WatchOutput, WatchPhase, WatchState } from "./state.ts";
import { decodeWatchEvent, type WatchEvent } from "./watch_event.ts";

type Watching = Extract<WatchPhase<never>, { readonly _tag: "Watching" }>;

const openingBrace = 0x7b;

const undecodable = (message: string): Fault => ({ _tag: "Undecodable", message, path: "" });

const expiredReasons: readonly (string | undefined)[] = ["Expired", "Gone"];

const faultOfError = (status: Status): Fault =>
  faultOfStatus(status.code ?? (expiredReasons.includes(status.reason) ? 410 : 500), status, undefined);

/** The watch has ended otherwise than by the server's time-out. */
const failed = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Watching,
  fault: Fault,
  open: boolean,
  now: Millis,
): Transition<A> => {
  const steady = now - phase.since >= config.steadyMs ? { failures: 0, gone: 0 } : {};
  const barren = phase.heard > 0 ? 0 : barrenAfter(state.barren, fault);
  return retryAfter(config, { ...state, ...steady, barren }, { fault, open }, now);
};

/** So many silent watches in a row (of 90 s each) are enough for doubt whether anything would reach us: a proxy may keep it. */
const maxSilent = 10;

/**
 * The watch has lived for long without a word. That is no failure: the API server sends bookmarks only beyond the place that a
 * watch began at, so where nothing happens there are none. Asked for anew, it tells at once what a dead connection has kept.
 */
const silent = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  open: boolean,
  now: Millis,
): Transition<A> => {
  const calm: WatchState<A> = { ...state, failures: 0, gone: 0, silent: state.silent + 1 };
  const next = calm.silent < maxSilent ? calm : { ...calm, silent: 0, resourceVersion: undefined };
  const [sent, outputs] = sendNext(config, next, now);
  return [sent, open ? [{ _tag: "Abort" }, ...outputs] : outputs];
};

/** What the lines of one chunk have changed. Local to one step. */
interface Progress<A> {
  readonly outputs: WatchOutput<A>[];
  resourceVersion: string | undefined;
  lines: number;
  heard: number;
  fault: Fault | undefined;
}

const fold = <A>(config: WatchConfig<A>, progress: Progress<A>, event: WatchEvent<A>): void => {
  switch (event._tag) {
    case "Applied":
      progress.outputs.push({ _tag: "Applied", item: event.item });
      break;
    case "Undecodable":
      progress.outputs.push({ _tag: "Undecodable", bad: event.bad });
      break;
    case "Deleted":
      progress.outputs.push({ _tag: "Deleted", ref: event.ref });
      break;
    case "Bookmark":
      break;
    case "Failed":
      progress.fault = faultOfError(event.status);
      return;
    case "Nonsense":
      progress.fault = undecodable(event.why);
      return;
    case "Unknown": {
      const message = `the watch of ${config.kind} at ${config.path} brought an event of the unknown type ` +
        `${JSON.stringify(event.type)}; it is ignored`;
      progress.outputs.push({ _tag: "Warning", message });
      return;
    }
  }
  progress.heard += 1;
  if (event.resourceVersion !== "") progress.resourceVersion = event.resourceVersion;
};

const tooLong = <A>(config: WatchConfig<A>): Fault =>
  undecodable(`one event is larger than ${config.maxLineBytes} bytes`);

/** Folds every line that `chunk` completes; what is left is the beginning of the next one. */
const foldLines = <A>(
  config: WatchConfig<A>,
  pending: Bytes,
  chunk: Uint8Array,
  progress: Progress<A>,
): Bytes => {
  const left = splitLines(pending, chunk, (line) => {
    progress.lines += 1;
    if (line.length > config.maxLineBytes) progress.fault = tooLong(config);
    else if (firstByte(line) !== undefined) {
      fold(config, progress, decodeWatchEvent(line, config.decode));
    }
    return progress.fault === undefined;
  });
  if (progress.fault === undefined && left.length > config.maxLineBytes) progress.fault = tooLong(config);
  return left;
};

const addChunk = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Watching,
  bytes: Uint8Array,
  now: Millis,
): Transition<A> => {
  if (!bytes.includes(lineFeed) && phase.line.length + bytes.length <= config.maxLineBytes) {
    return [{ ...state, phase: { ...phase, line: addBytes(phase.line, bytes) } }, []];
  }
  const progress: Progress<A> = {
    outputs: [],
    resourceVersion: state.resourceVersion,
    lines: 0,
    heard: phase.heard,
    fault: undefined,
  };
  const line = foldLines(config, phase.line, bytes, progress);
  const moved: Watching = { ...phase, line, heard: progress.heard };
  const next: WatchState<A> = {
    ...state,
    phase: moved,
    resourceVersion: progress.resourceVersion,
    barren: progress.heard > 0 ? 0 : state.barren,
    silent: progress.heard > 0 ? 0 : state.silent,
    // Only whole lines count: bytes that trickle are no sign of life.
    wakeAt: progress.lines > 0 ? now + config.idleTimeoutMs : state.wakeAt,
  };
  if (progress.fault === undefined) return [next, progress.outputs];
  const [waiting, outputs] = failed(config, next, moved, progress.fault, true, now);
  return [waiting, [...progress.outputs, ...outputs]];
};

/** For a watch of one node's pods the server holds so many events; whoever is further behind loses the watch. */
const heldEvents = 10;

/** It brought enough to be worth its opening, and even a server that tells the same again is not asked in a hot loop. */
const isLagging = <A>(config: WatchConfig<A>, phase: Watching, livedMs: Millis): boolean =>
  phase.heard > 0 && livedMs >= (phase.heard >= heldEvents ? config.laggingMs / 5 : config.laggingMs);

/**
 * The server's own time-out is the normal end. It also ends watches that lag behind while there is much news: those are
 * resumed at once as well, but forgive nothing. Anything earlier or cut is a failure.
 */
const ended = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Watching,
  now: Millis,
): Transition<A> => {
  const livedMs = now - phase.since;
  const first = firstByte(joinBytes(phase.line));
  if (first !== undefined) {
    const fault = first === openingBrace
      ? { _tag: "Unavailable", message: "the watch was cut off in the middle of an event" } as const
      : undecodable("the answer is not a watch");
    return failed(config, state, phase, fault, false, now);
  }
  if (livedMs >= config.steadyMs) {
    if (phase.heard === 0) return silent(config, state, false, now);
    return sendNext(config, { ...state, failures: 0, gone: 0, barren: 0 }, now);
  }
  if (isLagging(config, phase, livedMs)) return sendNext(config, { ...state, barren: 0 }, now);
  const message = `the server closed the watch after ${(livedMs / 1000).toFixed(1)} s` +
    (phase.heard > 0 ? "" : " without any event");
  return failed(config, state, phase, { _tag: "Unavailable", message }, false, now);
};

/** One step while a watch is open. */
export const watchingStep = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Watching,
  input: WatchInput,
  now: Millis,
): Transition<A> => {
  switch (input._tag) {
    case "Chunk":
      return addChunk(config, state, phase, input.bytes, now);
    case "End":
      return ended(config, state, phase, now);
    case "Broken":
      return failed(config, state, phase, input.fault, false, now);
    case "Tick": {
      if (phase.heard === 0 && phase.line.length === 0) return silent(config, state, true, now);
      const message = `no event and no bookmark for ${config.idleTimeoutMs / 1000} s`;
      return failed(config, state, phase, { _tag: "Unavailable", message }, true, now);
    }
    case "Relist":
      return relist(config, state, now);
    case "Response":
    case "Start":
      return [state, []];
  }
};
