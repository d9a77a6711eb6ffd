/** As much of a uvu suite as is needed to add a test to it. */
interface Suite<Context> {
  (name: string, run: (context: Context) => Promise<void> | void): void;
  skip(name?: string, run?: (context: Context) => Promise<void> | void): void;
}

/**
 * Adds a test, or skips it when there is a reason to, and says so: the runner lists the reasons above its counts.
 * `undefined` means there is none.
 */
export const testUnless = <Context>(
  reason: string | undefined,
  test: Suite<Context>,
  name: string,
  run: (context: Context) => Promise<void> | void,
): void => {
  if (reason === undefined) return test(name, run);
  console.log(`SKIPPED ${name}: ${reason}`);
  test.skip(name, run);
};
