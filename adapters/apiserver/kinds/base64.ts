const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const encoder = new TextEncoder();

/** RFC 4648 section 4 of a text's UTF-8, as secrets hold it. */
export const base64Of = (text: string): string => {
  const bytes = encoder.encode(text);
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(bytes.length - at, 3) + 1;
    for (let letter = 0; letter < 4; letter++) {
      encoded += letter < letters ? alphabet.charAt((group >> (18 - 6 * letter)) & 63) : "=";
    }
  }
  return encoded;
};
