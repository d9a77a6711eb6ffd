import { textOf } from "./bytes.ts";

const key: Uint8Array = new TextEncoder().encode('"managedFields":');

const backslash = 0x5c;
const openingBracket = 0x5b;

/** 1: a quote. 2: a backslash. 3: a bracket. */
const classOf = new Uint8Array(256);
classOf[0x22] = 1;
classOf[backslash] = 2;
classOf[openingBracket] = 3;
classOf[0x5d] = 3;

/** The index of the bracket that closes the array whose content begins at `from`, or -1. */
const closingBracket = (json: Uint8Array, from: number): number => {
  let depth = 1;
  let inString = 0;
  for (let at = from; at < json.length; at++) {
    const code = json[at] ?? 0;
    const kind = classOf[code] ?? 0;
    // Without a branch: quotes are frequent, and no processor can foresee them.
    inString ^= kind & 1;
    if (kind < 2) continue;
    if (kind === 2) at += 1;
    else {
      inString ^= 1; // a bracket is no quote
      if (inString === 1) continue;
      depth += code === openingBracket ? 1 : -1;
      if (depth === 0) return at;
    }
  }
  return -1;
};

/**
 * Whether the bracket at `at` begins the value of `managedFields`. An unescaped quote before the name is, in valid JSON,
 * the beginning of a key, and never part of a text.
 */
const isManagedFields = (json: Uint8Array, at: number): boolean => {
  const start = at - key.length;
  if (start < 1 || json[at - 1] !== 0x3a || json[start - 1] === backslash) return false;
  for (let index = 0; index < key.length; index++) if (json[start + index] !== key[index]) return false;
  return true;
};

/**
 * The text of UTF-8 JSON, in which the first `most` arrays under the key `managedFields` are empty. They are up to two
 * thirds of an object, nobody here reads them, and passing over them is several times cheaper than parsing them. Nothing
 * else changes, valid JSON stays valid. A server writes them without white space; elsewhere they are left as they are.
 */
export const textWithoutManagedFields = (json: Uint8Array, most: number): string => {
  const texts: string[] = [];
  let from = 0;
  let at = json.indexOf(openingBracket);
  for (let found = 0; at !== -1 && found < most; at = json.indexOf(openingBracket, at + 1)) {
    if (!isManagedFields(json, at)) continue;
    const end = closingBracket(json, at + 1);
    if (end === -1) break;
    texts.push(textOf(json.subarray(from, at + 1)));
    from = end;
    at = end;
    found += 1;
  }
  texts.push(textOf(from === 0 ? json : json.subarray(from)));
  return texts.join("");
};
