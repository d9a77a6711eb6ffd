/** Settings that cannot work: the program says so and ends with exit code 2. Also for providers to throw. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  /** Everything that is wrong, one line each. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options: { readonly cause?: unknown } = {}) {
    const all = typeof problems === "string" ? [problems] : problems;
    super(all.join("\n"), options.cause === undefined ? undefined : { cause: options.cause });
    this.problems = all;
  }
}
