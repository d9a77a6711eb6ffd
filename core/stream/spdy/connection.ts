import * as E from "fp-ts/lib/Either.js";
import { chain } from "../chain.ts";
import {
  type ControlFrame,
  dataHead,
  goAwayFrame,
  maxFrameBytes,
  pingFrame,
  readControl,
  rstStatus,
  rstStreamFrame,
  synReplyFrame,
} from "./frame.ts";
import { atFrameStart, type RawFrame, readFrames, type Reading } from "./frame_reader.ts";
import { readHeaderBlock, type SpdyHeaders } from "./header_block.ts";
import { type Inflate, inflateBlock, type Inflating, notInflating } from "./inflate.ts";

/** What the peer has done, or is to be sent. */
export type SpdyEvent =
  /** A stream to be accepted or refused. */
  | { readonly _tag: "Opened"; readonly id: number; readonly headers: SpdyHeaders }
  | { readonly _tag: "Data"; readonly id: number; readonly bytes: Uint8Array }
  /** The peer sends no more on it; it still reads. */
  | { readonly _tag: "Ended"; readonly id: number }
  /** The peer neither sends nor reads on it any more. */
  | { readonly _tag: "Reset"; readonly id: number }
  /** The peer ends the connection, or has broken the protocol; nothing is read any more. */
  | { readonly _tag: "Left"; readonly broken?: string }
  | { readonly _tag: "Write"; readonly data: Uint8Array };

interface Stream {
  readonly peerEnded: boolean;
  readonly selfEnded: boolean;
}

/** A server's end of a SPDY/3.1 connection, as a value. Without flow control: no client of Kubernetes has any. */
export interface Spdy {
  readonly reading: Reading;
  readonly inflating: Inflating;
  readonly streams: ReadonlyMap<number, Stream>;
  readonly lastId: number;
  readonly replied: boolean;
  readonly left: boolean;
}

export type SpdyStep = readonly [Spdy, readonly SpdyEvent[]];

export const newSpdy: Spdy = {
  reading: atFrameStart,
  inflating: notInflating,
  streams: new Map(),
  lastId: 0,
  replied: false,
  left: false,
};

const maxStreams = 1_024;
const maxBlockBytes = 65_536;

const write = (data: Uint8Array): SpdyEvent => ({ _tag: "Write", data });

const withStream = (spdy: Spdy, id: number, stream: Stream | undefined): Spdy => {
  const streams = new Map(spdy.streams);
  if (stream === undefined || (stream.peerEnded && stream.selfEnded)) streams.delete(id);
  else streams.set(id, stream);
  return { ...spdy, streams };
};

const reset = (spdy: Spdy, id: number, status: number, told: readonly SpdyEvent[] = []): SpdyStep => [
  withStream(spdy, id, undefined),
  [write(rstStreamFrame(id, status)), ...told],
];

const broken = (spdy: Spdy, why: string): SpdyStep => [
  { ...spdy, left: true, streams: new Map() },
  [write(goAwayFrame(spdy.lastId, 1)), { _tag: "Left", broken: why }],
];

const onSynStream = (
  spdy: Spdy,
  { id, fin, unidirectional }: Extract<ControlFrame, { _tag: "SynStream" }>,
  headers: SpdyHeaders,
): SpdyStep => {
  if (id === 0) return broken(spdy, "a stream has the number 0");
  if (id <= spdy.lastId || id % 2 === 0) {
    return reset(spdy, id, rstStatus.protocolError, spdy.streams.has(id) ? [{ _tag: "Reset", id }] : []);
  }
  const next = { ...spdy, lastId: id };
  if (spdy.streams.size >= maxStreams || unidirectional) return reset(next, id, rstStatus.refusedStream);
  const opened: readonly SpdyEvent[] = [{ _tag: "Opened", id, headers }];
  return [
    withStream(next, id, { peerEnded: fin, selfEnded: false }),
    fin ? [...opened, { _tag: "Ended", id }] : opened,
  ];
};

const onFin = (spdy: Spdy, id: number): SpdyStep => {
  const stream = spdy.streams.get(id);
  return stream === undefined || stream.peerEnded
    ? [spdy, []]
    : [withStream(spdy, id, { ...stream, peerEnded: true }), [{ _tag: "Ended", id }]];
};

/** A block is always inflated, wanted or not: those after it build on it. */
const onBlock = (
  inflate: Inflate,
  spdy: Spdy,
  frame: Extract<ControlFrame, { _tag: "SynStream" | "Headers" }>,
): SpdyStep => {
  const inflated = inflateBlock(inflate, spdy.inflating, frame.block, maxBlockBytes);
  if (E.isLeft(inflated)) return broken(spdy, inflated.left);
  const [inflating, block] = inflated.right;
  const headers = readHeaderBlock(block);
  if (E.isLeft(headers)) return broken(spdy, headers.left);
  const next = { ...spdy, inflating };
  if (frame._tag === "SynStream") return onSynStream(next, frame, headers.right);
  return frame.fin ? onFin(next, frame.id) : [next, []];
};

