/** One field of a message as it is on the wire: a number, or bytes (of text, of a message, or of eight for a double). */
export interface WireField {
  readonly number: number;
  readonly varint?: bigint;
  readonly bytes?: Uint8Array;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** The next number of up to 64 bits; `undefined` when the bytes end within it. */
const readVarint = (reader: Reader): bigint | undefined => {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  return undefined;
};

const readBytes = (reader: Reader, length: number): Uint8Array | undefined => {
  const end = reader.at + length;
  if (end > reader.bytes.length) return undefined;
  const bytes = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return bytes;
};

const readField = (reader: Reader): WireField | undefined => {
  const tag = readVarint(reader);
  if (tag === undefined) return undefined;
  const number = Number(tag >> 3n);
  switch (Number(tag & 7n)) {
    case 0: {
      const varint = readVarint(reader);
      return varint === undefined ? undefined : { number, varint };
    }
    case 1: {
      const bytes = readBytes(reader, 8);
      return bytes === undefined ? undefined : { number, bytes };
    }
    case 2: {
      const length = readVarint(reader);
      const bytes = length === undefined ? undefined : readBytes(reader, Number(length));
      return bytes === undefined ? undefined : { number, bytes };
    }
    case 5: {
      const bytes = readBytes(reader, 4);
      return bytes === undefined ? undefined : { number, bytes };
    }
    default:
      return undefined;
  }
};

/** The fields of a message in their order, or `undefined` for bytes that are none. */
export const wireFields = (bytes: Uint8Array): readonly WireField[] | undefined => {
  const reader: Reader = { bytes, at: 0 };
  const fields: WireField[] = [];
  while (reader.at < bytes.length) {
    const field = readField(reader);
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields;
};

/** The numbers that a packed list consists of. */
export const packedVarints = (bytes: Uint8Array): readonly bigint[] => {
  const reader: Reader = { bytes, at: 0 };
  const values: bigint[] = [];
  while (reader.at < bytes.length) {
    const value = readVarint(reader);
    if (value === undefined) return [];
    values.push(value);
  }
  return values;
};
