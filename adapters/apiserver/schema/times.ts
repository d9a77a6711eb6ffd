import * as E from "fp-ts/lib/Either.js";

/** The parts of RFC 3339 as Go's layout calls them, and what each reads. */
const partsOf = (digits: 0 | 6): readonly (readonly [string, RegExp])[] => [
  ["2006", /^\d{4}/],
  ["-", /^-/],
  ["01", /^\d\d/],
  ["-", /^-/],
  ["02", /^\d\d/],
  ["T", /^T/],
  ["15", /^\d\d?/],
  [":", /^:/],
  ["04", /^\d\d/],
  [":", /^:/],
  ["05", /^\d\d/],
  digits === 6 ? [".000000", /^\.\d{6}/] : ["", /^(\.\d+)?/],
  ["Z07:00", /^(Z|[+-]\d\d:\d\d)/],
];

const parts = { 0: partsOf(0), 6: partsOf(6) } as const;

const layouts = { 0: "2006-01-02T15:04:05Z07:00", 6: "2006-01-02T15:04:05.000000Z07:00" } as const;
const canonical = {
  0: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  6: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/,
} as const;

const wrongAt = (text: string, digits: 0 | 6): string | undefined => {
  let rest = text;
  for (const [name, reads] of parts[digits]) {
    const found = reads.exec(rest);
    if (found === null) return `cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(name)}`;
    rest = rest.slice(found[0].length);
  }
  return rest === "" ? undefined : `extra text: ${JSON.stringify(rest)}`;
};

/** RFC 3339 in UTC, with whole seconds or microseconds, or why the text is no time. */
export const timeText = (text: string, digits: 0 | 6): E.Either<string, string> => {
  // nearly all times come from a program, written as they are kept
  if (canonical[digits].test(text) && !Number.isNaN(Date.parse(text))) return E.right(text);
  const fault = (why: string): E.Either<string, string> =>
    E.left(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layouts[digits])}: ${why}`);
  const wrong = wrongAt(text, digits);
  if (wrong !== undefined) return fault(wrong);
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return fault("day out of range");
  const seconds = new Date(ms).toISOString().slice(0, 19);
  const fraction = digits === 6 ? /\.\d{6}/.exec(text)?.[0] ?? ".000000" : "";
  return E.right(`${seconds}${fraction}Z`);
};
