import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import type { Millis } from "../../core/time.ts";
import { decoder, type Kind, type Parsed, textKind } from "./kind.ts";

const wrong = { wrong: "" } as const;

/** Any text but an empty one. `what` follows "give": `the name of a region`. */
export const text = (placeholder: string, what: string): Kind<string> =>
  textKind({ placeholder, expected: what, parse: (given) => given.trim() === "" ? wrong : { value: given } });

/** The path of a file; it is opened later. */
export const file: Kind<string> = text("FILE", "the path of a file");

/** The path of a folder; it is opened or made later. */
export const folder: Kind<string> = text("DIR", "the path of a folder");

/** One of a few words. */
export const choice = <A extends string>(placeholder: string, words: readonly A[]): Kind<A> => {
  const among = (input: string): Parsed<A> => {
    const value = words.find((word) => word === input);
    return value === undefined ? wrong : { value };
  };
  return textKind({ placeholder, expected: words.join(" or "), parse: among });
};

/** A whole number within bounds, both included. */
export const integer = (placeholder: string, min: number, max: number): Kind<number> => {
  const within = (value: number): Parsed<number> =>
    Number.isInteger(value) && value >= min && value <= max ? { value } : wrong;
  return {
    placeholder,
    expected: `a whole number from ${min} to ${max}`,
    text: decoder(placeholder, (input) => /^[+-]?\d{1,15}$/.test(input) ? within(Number(input)) : wrong),
    data: decoder(placeholder, (input) => typeof input === "number" ? within(input) : wrong),
    show: String,
  };
};

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** On or off: `--NAME` and `--no-NAME`, `true` and `false`. */
export const toggle: Kind<boolean> = {
  placeholder: "",
  expected: "true or false",
  off: false,
  text: decoder("boolean", (input) => {
    const value = truths.get(input.toLowerCase());
    return value === undefined ? wrong : { value };
  }),
  data: t.boolean,
  show: String,
};

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `90s`, `1m30s` or `500ms` in milliseconds; `undefined` when it is nothing of the kind. */
export const parseDuration = (input: string): Millis | undefined => {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(input)) return undefined;
  let ms = 0;
  for (const [, number, unit = "ms"] of input.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    ms += Number(number) * (unitMs[unit] ?? 0);
  }
  return ms;
};

/** `1m30s`: the same as {@link parseDuration} reads. */
export const showDuration = (ms: Millis): string => {
  let rest = ms, shown = "";
  for (const unit of ["h", "m", "s", "ms"]) {
    const size = unitMs[unit] ?? 1;
    const count = unit === "ms" ? rest : Math.floor(rest / size);
    if (count > 0) shown += `${count}${unit}`;
    rest -= count * size;
  }
  return shown === "" ? "0s" : shown;
};

/** A length of time, in milliseconds, within bounds that are told with it. */
export const duration = (min: Millis, max: Millis = 365 * 24 * 3_600_000, stepMs = 1): Kind<Millis> =>
  textKind({
    placeholder: "TIME",
    expected: `a time from ${showDuration(min)} to ${showDuration(max)}${
      stepMs === 1_000 ? " in whole seconds" : ""
    }, like 90s, 1m30s or 500ms`,
    parse: (input) => {
      const value = parseDuration(input);
      return value === undefined || value < min || value > max || value % stepMs !== 0 ? wrong : { value };
    },
    show: showDuration,
  });

const pieces = (input: string): readonly string[] =>
  input.split(",").map((piece) => piece.trim()).filter((piece) => piece !== "");

/** Several of a kind: repeated or with commas, and a list or the same text in a file. `none` is the empty list. */
export const list = <A>(item: Kind<A>): Kind<readonly A[]> => {
  const all = <I>(inputs: readonly I[], one: t.Decoder<I, A>): Parsed<readonly A[]> => {
    const values: A[] = [];
    for (const input of inputs) {
      const decoded = one.decode(input);
      if (E.isLeft(decoded)) return { wrong: decoded.left.at(-1)?.message ?? "" };
      values.push(decoded.right);
    }
    return { value: values };
  };
  const fromText = (input: string): Parsed<readonly A[]> =>
    all(input === "none" ? [] : pieces(input), item.text);
  return {
    placeholder: item.placeholder,
    expected: `${item.expected}; several with commas, or none`,
    many: true,
    off: [],
    text: decoder("list", fromText),
    data: decoder(
      "list",
      (input) =>
        Array.isArray(input) ? all(input, item.data) : typeof input === "string" ? fromText(input) : wrong,
    ),
    show: (values) => values.length === 0 ? "none" : values.map((value) => item.show(value)).join(","),
  };
};

/** Names with values: `a=1,b=2`, repeated or with commas, and an object or the same text in a file. */
export const record = <A>(
  options: {
    readonly placeholder: string;
    readonly expected: string;
    readonly pair: (name: string, value: unknown) => Parsed<A>;
  },
): Kind<Readonly<Record<string, A>>> => {
  const { placeholder, expected, pair } = options;
  const all = (pairs: Iterable<readonly [string, unknown]>): Parsed<Readonly<Record<string, A>>> => {
    const values: [string, A][] = [];
    for (const [name, given] of pairs) {
      const parsed = pair(name, given);
      if ("wrong" in parsed) return parsed;
      values.push([name, parsed.value]);
    }
    return { value: Object.fromEntries(values) };
  };
  const split = (piece: string): readonly [string, unknown] => {
    const at = piece.indexOf("=");
    return at < 0 ? [piece, undefined] : [piece.slice(0, at), piece.slice(at + 1)];
  };
  const fromText = (input: string): Parsed<Readonly<Record<string, A>>> => all(pieces(input).map(split));
  return {
    placeholder,
    expected,
    many: true,
    text: decoder("record", fromText),
    data: decoder("record", (input) => {
      if (typeof input === "string") return fromText(input);
      const isRecord = typeof input === "object" && input !== null && !Array.isArray(input);
      return isRecord ? all(Object.entries(input)) : wrong;
    }),
    show: (values) => Object.entries(values).map(([name, value]) => `${name}=${value}`).join(","),
  };
};
