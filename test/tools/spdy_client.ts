// A client's end of SPDY/3.1, as simple as can be: what it sends, and what it reads of what a server sends.
import { constants, deflateRawSync } from "node:zlib";
import { adler32 } from "../../core/stream/spdy/inflate.ts";
import { spdyDictionary } from "../../core/stream/spdy/dictionary.ts";

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const u32 = (value: number): Uint8Array =>
  new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);

const counted = (text: string): Uint8Array => concat([u32(encoder.encode(text).length), bytesOf(text)]);

export type Pairs = readonly (readonly [string, string])[];

/** A header block before it is compressed. */
export const plainBlock = (pairs: Pairs): Uint8Array =>
  concat([u32(pairs.length), ...pairs.flatMap(([name, value]) => [counted(name), counted(value)])]);

export const control = (
  type: number,
  payload: Uint8Array,
  { flags = 0, version = 3 }: { readonly flags?: number; readonly version?: number } = {},
): Uint8Array =>
  concat([
    new Uint8Array([0x80 | (version >> 8), version & 255, type >> 8, type & 255]),
    u32((flags << 24 | payload.length) >>> 0),
    payload,
  ]);

export const dataFrame = (id: number, bytes: Uint8Array, fin = false): Uint8Array =>
  concat([u32(id), u32((fin ? 0x0100_0000 : 0) + bytes.length), bytes]);

export const pingFrame = (id: number): Uint8Array => control(6, u32(id));
export const rstFrame = (id: number, status = 5): Uint8Array => control(3, concat([u32(id), u32(status)]));
export const goAwayFrame = (): Uint8Array => control(7, concat([u32(0), u32(0)]));

/** Compresses header blocks one after another into one zlib stream; `dictionary`: it names SPDY's, as Go's does. */
export const compressor = (dictionary = true): (plain: Uint8Array) => Uint8Array => {
  let first = true;
  return (plain) => {
    const block = deflateRawSync(plain, { finishFlush: constants.Z_SYNC_FLUSH });
    const head = dictionary
      ? concat([new Uint8Array([0x78, 0xf9]), u32(adler32(spdyDictionary))])
      : new Uint8Array([0x78, 0x9c]);
    const all = first ? concat([head, block]) : new Uint8Array(block);
    first = false;
    return all;
  };
};

export interface SpdyClient {
  /** `SYN_STREAM`. */
  open(id: number, headers: Pairs, flags?: number): Uint8Array;
}

export const spdyClient = (dictionary = true): SpdyClient => {
  const compress = compressor(dictionary);
  return {
    open: (id, headers, flags = 0) =>
      control(1, concat([u32(id), u32(0), new Uint8Array([0, 0]), compress(plainBlock(headers))]), { flags }),
  };
};

/** A frame that a server has sent, in words: `reply 1`, `data 3 hello`, `fin 3`, `rst 5 3`, `ping 1`, `goaway 1`. */
export const framesIn = (bytes: Uint8Array): readonly string[] => {
  const frames: string[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const word = view.getUint32(at);
    const flags = view.getUint8(at + 4);
    const length = view.getUint32(at + 4) & 0xff_ffff;
    const payload = bytes.subarray(at + 8, at + 8 + length);
    if (payload.length < length) throw new Error(`a frame breaks off: ${payload.length} of ${length} bytes`);
    if (word < 0x8000_0000) {
      if (length > 0) frames.push(`data ${word} ${textOf(payload)}`);
      if ((flags & 1) !== 0) frames.push(`fin ${word}`);
    } else {
      const number = (offset: number): number => view.getUint32(at + 8 + offset);
      const type = word & 0xffff;
      frames.push(
        type === 2
          ? `reply ${number(0)}`
          : type === 3
          ? `rst ${number(0)} ${number(4)}`
          : type === 6
          ? `ping ${number(0)}`
          : type === 7
          ? `goaway ${number(4)}`
          : `control ${type}`,
      );
    }
    at += 8 + length;
  }
  return frames;
};

/** Something that a machine tells; of what it writes, the frames are read once they are whole. */
type Told = { readonly _tag: string; readonly data?: Uint8Array | string };

/** Events in words: what is written as frames, the rest as `inWords` says. */
export const toldInWords = <A extends Told>(
  events: readonly A[],
  inWords: (event: A) => string,
): readonly string[] => {
  const words: string[] = [];
  let written: Uint8Array[] = [];
  const flush = (): void => {
    words.push(...framesIn(concat(written)).map((frame) => `> ${frame}`));
    written = [];
  };
  for (const event of events) {
    if (event._tag === "Write" && event.data instanceof Uint8Array) {
      written.push(event.data);
      continue;
    }
    flush();
    words.push(inWords(event));
  }
  flush();
  return words;
};
