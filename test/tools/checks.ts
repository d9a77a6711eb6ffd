import { suite } from "uvu";
import type { Check } from "../contract/check.ts";
import { testUnless } from "./skip.ts";

/** Runs a contract's checks, one test each. */
export const runChecks = (name: string, checks: readonly Check[]): void => {
  const test = suite(name);
  for (const { name, skip, run } of checks) testUnless(skip, test, name, run);
  test.run();
};
