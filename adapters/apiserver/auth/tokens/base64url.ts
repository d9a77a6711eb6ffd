const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const valueOf: ReadonlyMap<string, number> = new Map([...alphabet].map((letter, value) => [letter, value]));

/** RFC 4648 section 5 without padding, as in JWTs. */
export const encodeBase64Url = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(bytes.length - at, 3) + 1;
    for (let letter = 0; letter < letters; letter++) text += alphabet[(group >> (18 - 6 * letter)) & 63];
  }
  return text;
};

/** The bytes of a text in that form, or `undefined` when it is not exactly what {@link encodeBase64Url} gives. */
export const decodeBase64Url = (text: string): Uint8Array | undefined => {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let filled = 0;
  for (const letter of text) {
    const value = valueOf.get(letter);
    if (value === undefined) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) bytes[filled++] = (held >> (bits -= 8)) & 0xff;
  }
  // a second spelling of the same bytes is no signature of ours
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
};
