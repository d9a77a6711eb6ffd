const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values: ReadonlyMap<string, number> = new Map([...alphabet].map((letter, value) => [letter, value]));

/** RFC 4648 section 4, as `data` of Secrets and `binaryData` of ConfigMaps have it; `undefined`: it is not that. */
export const bytesOfBase64 = (text: string): Uint8Array | undefined => {
  const letters = text.replace(/={0,2}$/, "");
  if (text.length % 4 !== 0 || text.length - letters.length > 2) return undefined;
  const bytes = new Uint8Array(Math.floor(letters.length * 3 / 4));
  let group = 0;
  for (let at = 0, out = 0; at < letters.length; at++) {
    const value = values.get(letters.charAt(at));
    if (value === undefined) return undefined;
    group = (group << 6 | value) & 0xffffff;
    if (at % 4 !== 0) bytes[out++] = group >> (6 - 2 * (at % 4)) & 0xff;
  }
  return bytes;
};
