import * as E from "fp-ts/lib/Either.js";
import type { RawFrame } from "./frame_reader.ts";

/** A control frame that means something to a server. Header blocks are still compressed. */
export type ControlFrame =
  | {
    readonly _tag: "SynStream";
    readonly id: number;
    readonly fin: boolean;
    /** Nothing is to be sent back on it. */
    readonly unidirectional: boolean;
    readonly block: Uint8Array;
  }
  /** `SYN_REPLY` or `HEADERS`. */
  | { readonly _tag: "Headers"; readonly id: number; readonly fin: boolean; readonly block: Uint8Array }
  | { readonly _tag: "RstStream"; readonly id: number; readonly status: number }
  | { readonly _tag: "Ping"; readonly id: number }
  | { readonly _tag: "GoAway" }
  /** `SETTINGS`, `WINDOW_UPDATE`, and what SPDY/3.1 does not know. */
  | { readonly _tag: "Other" };

const synStream = 1;
const synReply = 2;
const rstStream = 3;
const ping = 6;
const goAway = 7;
const headers = 8;

/** `RST_STREAM` status codes. */
export const rstStatus = { protocolError: 1, refusedStream: 3, cancel: 5 } as const;

const leastBytes: ReadonlyMap<number, number> = new Map([
  [synStream, 10],
  [synReply, 4],
  [rstStream, 8],
  [ping, 4],
  [goAway, 8],
  [headers, 4],
]);

/** Reads a control frame (SPDY draft 3, section 2.6). Left: it is none of version 3, or too short for its kind. */
export const readControl = (
  { version, type, flags, payload }: Extract<RawFrame, { _tag: "Control" }>,
): E.Either<string, ControlFrame> => {
  if (version !== 3) return E.left(`a control frame has version ${version}, not 3`);
  if (payload.length < (leastBytes.get(type) ?? 0)) {
    return E.left(`a control frame of type ${type} has only ${payload.length} bytes`);
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const id = payload.length < 4 ? 0 : view.getUint32(0) & 0x7fff_ffff;
  const fin = (flags & 1) !== 0;
  switch (type) {
    case synStream:
      return E.right({
        _tag: "SynStream",
        id,
        fin,
        unidirectional: (flags & 2) !== 0,
        block: payload.subarray(10),
      });
    case synReply:
    case headers:
      return E.right({ _tag: "Headers", id, fin, block: payload.subarray(4) });
    case rstStream:
      return E.right({ _tag: "RstStream", id, status: view.getUint32(4) });
    case ping:
      return E.right({ _tag: "Ping", id: view.getUint32(0) });
    case goAway:
      return E.right({ _tag: "GoAway" });
    default:
      return E.right({ _tag: "Other" });
  }
};

const control = (type: number, words: readonly number[], rest: readonly number[] = []): Uint8Array => {
  const length = words.length * 4 + rest.length;
  const frame = new Uint8Array(8 + length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 0x8003_0000 + type);
  view.setUint32(4, length);
  words.forEach((word, at) => view.setUint32(8 + at * 4, word));
  frame.set(rest, 8 + words.length * 4);
  return frame;
};

/** Stored blocks (RFC 1951, 3.2.4): the number 0, and nothing, which is a sync flush. */
const noPairs = [0x00, 0x04, 0x00, 0xfb, 0xff, 0, 0, 0, 0, 0x00, 0x00, 0x00, 0xff, 0xff];

/**
 * The answer to `SYN_STREAM`, with no headers. Its block is constant, so no deflater is needed; the first one of a connection
 * begins the zlib stream, without a dictionary, which every inflater accepts.
 */
export const synReplyFrame = (id: number, first: boolean): Uint8Array =>
  control(synReply, [id], first ? [0x78, 0x01, ...noPairs] : noPairs);

export const rstStreamFrame = (id: number, status: number): Uint8Array => control(rstStream, [id, status]);

export const pingFrame = (id: number): Uint8Array => control(ping, [id]);

/** `status` 0: all is well; 1: a protocol error. */
export const goAwayFrame = (lastId: number, status: 0 | 1): Uint8Array => control(goAway, [lastId, status]);

/** The longest that a frame can carry. */
export const maxFrameBytes = 0xff_ffff;

/** What goes before `length` bytes of a stream, at most {@link maxFrameBytes}. */
export const dataHead = (id: number, length: number, fin: boolean): Uint8Array => {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, id);
  view.setUint32(4, length + (fin ? 0x0100_0000 : 0));
  return head;
};
