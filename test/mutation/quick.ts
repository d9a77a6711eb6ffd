import type { Exports } from "./modules.ts";

interface Details {
  readonly failed: boolean;
  readonly errorInstance: unknown;
}

const judge = ({ failed, errorInstance }: Details): void => {
  if (failed) throw new Error("a property does not hold", { cause: errorInstance });
};

/**
 * fast-check for tests whose only question is whether they fail: at most `runs` runs of a property, and of a failure
 * neither a smaller one nor a text.
 */
export const quickProperties = (fastCheck: Exports, runs: number): Exports => {
  const { check } = fastCheck as {
    check: (property: unknown, options: unknown) => Details | Promise<Details>;
  };
  const assert = (property: unknown, options: { readonly numRuns?: number } = {}): void | Promise<void> => {
    const numRuns = Math.min(options.numRuns ?? runs, runs);
    const details = check(property, { ...options, numRuns, endOnFailure: true });
    return details instanceof Promise ? details.then(judge) : judge(details);
  };
  const quick = { ...fastCheck, assert };
  return { ...quick, default: { ...fastCheck.default as Exports, assert } };
};

/** uvu's assertions for the same question: of what differs no comparison is drawn. */
export const quickAssertions = (assertions: Exports): Exports => {
  const { is, equal } = assertions as Record<"is" | "equal", (a: unknown, b: unknown, error: Error) => void>;
  const failure = new Error("not equal");
  return {
    ...assertions,
    // the functions have others as their fields
    is: Object.assign((actual: unknown, expected: unknown) => is(actual, expected, failure), is),
    equal: Object.assign((actual: unknown, expected: unknown) => equal(actual, expected, failure), equal),
  };
};
