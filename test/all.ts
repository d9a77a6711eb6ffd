// Runs test files, each in a process of its own, with the runtime that runs this file:
//   deno run -A test/all.ts [--except FOLDER]… [--jobs N] [--bound SECONDS] [--verbose] [FOLDER|FILE]…
// Without names it runs everything that needs no control plane. Ends with the line `N passed, N failed`.
import { availableParallelism } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { removeNodes, startCluster } from "./tools/cluster.ts";
import { filesUnder } from "./tools/files.ts";
import { type FileResult, ownOutput, totalLine } from "./tools/report.ts";
import { runFile } from "./tools/run_file.ts";
import { needsCluster, selectTests } from "./tools/select.ts";

interface Run {
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: number;
  readonly boundMs: number | undefined;
  readonly verbose: boolean;
  readonly signal: AbortSignal;
  /** What a file left behind is one failure more. */
  readonly leftBehind?: () => Promise<string | undefined>;
}

const lingerMs = 10_000;

/** For one file. On a control plane, leases and back-off take their real time. */
const defaultBoundMs = (file: string): number => needsCluster(file) ? 900_000 : 300_000;

const indent = (lines: readonly string[]): string => lines.map((line) => `    ${line}\n`).join("");

const show = (result: FileResult, verbose: boolean): void => {
  const { file, passed, failed, problem, output, ms } = result;
  const good = failed === 0 && problem === undefined;
  const counts = good ? `${passed} passed` : `${passed} passed, ${failed} failed`;
  const lines = good && !verbose ? ownOutput(output) : output.split("\n");
  process.stdout.write(`${good ? "ok  " : "FAIL"} ${file}  ${counts} (${(ms / 1000).toFixed(1)} s)\n`);
  process.stdout.write(indent(lines));
  if (problem !== undefined) process.stdout.write(`    FAIL: ${problem}\n`);
};

/** A few files at a time; the results are in the order in which they ended. */
const runFiles = async (run: Run): Promise<readonly FileResult[]> => {
  const waiting = [...run.files];
  const results: FileResult[] = [];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined && !run.signal.aborted; file = waiting.shift()) {
      const { env, signal, boundMs = defaultBoundMs(file) } = run;
      const ended = await runFile(file, { env, signal, boundMs, lingerMs });
      const left = await run.leftBehind?.().catch(({ message }: Error) => message);
      const problem = ended.problem ?? left;
      const result = { ...ended, problem };
      show(result, run.verbose);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, worker));
  return results;
};

const sum = (results: readonly FileResult[], count: (result: FileResult) => number): number =>
  results.reduce((total, result) => total + count(result), 0);

/** Prints what was skipped, what failed and the counts; tells whether all is well. */
const conclude = (results: readonly FileResult[], expected: number): boolean => {
  const failures = results.filter((result) => result.failed > 0 || result.problem !== undefined);
  const missing = expected - results.length;
  process.stdout.write("\n");
  for (const { file, skipped, reasons } of results) {
    for (const reason of reasons) process.stdout.write(`skipped: ${file}: ${reason}\n`);
    const silent = skipped - reasons.length;
    if (silent > 0) process.stdout.write(`skipped: ${file}: ${silent} without a reason\n`);
  }
  for (const { file, problem } of failures) {
    process.stdout.write(`failed: ${file}${problem === undefined ? "" : `: ${problem}`}\n`);
  }
  if (missing > 0) process.stdout.write(`failed: ${missing} of ${expected} files were not run\n`);
  const failed = sum(results, (result) => result.failed + (result.problem === undefined ? 0 : 1)) + missing;
  const skipped = sum(results, (result) => Math.max(result.skipped, result.reasons.length));
  process.stdout.write(`${totalLine(sum(results, (result) => result.passed), failed, skipped)}\n`);
  return failed === 0;
};

const runAll = async (run: Run): Promise<readonly FileResult[]> => {
  if (!run.files.some(needsCluster)) return await runFiles(run);
  // the suites share one control plane, load it, and one of them stops it: one at a time
  const alone = { ...run, jobs: 1 };
  if (process.env.VK_TEST_KUBECONFIG !== undefined) return await runFiles(alone);
  process.stdout.write(
    "starting a control plane (the first time on a machine it is built: about ten minutes)\n",
  );
  const cluster = await startCluster(run.signal).catch((error: Error) => error);
  if (cluster instanceof Error) {
    process.stdout.write(`the control plane did not start: ${cluster.message}\n`);
    return [];
  }
  try {
    return await runFiles({ ...alone, env: cluster.env, leftBehind: () => removeNodes(cluster.env) });
  } finally {
    await cluster.stop();
  }
};

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (value > 0 && value < 1e6) return value;
  throw new Error(`--${name} wants a number above 0, not ${text}`);
};

interface Options {
  readonly named: readonly string[];
  readonly except: readonly string[];
  readonly jobs: number;
  readonly boundMs: number | undefined;
  readonly verbose: boolean;
}

/** Throws on what it does not know. */
const readOptions = (args: readonly string[]): Options => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      except: { type: "string", multiple: true },
      jobs: { type: "string" },
      bound: { type: "string" },
      verbose: { type: "boolean" },
    },
  });
  const { except = [], jobs, bound, verbose = false } = values;
  return {
    named: positionals,
    except,
    jobs: jobs === undefined ? Math.min(4, availableParallelism()) : Math.ceil(positive("jobs", jobs)),
    boundMs: bound === undefined ? undefined : positive("bound", bound) * 1000,
    verbose,
  };
};

/** The files to run; throws when there is none, or when a name fits none. */
const chosen = (options: Options): readonly string[] => {
  const selected = selectTests(filesUnder("test"), options);
  if ("unknown" in selected) {
    throw new Error(`no test file under test/ is or begins with ${selected.unknown}`);
  }
  if (selected.files.length === 0) throw new Error("there is no test file to run");
  return selected.files;
};

const main = async (): Promise<number> => {
  let options: Options, files: readonly string[];
  try {
    options = readOptions(process.argv.slice(2));
    files = chosen(options);
  } catch (error) {
    process.stderr.write(`test: ${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupt.abort());
  const { jobs, boundMs } = options;
  const verbose = options.verbose || files.length === 1;
  const results = await runAll({ files, env: {}, jobs, boundMs, verbose, signal: interrupt.signal });
  return conclude(results, files.length) ? 0 : 1;
};

process.exit(await main());
