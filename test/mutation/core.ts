import { availableParallelism } from "node:os";
import { hash32 } from "../../core/hash.ts";
import { filesUnder, readText } from "../tools/files.ts";
import { seed } from "../tools/seed.ts";
import { type Baseline, type Case, measureBaseline, proofFiles } from "./baseline.ts";
import { hunt, isKilled, type Judged } from "./hunt.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { survivorLine } from "./report.ts";
import { keyOf } from "./survivors.ts";
import { newWorker, type Worker } from "./workers.ts";

/** Every mutant of the core. */
export const coreMutants = (): readonly Mutant[] =>
  filesUnder("core").filter((file) => file.endsWith(".ts")).flatMap((file) =>
    mutantsOf(file, readText(file))
  );

/** So many of them: others with each change of the code, the same ones for everybody who has that code. */
export const sampleOf = (mutants: readonly Mutant[], count: number): readonly Mutant[] => {
  const rank = new Map(mutants.map((mutant) => [mutant, hash32(`${seed} ${keyOf(mutant)}`)]));
  return mutants.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)).slice(0, count);
};

export const defaultJobs = (): number => Math.min(4, availableParallelism());

export interface HuntOptions {
  readonly jobs: number;
  /** Without the slow tests and without the simulation. */
  readonly quick: boolean;
  /** Simulated clusters for each mutant that survives all tests. */
  readonly sim: number;
  /** Told how it goes. */
  readonly note: (line: string) => void;
}

/** Tests of the simulation itself; of what it shows there are tests in clusters.ts. */
const simulation = /^test\/(sim\/|property\/step\.)/;

const clusters = "test/mutation/clusters.ts";

/** Tests that take more than a fortieth of the time of all: they make a survivor dear, and kill little. */
const slowOf = ({ cases }: Baseline): ReadonlySet<Case> => {
  const all = cases.reduce((sum, { ms }) => sum + ms, 0);
  return new Set(cases.filter(({ ms }) => ms > all / 40));
};

const only = (baseline: Baseline, isOne: (each: Case) => boolean): Baseline => ({
  cases: baseline.cases.filter(isOne),
  reaching: (mutant) => baseline.reaching(mutant).filter(isOne),
});

const trial = async (
  mutants: readonly Mutant[],
  baseline: Baseline,
  workers: readonly Worker[],
  note: (line: string) => void,
): Promise<readonly Judged[]> => {
  note(`${mutants.length} mutants, ${baseline.cases.length} tests`);
  let done = 0, survived = 0;
  return await hunt(mutants, baseline, workers, (judged) => {
    done++;
    if (!isKilled(judged)) note(`${++survived} of ${done} survive: ${survivorLine(judged)}`);
    else if (done % 250 === 0) note(`${survived} of ${done} survive`);
  });
};

/** What a mutant is after one more trial: what kills it counts, and that something reaches it. */
const later = (before: Judged, after: Judged | undefined): Judged =>
  after === undefined || after.verdict === "Unreached" ? before : after;

/** Tries mutants of the core, in their order: what survives the cheap tests is tried in dearer ones. */
export const huntCore = async (
  mutants: readonly Mutant[],
  options: HuntOptions,
): Promise<readonly Judged[]> => {
  const { jobs, quick, sim, note } = options;
  const env = { VK_SEED: String(seed), VK_CLUSTERS: String(sim), VK_RUNS: "100" };
  const workers = Array.from({ length: jobs }, () => newWorker(env));
  let judged: readonly Judged[] = [];
  const tryLeft = async (baseline: Baseline): Promise<void> => {
    const left = judged.filter((each) => !isKilled(each)).map(({ mutant }) => mutant);
    if (left.length === 0) return;
    const tried = new Map((await trial(left, baseline, workers, note)).map((each) => [each.mutant, each]));
    judged = judged.map((each) => later(each, tried.get(each.mutant)));
  };
  try {
    const files = proofFiles(new Set(mutants.map(({ file }) => file))).filter((file) =>
      !simulation.test(file)
    );
    const baseline = await measureBaseline(files, "core/", workers);
    const slow = slowOf(baseline);
    judged = await trial(mutants, only(baseline, (each) => !slow.has(each)), workers, note);
    if (quick) return judged;
    await tryLeft(only(baseline, (each) => slow.has(each)));
    if (sim > 0) await tryLeft(await measureBaseline([clusters], "core/", workers));
    return judged;
  } finally {
    for (const worker of workers) worker.stop();
  }
};
