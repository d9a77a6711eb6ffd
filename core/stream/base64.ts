const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values: ReadonlyMap<number, number> = new Map(
  [...alphabet].map((char, at) => [char.charCodeAt(0), at]),
);
const padding = "=".charCodeAt(0);
const latin = new TextDecoder("latin1");

/** RFC 4648, section 4. */
export const encodeBase64 = (bytes: Uint8Array): string => {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(bytes.length - at, 3) + 1;
    for (let letter = 0; letter < letters; letter++) {
      text[to + letter] = alphabet.charCodeAt((group >> (18 - 6 * letter)) & 63);
    }
  }
  return latin.decode(text);
};

/** The bytes of a padded text, given as its characters; `undefined`: it is no base64. */
export const decodeBase64 = (text: Uint8Array): Uint8Array | undefined => {
  if (text.length % 4 !== 0) return undefined;
  const padded = text.at(-1) !== padding ? 0 : text.at(-2) !== padding ? 1 : 2;
  const bytes = new Uint8Array(text.length / 4 * 3 - padded);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    let group = 0;
    for (let letter = 0; letter < 4; letter++) {
      const isPadding = at + letter >= text.length - padded;
      const value = isPadding ? 0 : values.get(text[at + letter] ?? 0);
      if (value === undefined) return undefined;
      group = group * 64 + value;
    }
    for (let byte = 0; byte < 3 && to + byte < bytes.length; byte++) {
      bytes[to + byte] = group >> (16 - 8 * byte);
    }
  }
  return bytes;
};
