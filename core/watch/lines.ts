import { addBytes, type Bytes, joinBytes, noBytes } from "./bytes.ts";

/** Ends a line of a watch. */
export const lineFeed = 0x0a;

/**
 * Cuts `pending` followed by `chunk` at every line feed. `line` is called for each whole line, without its line feed, until
 * it answers `false`. Returns what is left after the last line feed; nothing is left when a line answered `false`.
 * Lines are cut before they are decoded, so a character that spans two chunks stays whole.
 */
export const splitLines = (
  pending: Bytes,
  chunk: Uint8Array,
  line: (bytes: Uint8Array) => boolean,
): Bytes => {
  let end = chunk.indexOf(lineFeed);
  if (end === -1) return addBytes(pending, chunk);
  const first = chunk.subarray(0, end);
  if (!line(pending.length === 0 ? first : joinBytes(addBytes(pending, first)))) return noBytes;
  let start = end + 1;
  while ((end = chunk.indexOf(lineFeed, start)) !== -1) {
    if (!line(chunk.subarray(start, end))) return noBytes;
    start = end + 1;
  }
  return addBytes(noBytes, chunk.subarray(start));
};
