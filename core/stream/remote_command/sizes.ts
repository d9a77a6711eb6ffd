import { joined } from "../joined.ts";

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

const utf8 = new TextDecoder();
const openBrace = 0x7b;
const closeBrace = 0x7d;
/** A size has less than 40 bytes; whatever goes on longer is none. */
const maxBytes = 256;
const none = new Uint8Array(0);

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff;

const sizeOf = (object: Uint8Array): TerminalSize | undefined => {
  try {
    const { Width, Height } = JSON.parse(utf8.decode(object));
    // a terminal that is not known yet has no size: not one to be told to a program
    return isSize(Width) && isSize(Height) && Width > 0 && Height > 0
      ? { width: Width, height: Height }
      : undefined;
  } catch {
    return undefined;
  }
};

/** The resize channel: JSON objects `{"Width":80,"Height":24}` one after another, cut anywhere. `rest` is kept for the next bytes. */
export const readSizes = (
  rest: Uint8Array,
  bytes: Uint8Array,
): { readonly rest: Uint8Array; readonly sizes: readonly TerminalSize[] } => {
  const sizes: TerminalSize[] = [];
  let from = -1;
  const all = joined(rest, bytes);
  for (let at = 0; at < all.length; at++) {
    if (all[at] === openBrace) from = at;
    if (all[at] !== closeBrace || from < 0) continue;
    const size = at - from < maxBytes ? sizeOf(all.subarray(from, at + 1)) : undefined;
    if (size !== undefined) sizes.push(size);
    from = -1;
  }
  const isOpen = from >= 0 && all.length - from < maxBytes;
  return { rest: isOpen ? all.slice(from) : none, sizes };
};
