/** One value of ASN.1 in DER (X.690): its tag, what it holds, and all of its bytes. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

interface Read {
  readonly value: Der;
  readonly rest: Uint8Array;
}

const lengthOf = (bytes: Uint8Array): { readonly length: number; readonly from: number } | undefined => {
  const [, first] = bytes;
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, from: 2 };
  const digits = first & 0x7f;
  // three bytes are 16 MiB: more than any request may have
  if (digits === 0 || digits > 3 || bytes.length < 2 + digits) return undefined;
  const length = bytes.subarray(2, 2 + digits).reduce((sum, byte) => sum * 256 + byte, 0);
  return { length, from: 2 + digits };
};

/** The first value of these bytes, and what follows it. */
const readDer = (bytes: Uint8Array): Read | undefined => {
  const [tag] = bytes;
  const found = lengthOf(bytes);
  if (tag === undefined || found === undefined) return undefined;
  const end = found.from + found.length;
  if (end > bytes.length) return undefined;
  const value = { tag, content: bytes.subarray(found.from, end), whole: bytes.subarray(0, end) };
  return { value, rest: bytes.subarray(end) };
};

/** The values that bytes consist of; none when they are not DER throughout. */
export const derValues = (bytes: Uint8Array): readonly Der[] => {
  const values: Der[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const read = readDer(rest);
    if (read === undefined) return [];
    values.push(read.value);
    rest = read.rest;
  }
  return values;
};

/** What a sequence, a set or a tagged value consists of. */
export const partsOf = (value: Der | undefined): readonly Der[] =>
  value === undefined || (value.tag & 0x20) === 0 ? [] : derValues(value.content);

/** Bytes in hexadecimal: object identifiers are compared by it. */
export const hexOf = (bytes: Uint8Array | undefined): string =>
  Array.from(bytes ?? [], (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A character string; BMP strings and others that are no UTF-8 read as what their bytes would be. */
export const textOf = (value: Der | undefined): string =>
  value === undefined ? "" : new TextDecoder().decode(value.content);
