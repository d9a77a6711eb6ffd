import { formatTime } from "../../../core/time.ts";
import { encodeBase64Url } from "../auth/tokens/base64url.ts";
import type { Json } from "../object.ts";
import type { Atom } from "../schema/types.ts";
import { type WireField, wireFields } from "./wire.ts";

const text = new TextDecoder();

export const textOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? "" : text.decode(bytes);

/** RFC 4648 with padding, as JSON has bytes. */
const base64Of = (bytes: Uint8Array): string => {
  const encoded = encodeBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, "=");
};

const wholeOf = (varint: bigint | undefined): number => Number(BigInt.asIntN(64, varint ?? 0n));

const nested = (wire: WireField, number: number): WireField | undefined =>
  wireFields(wire.bytes ?? new Uint8Array())?.find((field) => field.number === number);

/** A time that was never set is an empty message. */
const timeOf = (wire: WireField, digits: 0 | 6): Json | undefined => {
  if (wire.bytes === undefined || wire.bytes.length === 0) return undefined;
  const seconds = wholeOf(nested(wire, 1)?.varint);
  const whole = formatTime(seconds * 1000);
  if (digits === 0) return whole;
  const micros = Math.floor(wholeOf(nested(wire, 2)?.varint) / 1000);
  return `${whole.slice(0, -1)}.${`${micros}`.padStart(6, "0")}Z`;
};

const jsonOf = (wire: WireField): Json | undefined => {
  try {
    return JSON.parse(textOf(nested(wire, 1)?.bytes));
  } catch {
    return undefined;
  }
};

const doubleOf = ({ bytes }: WireField): number =>
  bytes?.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true) : 0;

/** One value that is no struct, as JSON has it; `undefined` for none. */
export const scalarOf = (atom: Atom, wire: WireField): Json | undefined => {
  switch (atom) {
    case "string":
      return textOf(wire.bytes);
    case "bool":
      return wire.varint !== undefined && wire.varint !== 0n;
    case "int32":
    case "int64":
      return wholeOf(wire.varint);
    case "float64":
      return doubleOf(wire);
    case "bytes":
      return base64Of(wire.bytes ?? new Uint8Array());
    case "time":
      return timeOf(wire, 0);
    case "microtime":
      return timeOf(wire, 6);
    case "quantity":
      return textOf(nested(wire, 1)?.bytes);
    case "intstr":
      return wholeOf(nested(wire, 1)?.varint) === 0
        ? wholeOf(nested(wire, 2)?.varint)
        : textOf(nested(wire, 3)?.bytes);
    case "json":
      return jsonOf(wire);
  }
};
