const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d{1,2})?$/;

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

const exponentOf = (suffix: string): number => decimal[suffix] ?? Number(suffix.slice(1));

/** A `resource.Quantity` in billionths, rounded up as the API server does, or `undefined` when it is none. */
export const parseQuantity = (text: string): bigint | undefined => {
  const [, sign, whole = "", fraction = "", suffix = ""] = pattern.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const factor = binary[suffix] ?? 1n;
  const exponent = 9 - fraction.length + (suffix === "" || suffix in binary ? 0 : exponentOf(suffix));
  const digits = BigInt(whole + fraction) * factor;
  const scaled = exponent >= 0
    ? digits * 10n ** BigInt(exponent)
    : divideUp(digits, 10n ** BigInt(-exponent));
  return sign === "-" ? -scaled : scaled;
};

const divideUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

/** Whether two quantities are the same amount: the API server rewrites `4000m` to `4` and `8192Mi` to `8Gi`. */
export const sameQuantity = (a: string, b: string): boolean => {
  if (a === b) return true;
  const amount = parseQuantity(a);
  return amount !== undefined && amount === parseQuantity(b);
};
