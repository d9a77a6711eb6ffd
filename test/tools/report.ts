/** What a test file came to. */
export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One for each `SKIPPED` line; see `skip.ts`. */
  readonly reasons: readonly string[];
  /** Why the file as a whole counts as one failure more. */
  readonly problem: string | undefined;
  readonly output: string;
  readonly ms: number;
}

/** How a test file's process ended. */
export interface Ended {
  readonly stdout: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when the runner ended it. */
  readonly killed: string | undefined;
}

const summary = /\n {2}Total: {5}(\d+)\n {2}Passed: {4}(\d+)\n {2}Skipped: {3}(\d+)\n {2}Duration: .*\n/g;

/** Whether uvu's counts are the last that was printed. */
export const isFinished = (stdout: string): boolean =>
  /\n {2}Duration: .*\s*$/.test(stdout) && stdout.match(summary) !== null;

const whole = (ended: Ended, failed: number, finished: boolean): string | undefined => {
  if (ended.killed !== undefined) return ended.killed;
  if (!finished) {
    const how = ended.signal === null ? `exit code ${ended.code}` : ended.signal;
    return `no suite ran to its end (${how}): did it fail to load, forget test.run(), or wait for something that never comes?`;
  }
  if (ended.signal !== null) return `ended by ${ended.signal} after its tests`;
  if (ended.code !== 0 && failed === 0) return `exit code ${ended.code} although its tests passed`;
  return undefined;
};

/** Reads uvu's counts, and what kept the file from being what they say. */
export const judge = (
  ended: Ended,
): Pick<FileResult, "passed" | "failed" | "skipped" | "reasons" | "problem"> => {
  const found = [...ended.stdout.matchAll(summary)];
  const count = (group: number): number => found.reduce((sum, match) => sum + Number(match[group]), 0);
  const passed = count(2), failed = count(1) - passed, skipped = count(3);
  const reasons = [...ended.stdout.matchAll(/^SKIPPED (.*)$/gm)].map((match) => match[1] ?? "");
  const none = found.length > 0 && passed + failed + skipped === 0 ? "its suites hold no test" : undefined;
  return { passed, failed, skipped, reasons, problem: whole(ended, failed, found.length > 0) ?? none };
};

/** What the file printed beside uvu's own lines: worth showing even when all is well. */
export const ownOutput = (output: string): readonly string[] =>
  output.split("\n").filter((line) =>
    line.trim() !== "" && !/^ {2}(Total|Passed|Skipped|Duration): /.test(line) && !/^SKIPPED /.test(line) &&
    !/[•✘] *\(\d+ \/ \d+\)$| {2}\(0 \/ 0\)$/.test(line.trimEnd())
  );

/** The last line of a run. */
export const totalLine = (passed: number, failed: number, skipped: number): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
