// Mutates the core and tells what no test notices:
//   deno task mutate [--sample N] [--survivors] [--jobs N] [--quick] [--sim N] [--entries] [FOLDER|FILE]…
// Ends with the score. Exit code 1 when a mutant survives that no list in survivors/ accepts, or a list is out of date.
import process from "node:process";
import { parseArgs } from "node:util";
import { coreMutants, defaultJobs, huntCore, sampleOf } from "./core.ts";
import type { Mutant } from "./mutants.ts";
import { conclude } from "./report.ts";
import { acceptedSurvivors, entryOf, keyOf, staleSurvivors, type Survivor } from "./survivors.ts";

interface Options {
  readonly paths: readonly string[];
  /** Only so many, of those that no list accepts. */
  readonly sample: number | undefined;
  /** Only those that a list accepts. */
  readonly survivors: boolean;
  readonly jobs: number;
  readonly quick: boolean;
  readonly sim: number;
  /** Prints entries for the lists. */
  readonly entries: boolean;
}

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name} wants a whole number, not ${text}`);
};

const readOptions = (args: readonly string[]): Options => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sample: { type: "string" },
      survivors: { type: "boolean" },
      jobs: { type: "string" },
      quick: { type: "boolean" },
      sim: { type: "string" },
      entries: { type: "boolean" },
    },
  });
  return {
    paths: positionals,
    sample: values.sample === undefined ? undefined : whole("sample", values.sample),
    survivors: values.survivors ?? false,
    jobs: values.jobs === undefined ? defaultJobs() : Math.max(1, whole("jobs", values.jobs)),
    quick: values.quick ?? false,
    sim: whole("sim", values.sim ?? "2"),
    entries: values.entries ?? false,
  };
};

const chosen = (
  all: readonly Mutant[],
  accepted: readonly Survivor[],
  options: Options,
): readonly Mutant[] => {
  const { paths, sample, survivors } = options;
  const named = all.filter(({ file }) => paths.length === 0 || paths.some((path) => file.startsWith(path)));
  if (named.length === 0) throw new Error(`no mutants in ${paths.join(", ")}`);
  const keys = new Set(accepted.map(keyOf));
  if (survivors) return named.filter((mutant) => keys.has(keyOf(mutant)));
  if (sample === undefined) return named;
  return sampleOf(named.filter((mutant) => !keys.has(keyOf(mutant))), sample);
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  const accepted = acceptedSurvivors(), all = coreMutants();
  const mutants = chosen(all, accepted, options);
  const began = performance.now();
  const judged = await huntCore(mutants, { ...options, note: (line) => process.stderr.write(`${line}\n`) });
  const { lines, unaccepted, killed } = conclude(judged, accepted);
  const stale = staleSurvivors(accepted, all);
  for (const line of [...lines, ...stale]) print(line);
  if (options.entries) { for (const { mutant } of unaccepted) print(entryOf(mutant)); }
  print(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  return unaccepted.length + killed.length + stale.length === 0 ? 0 : 1;
};

process.exit(await main());
