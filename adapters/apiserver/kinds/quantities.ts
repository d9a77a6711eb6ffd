import { parseQuantity } from "../../../core/kubernetes/quantity.ts";
import type { Json, JsonObject } from "../object.ts";
import { field } from "./fields.ts";

const nano = 1_000_000_000n;
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;

const isBinary = (text: string): boolean => /i$/.test(text);
const isExponent = (text: string): boolean => /[eE][+-]?\d+$/.test(text);

/** `value` with its factors of `by` taken out, at most `most` of them. */
const factored = (value: bigint, by: bigint, most: number): readonly [bigint, number] => {
  let rest = value;
  let count = 0;
  for (; count < most && rest % by === 0n; count++) rest /= by;
  return [rest, count];
};

const binaryText = (amount: bigint): string => {
  const [rest, count] = factored(amount, 1024n, binarySuffixes.length - 1);
  return `${rest}${binarySuffixes[count]}`;
};

const decimalText = (nanos: bigint, exponent: boolean): string => {
  const [rest, count] = factored(nanos, 1000n, decimalSuffixes.length - 1);
  const power = 3 * count - 9;
  return `${rest}${exponent ? power === 0 ? "" : `e${power}` : decimalSuffixes[count]}`;
};

/** In whole thousandths, rounded away from 0. */
const milli = (nanos: bigint): bigint => {
  const unit = nano / 1000n;
  const rest = nanos % unit;
  return rest === 0n ? nanos : nanos - rest + (nanos > 0n ? unit : -unit);
};

/**
 * A quantity as the API server writes it (`1000m` as `1`, `1024Mi` as `1Gi`, `0.5` as `500m`): the largest suffix that
 * leaves a whole number, of the family that was used. `undefined` when it is none.
 */
export const canonicalQuantity = (value: Json | undefined): string | undefined => {
  const text = typeof value === "number" ? `${value}` : value;
  const parsed = typeof text === "string" ? parseQuantity(text) : undefined;
  if (parsed === undefined || typeof text !== "string") return undefined;
  const nanos = milli(parsed);
  if (nanos === 0n) return "0";
  const whole = nanos / nano;
  const isLarge = whole >= 1024n || whole <= -1024n;
  if (isBinary(text) && isLarge && nanos % nano === 0n) return binaryText(whole);
  return decimalText(nanos, isExponent(text));
};

/** What the API server answers to what is none. */
export const badQuantity =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The amount of a resource, in billionths. */
export const amountOf = (quantities: JsonObject, name: string): bigint | undefined => {
  const value = field(quantities, name);
  return typeof value === "string" ? parseQuantity(value) : undefined;
};
