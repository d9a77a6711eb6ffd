import * as E from "fp-ts/lib/Either.js";

/** Header values by lower-cased name. */
export type SpdyHeaders = ReadonlyMap<string, readonly string[]>;

const maxPairs = 100;
const utf8 = new TextDecoder();

/** Reads `length:32 bytes` texts one after another; `undefined`: there are too few bytes. */
const textReader = (block: Uint8Array): { number(): number | undefined; text(): string | undefined } => {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  let at = 0;
  const number = (): number | undefined => {
    if (at + 4 > block.length) return undefined;
    at += 4;
    return view.getUint32(at - 4);
  };
  return {
    number,
    text: () => {
      const length = number();
      if (length === undefined || at + length > block.length) return undefined;
      at += length;
      return utf8.decode(block.subarray(at - length, at));
    },
  };
};

/**
 * Reads an inflated header block: a count, and that many names and values; a value's parts are separated by NUL. Left: the
 * block breaks off, has more than 100 pairs, or an empty or repeated name.
 */
export const readHeaderBlock = (block: Uint8Array): E.Either<string, SpdyHeaders> => {
  const reader = textReader(block);
  const count = reader.number();
  if (count === undefined || count > maxPairs) {
    return E.left(`a header block has more than ${maxPairs} pairs`);
  }
  const headers = new Map<string, readonly string[]>();
  for (let left = count; left > 0; left--) {
    const [name, value] = [reader.text()?.toLowerCase(), reader.text()];
    if (name === undefined || value === undefined) return E.left("a header block breaks off");
    if (name === "" || headers.has(name)) return E.left("a header block has an empty or repeated name");
    headers.set(name, value.split("\0"));
  }
  return E.right(headers);
};
