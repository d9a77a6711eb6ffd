import * as E from "fp-ts/lib/Either.js";
import { badQuantity, canonicalQuantity } from "../kinds/quantities.ts";
import type { Json } from "../object.ts";
import { timeText } from "./times.ts";
import type { Atom } from "./types.ts";

/**
 * Why a value is none of its type: it is JSON of another type (`given` as the API server calls it, `wanted` where that is
 * not the type's own name), or text that is not written as it must be.
 */
export type ScalarFault =
  | { readonly _tag: "Mismatch"; readonly given: string; readonly wanted?: string }
  | { readonly _tag: "Malformed"; readonly why: string };

/** `object`, `array`, `string`, `bool`, `number`. */
export const jsonType = (value: Json): string =>
  Array.isArray(value)
    ? "array"
    : typeof value === "boolean"
    ? "bool"
    : value === null
    ? "null"
    : typeof value;

const mismatch = (value: Json, wanted?: string): E.Either<ScalarFault, never> =>
  E.left({ _tag: "Mismatch", given: jsonType(value), ...(wanted === undefined ? {} : { wanted }) });

const malformed = (why: string): E.Either<ScalarFault, never> => E.left({ _tag: "Malformed", why });

const integer = (value: Json, most: number, wanted?: string): E.Either<ScalarFault, Json> => {
  if (typeof value !== "number") return mismatch(value, wanted);
  if (Number.isInteger(value) && Math.abs(value) <= most) return E.right(value);
  return E.left({
    _tag: "Mismatch",
    given: `number ${value}`,
    ...(wanted === undefined ? {} : { wanted }),
  });
};

/** Where base64 text stops to be some, or -1. */
const badByte = (text: string): number => {
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return -1;
  const at = text.search(/[^A-Za-z0-9+/]/);
  return at >= 0 ? at : text.length - (text.length % 4);
};

const bytes = (value: string): E.Either<ScalarFault, Json> => {
  const text = value.includes("\n") || value.includes("\r") ? value.replace(/[\r\n]/g, "") : value;
  const at = badByte(text);
  return at < 0 ? E.right(text) : malformed(`illegal base64 data at input byte ${at}`);
};

const quantity = (value: Json): E.Either<ScalarFault, Json> => {
  const text = canonicalQuantity(value);
  return text === undefined ? malformed(badQuantity) : E.right(text);
};

const time = (value: Json, digits: 0 | 6): E.Either<ScalarFault, Json> =>
  typeof value === "string"
    ? E.mapLeft((why: string): ScalarFault => ({ _tag: "Malformed", why }))(timeText(value, digits))
    : mismatch(value, "string");

const maxInt32 = 2 ** 31 - 1;

/** The value as the API server keeps it (amounts and times are rewritten), or why it is none. `null` is not asked here. */
export const scalar = (atom: Atom, value: Json): E.Either<ScalarFault, Json> => {
  switch (atom) {
    case "string":
      return typeof value === "string" ? E.right(value) : mismatch(value);
    case "bool":
      return typeof value === "boolean" ? E.right(value) : mismatch(value);
    case "int32":
      return integer(value, maxInt32);
    case "int64":
      return integer(value, 2 ** 63);
    case "float64":
      return typeof value === "number" ? E.right(value) : mismatch(value);
    case "bytes":
      return typeof value === "string" ? bytes(value) : mismatch(value);
    case "time":
      return time(value, 0);
    case "microtime":
      return time(value, 6);
    case "quantity":
      return quantity(value);
    case "intstr":
      return typeof value === "string" ? E.right(value) : integer(value, maxInt32, "int32");
    case "json":
      return E.right(value);
  }
};

/** What stands for nothing: a null in a list. */
export const zeroOf = (atom: Atom): Json => {
  switch (atom) {
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "float64":
    case "intstr":
      return 0;
    case "quantity":
      return "0";
    case "time":
    case "microtime":
    case "json":
      return null;
    case "string":
    case "bytes":
      return "";
  }
};
