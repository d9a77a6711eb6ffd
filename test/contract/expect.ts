import { canonicalJson } from "../../core/hash.ts";

// Without an assertion library: what fails says all in its message, whatever runs the checks.

const shown = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value.slice(0, 300)) : `${canonicalJson(value)}`.slice(0, 600);

/** Throws unless it is so. */
export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Throws unless both are the same JSON: fields that are `undefined` do not count. */
export const expectEqual = (actual: unknown, expected: unknown, what: string): void =>
  expect(
    canonicalJson(actual) === canonicalJson(expected),
    `${what}: expected ${shown(expected)}, but it is ${shown(actual)}`,
  );

/** Throws unless the text fits. */
export const expectMatch = (actual: string, pattern: RegExp, what: string): void =>
  expect(pattern.test(actual), `${what}: expected ${pattern}, but it is ${shown(actual)}`);

/** What the promise rejects with. Throws when it does not. */
export const rejectionOf = async (promise: Promise<unknown>, what: string): Promise<unknown> => {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: expected a rejection, but it gave ${shown(value)}`);
};
