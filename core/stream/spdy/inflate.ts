import * as E from "fp-ts/lib/Either.js";
import { joined } from "../joined.ts";
import { spdyDictionary } from "./dictionary.ts";

/**
 * Inflates a zlib stream (RFC 1950) that names `dictionary`, up to its last sync flush; `undefined` when it is damaged, or
 * longer than `maxBytes`. A pure function: zlib's own.
 */
export type Inflate = (zlib: Uint8Array, dictionary: Uint8Array, maxBytes: number) => Uint8Array | undefined;

/** How far the one zlib stream of a connection's header blocks is read. */
export interface Inflating {
  /** What the next block may point back to; `undefined`: no block has come yet. */
  readonly window: Uint8Array | undefined;
}

export const notInflating: Inflating = { window: undefined };

const windowBytes = 32_768;
const noBytes = new Uint8Array(0);

/** RFC 1950, section 8.2. */
export const adler32 = (bytes: Uint8Array): number => {
  let [a, b] = [1, 0];
  // the sums stay below 2^32 for 5552 bytes
  for (let at = 0; at < bytes.length;) {
    for (const end = Math.min(at + 5552, bytes.length); at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return (b * 65_536 + a) >>> 0;
};

/** The head of a zlib stream that continues after `window`: the two bytes are a multiple of 31, bit 5 says "dictionary". */
const headFor = (window: Uint8Array): Uint8Array => {
  if (window.length === 0) return new Uint8Array([0x78, 0x01]);
  const sum = adler32(window);
  return new Uint8Array([0x78, 0x20, sum >>> 24, sum >>> 16, sum >>> 8, sum]);
};

/** The compressed bytes of the first block behind the stream's own head, and what they may point back to. */
const begin = (block: Uint8Array): E.Either<string, readonly [Uint8Array, Uint8Array]> => {
  const [method = 0, flags = 0] = block;
  if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0) {
    return E.left("the header blocks are not a zlib stream");
  }
  if ((flags & 0x20) === 0) return E.right([block.subarray(2), noBytes]);
  const named = new DataView(block.buffer, block.byteOffset, block.length);
  return block.length >= 6 && named.getUint32(2) === adler32(spdyDictionary)
    ? E.right([block.subarray(6), spdyDictionary])
    : E.left("the header blocks name another dictionary than SPDY/3's");
};

const isFlushed = (block: Uint8Array): boolean => {
  const [a, b, c, d] = block.subarray(-4);
  return a === 0 && b === 0 && c === 0xff && d === 0xff;
};

/**
 * Inflates the next header block. All blocks of one direction are one zlib stream, each ended by a sync flush, so a block
 * begins on a whole byte and is inflated by itself, with what came before as its dictionary: nothing but that window is kept.
 */
export const inflateBlock = (
  inflate: Inflate,
  { window }: Inflating,
  block: Uint8Array,
  maxBytes: number,
): E.Either<string, readonly [Inflating, Uint8Array]> => {
  const begun: E.Either<string, readonly [Uint8Array, Uint8Array]> = window === undefined
    ? begin(block)
    : E.right([block, window]);
  if (E.isLeft(begun)) return begun;
  const [deflated, before] = begun.right;
  if (!isFlushed(deflated)) return E.left("a header block does not end in a sync flush");
  const bytes = inflate(joined(headFor(before), deflated), before, maxBytes);
  if (bytes === undefined) return E.left(`a header block is damaged, or longer than ${maxBytes} bytes`);
  return E.right([{ window: joined(before, bytes).slice(-windowBytes) }, bytes]);
};
