/**
 * One promise of a port, to be tried on an implementation of it. It needs no test framework: `run` rejects when the promise is
 * not kept. Every check makes what it needs and leaves nothing behind, so they may run in any order, alone or together.
 */
export interface Check {
  readonly name: string;
  /** Why it is not to be run. */
  readonly skip?: string;
  run(): Promise<void>;
}

/** Checks by name, each of which needs a context. */
export type Rows<Context> = Readonly<Record<string, (context: Context) => Promise<void>>>;

/** Rows as checks: `around` makes the context, and frees it whatever comes of the row. */
export const checksOf = <Context>(
  rows: Rows<Context>,
  reasonToSkip: (name: string) => string | undefined,
  around: (row: (context: Context) => Promise<void>) => Promise<void>,
): readonly Check[] =>
  Object.entries(rows).map(([name, row]) => {
    const skip = reasonToSkip(name);
    return { name, ...(skip === undefined ? {} : { skip }), run: () => around(row) };
  });

/** Throws when something is to be skipped that is not there: it would hide nothing, and its author believes it does. */
export const knownSkips = (
  checks: readonly Check[],
  skip: Readonly<Record<string, string>>,
): readonly Check[] => {
  const names = new Set(checks.map(({ name }) => name));
  const strange = Object.keys(skip).filter((name) => !names.has(name));
  if (strange.length === 0) return checks;
  throw new Error(`no such check to skip: ${strange.map((name) => JSON.stringify(name)).join(", ")}`);
};
