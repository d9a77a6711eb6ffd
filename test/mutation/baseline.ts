import { filesUnder } from "../tools/files.ts";
import { importsOfFile, resolveImport } from "../tools/source.ts";
import type { Mutant } from "./mutants.ts";
import type { MeasuredFile, TestId } from "./protocol.ts";
import type { Worker } from "./workers.ts";

/** A test, and what it costs. */
export interface Case extends TestId {
  readonly name: string;
  readonly ms: number;
  readonly loadMs: number;
}

/** What each test reaches when nothing is mutated. */
export interface Baseline {
  readonly cases: readonly Case[];
  reaching(mutant: Mutant): readonly Case[];
}

/** Where the proof of the core is: not in the tests of adapters, and not in those that need processes or a cluster. */
const proofFolders = /^test\/(tables|model|property|unit|sim)\//;
const otherFolders = /\/apiserver\//;
const otherPackages =
  /^(node:(?!zlib$)|ky$|undici|selfsigned|commander|cli-truncate|log-update|string-width|@kubernetes|kubernetes-)/;

/** Whether a test file runs one of the modules, and in memory alone. */
const isProof = (file: string, modules: ReadonlySet<string>): boolean => {
  const seen = new Set([file]);
  let reaches = false;
  for (const path of seen) {
    reaches ||= modules.has(path);
    for (const { specifier, dynamic } of importsOfFile(path)) {
      const module = resolveImport(path, specifier);
      if (module === undefined) {
        if (!path.startsWith("test/") && !dynamic && otherPackages.test(specifier)) return false;
      } else if (!dynamic && module.endsWith(".ts")) seen.add(module);
    }
  }
  return reaches;
};

/** The test files that are to kill the mutants of these modules of the core. */
export const proofFiles = (modules: ReadonlySet<string>): readonly string[] =>
  filesUnder("test").filter((file) =>
    file.endsWith(".test.ts") && proofFolders.test(file) && !otherFolders.test(file)
  ).filter((file) => isProof(file, modules));

const measureMs = 120_000;

const keyOf = (path: string, region: number): string => `${path} ${region}`;

const baselineOf = (files: readonly MeasuredFile[]): Baseline => {
  const cases: Case[] = [], reached = new Map<string, Set<Case>>();
  const add = (each: Case, regions: MeasuredFile["reached"]): void => {
    for (const [path, numbers] of Object.entries(regions)) {
      for (const number of numbers) {
        const key = keyOf(path, number), known = reached.get(key);
        if (known === undefined) reached.set(key, new Set([each]));
        else known.add(each);
      }
    }
  };
  for (const measured of files) {
    const { file, loadMs } = measured;
    for (const [index, { name, ms, ...test }] of measured.tests.entries()) {
      const each = { file, index, name, ms, loadMs };
      cases.push(each);
      add(each, measured.reached);
      add(each, test.reached);
    }
  }
  return { cases, reaching: ({ file, region }) => [...reached.get(keyOf(file, region)) ?? []] };
};

/** Runs something for each item, a few at a time. */
export const eachOf = async <A>(
  items: readonly A[],
  workers: readonly Worker[],
  run: (item: A, worker: Worker) => Promise<void>,
): Promise<void> => {
  const waiting = [...items];
  await Promise.all(workers.map(async (worker) => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item, worker);
  }));
};

/** Runs the tests without a mutant. Throws when one does not pass by itself: it could not tell a mutant from none. */
export const measureBaseline = async (
  files: readonly string[],
  folder: string,
  workers: readonly Worker[],
): Promise<Baseline> => {
  const measured: MeasuredFile[] = [], problems: string[] = [];
  await eachOf(files, workers, async (file, worker) => {
    const ended = await worker.ask({ _tag: "Measure", file, counted: folder }, () => measureMs);
    if (ended._tag !== "Measured") problems.push(`${file}: ${ended._tag} ${"why" in ended ? ended.why : ""}`);
    else measured.push(ended.file);
  });
  for (const { file, tests } of measured) {
    for (const { name, failure } of tests) {
      if (failure !== undefined) problems.push(`${file}: ${name}: ${failure}`);
    }
  }
  if (problems.length > 0) throw new Error(`tests fail without a mutant:\n${problems.join("\n")}`);
  return baselineOf(measured.toSorted((a, b) => a.file < b.file ? -1 : 1));
};