const onControl = (
  inflate: Inflate,
  spdy: Spdy,
  raw: Extract<RawFrame, { _tag: "Control" }>,
): SpdyStep => {
  const read = readControl(raw);
  if (E.isLeft(read)) return broken(spdy, read.left);
  const frame = read.right;
  switch (frame._tag) {
    case "SynStream":
    case "Headers":
      return onBlock(inflate, spdy, frame);
    case "RstStream":
      return spdy.streams.has(frame.id)
        ? [withStream(spdy, frame.id, undefined), [{ _tag: "Reset", id: frame.id }]]
        : [spdy, []];
    case "Ping":
      // even ones would be answers to ours
      return [spdy, frame.id % 2 === 1 ? [write(pingFrame(frame.id))] : []];
    case "GoAway":
      return [{ ...spdy, left: true }, [{ _tag: "Left" }]];
    case "Other":
      return [spdy, []];
  }
};

const onData = (spdy: Spdy, { id, bytes, fin }: Extract<RawFrame, { _tag: "Data" }>): SpdyStep => {
  const stream = spdy.streams.get(id);
  if (stream === undefined || stream.peerEnded) return [spdy, []];
  const data: readonly SpdyEvent[] = bytes.length > 0 ? [{ _tag: "Data", id, bytes }] : [];
  if (!fin) return [spdy, data];
  const [next, ended] = onFin(spdy, id);
  return [next, [...data, ...ended]];
};

const onFrame = (inflate: Inflate, spdy: Spdy, frame: RawFrame): SpdyStep => {
  if (spdy.left) return [spdy, []];
  return frame._tag === "Data" ? onData(spdy, frame) : onControl(inflate, spdy, frame);
};

/** Something that has a connection. */
export interface HasSpdy {
  readonly spdy: Spdy;
}

/**
 * The peer has sent bytes, cut anywhere. What each frame means is handed to `onEvent` before the next frame is looked at, so the
 * cuts make no difference. Never throws, whatever the bytes are; what is kept is bounded.
 */
export const spdyReceived = <S extends HasSpdy, A>(
  inflate: Inflate,
  from: S,
  data: Uint8Array,
  onEvent: (state: S, event: SpdyEvent) => readonly [S, readonly A[]],
): readonly [S, readonly A[]] => {
  if (from.spdy.left) return [from, []];
  const { reading, frames, broken: why } = readFrames(from.spdy.reading, data);
  const handled = (step: (spdy: Spdy) => SpdyStep) => (state: S): readonly [S, readonly A[]] => {
    const [spdy, events] = step(state.spdy);
    return chain({ ...state, spdy }, events.map((event) => (now: S) => onEvent(now, event)));
  };
  const steps = frames.map((frame) => handled((spdy) => onFrame(inflate, spdy, frame)));
  const end = handled((spdy) => why === undefined || spdy.left ? [spdy, []] : broken(spdy, why));
  return chain({ ...from, spdy: { ...from.spdy, reading } }, [...steps, end]);
};

/** Answers a stream that was opened; to be done before anything is sent on it. */
export const spdyAccept = (spdy: Spdy, id: number): SpdyStep =>
  spdy.streams.has(id) ? [{ ...spdy, replied: true }, [write(synReplyFrame(id, !spdy.replied))]] : [spdy, []];

/** Refuses a stream, or gives it up. */
export const spdyReset = (spdy: Spdy, id: number): SpdyStep =>
  spdy.streams.has(id) ? reset(spdy, id, rstStatus.cancel) : [spdy, []];

/** Sends bytes on a stream. On one that has ended they are dropped. */
export const spdySend = (spdy: Spdy, id: number, bytes: Uint8Array): SpdyStep => {
  const stream = spdy.streams.get(id);
  if (stream === undefined || stream.selfEnded) return [spdy, []];
  const events: SpdyEvent[] = [];
  for (let at = 0; at < bytes.length; at += maxFrameBytes) {
    const part = bytes.subarray(at, at + maxFrameBytes);
    events.push(write(dataHead(id, part.length, false)), write(part));
  }
  return [spdy, events];
};

/** Sends nothing more on a stream; the peer still may. */
export const spdyEnd = (spdy: Spdy, id: number): SpdyStep => {
  const stream = spdy.streams.get(id);
  return stream === undefined || stream.selfEnded
    ? [spdy, []]
    : [withStream(spdy, id, { ...stream, selfEnded: true }), [write(dataHead(id, 0, true))]];
};
