// Runs tests of one mutant after another in one process: requests come as lines of standard input.
import * as fastCheck from "fast-check";
import process from "node:process";
import { createInterface } from "node:readline";
import * as assertions from "uvu/assert";
import { readText } from "../tools/files.ts";
import {
  compile,
  dependentsOf,
  type Exports,
  type Module,
  type Program,
  programOf,
  type Start,
  start,
} from "./modules.ts";
import { type MeasuredFile, type Reply, replyMark, type Request, type TestId } from "./protocol.ts";
import { quickAssertions, quickProperties } from "./quick.ts";
import { countRegions } from "./regions.ts";
import { newCollector, type Test } from "./suites.ts";
import { edited } from "./syntax.ts";

const propertyRuns = 100;

const send = (reply: Reply): void => void process.stdout.write(`${replyMark}${JSON.stringify(reply)}\n`);

const packages: ReadonlyMap<string, Exports> = new Map<string, Exports>([
  ["uvu", {}],
  ["uvu/assert", quickAssertions(assertions)],
  ["fast-check", quickProperties(fastCheck, propertyRuns)],
]);

let plain: Program = { modules: new Map(), packages };

/** Modules that the mutant cannot change: they are started once. */
const started = new Map<string, Exports>();

/** The tests of a file, whose modules are all new. */
const testsOf = (file: string, program: Program, how: Start): readonly Test[] => {
  const collector = newCollector();
  start(file, { ...program, packages: new Map(program.packages).set("uvu", collector.uvu) }, how);
  return collector.tests;
};

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

const failureOf = async (test: Test): Promise<string | undefined> => {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
};

type Counts = Map<string, Set<number>>;

const listed = (counts: Counts): Record<string, readonly number[]> =>
  Object.fromEntries([...counts].map(([path, regions]) => [path, [...regions]]));

const without = (counts: Counts, others: Counts): Counts =>
  new Map([...counts].map(([path, regions]) => [path, regions.difference(others.get(path) ?? new Set())]));

/** Runs each test of a file alone, on modules of its own that tell which of their regions are entered. */
const measure = async (file: string, counted: string): Promise<MeasuredFile> => {
  plain = await programOf(file, plain);
  const program = await programOf(
    file,
    { modules: new Map(), packages: plain.packages },
    (path) => path.startsWith(counted) ? countRegions(readText(path)).text : readText(path),
  );
  let counts: Counts = new Map();
  const reached = (path: string, region: number): void => {
    const regions = counts.get(path);
    if (regions === undefined) counts.set(path, new Set([region]));
    else regions.add(region);
  };
  const began = performance.now();
  const { length } = testsOf(file, program, { reached });
  const loadMs = performance.now() - began, loading = counts;
  const tests = [];
  for (let index = 0; index < length; index++) {
    send({ _tag: "Begun", at: index });
    counts = new Map();
    const test = testsOf(file, program, { reached })[index];
    if (test === undefined) throw new Error(`${file} has other tests each time`);
    const started = performance.now();
    const failure = await failureOf(test);
    const ms = performance.now() - started;
    tests.push({ name: test.name, ms, failure, reached: listed(without(counts, loading)) });
  }
  return { file, loadMs, reached: listed(loading), tests };
};

const dependents = new Map<string, { readonly program: Program; readonly paths: ReadonlySet<string> }>();

const dependentsOn = (path: string): ReadonlySet<string> => {
  const known = dependents.get(path);
  if (known?.program === plain) return known.paths;
  const paths = dependentsOf(path, plain);
  dependents.set(path, { program: plain, paths });
  return paths;
};

/** Runs tests until one fails. */
const attempt = async (mutant: Module, tests: readonly TestId[]): Promise<Reply> => {
  const loaded = new Map<string, readonly Test[]>();
  for (const { file } of tests) {
    if (!plain.modules.has(file)) plain = await programOf(file, plain);
  }
  const changed = dependentsOn(mutant.path);
  const may = (path: string): boolean => !path.startsWith("test/") && !changed.has(path);
  const how = { replaced: mutant, kept: { modules: started, may } };
  for (const [at, { file, index }] of tests.entries()) {
    send({ _tag: "Begun", at });
    try {
      const known = loaded.get(file) ?? testsOf(file, plain, how);
      loaded.set(file, known);
      await known[index]?.run();
    } catch (error) {
      return { _tag: "Killed", by: at, why: messageOf(error) };
    }
  }
  return { _tag: "Survived" };
};

const answer = async (request: Request): Promise<Reply> => {
  if (request._tag === "Measure") {
    return { _tag: "Measured", file: await measure(request.file, request.counted) };
  }
  const { path, edit, tests } = request;
  return await attempt(await compile(path, edited(readText(path), edit)), tests);
};

// what an earlier mutant left behind is no news of this one
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});

for await (const line of createInterface({ input: process.stdin })) {
  send(await answer(JSON.parse(line)).catch((error) => ({ _tag: "Broken", why: messageOf(error) })));
}
process.exit(0);
