import { type Baseline, type Case, eachOf } from "./baseline.ts";
import type { Mutant } from "./mutants.ts";
import type { Ended, Worker } from "./workers.ts";

/** `TimedOut` and `Died` (out of memory) are kills too. `Unreached`: no test runs that code. */
export type Verdict = "Killed" | "TimedOut" | "Died" | "Survived" | "Unreached";

export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** The test that killed it. */
  readonly by: Case | undefined;
}

export const isKilled = ({ verdict }: Judged): boolean => verdict !== "Survived" && verdict !== "Unreached";

/** The time in which a test must end: far more than it needs, as the machine may be busy with other things. */
const boundOf = ({ ms, loadMs }: Case): number => 3000 + 20 * (ms + loadMs);

/** How often a test was tried on mutants of a file, and how often it killed: so it will be with the next ones. */
interface Tally {
  tries: number;
  kills: number;
}

interface Records {
  of(file: string, by: Case): Tally;
}

const newRecords = (): Records => {
  const records = new Map<string, Tally>();
  return {
    of: (file, by) => {
      const key = `${file} ${by.file} ${by.index}`;
      const record = records.get(key) ?? { tries: 0, kills: 0 };
      records.set(key, record);
      return record;
    },
  };
};

/** The likeliest killers first, for what they cost. */
const inOrder = (cases: readonly Case[], file: string, records: Records): readonly Case[] => {
  const priceOf = (each: Case): number => {
    const { tries, kills } = records.of(file, each);
    return (each.ms + each.loadMs + 0.1) * (tries + 2) / (kills + 0.2);
  };
  return cases.map((each) => ({ each, price: priceOf(each) })).sort((a, b) => a.price - b.price)
    .map(({ each }) => each);
};

const verdictOf = (ended: Ended): Verdict => {
  switch (ended._tag) {
    case "Killed":
    case "Survived":
    case "TimedOut":
    case "Died":
      return ended._tag;
    case "Broken":
      throw new Error(`a mutant does not run: ${ended.why}`);
    case "Measured":
      throw new Error("a worker measured instead of trying a mutant");
  }
};

/** Tries every mutant. The answers are in their order. */
export const hunt = async (
  mutants: readonly Mutant[],
  baseline: Baseline,
  workers: readonly Worker[],
  onJudged: (judged: Judged) => void = () => {},
): Promise<readonly Judged[]> => {
  const records = newRecords(), all = new Map<Mutant, Judged>();
  await eachOf(mutants, workers, async (mutant, worker) => {
    const cases = inOrder(baseline.reaching(mutant), mutant.file, records);
    const tests = cases.map(({ file, index }) => ({ file, index }));
    const request = { _tag: "Try", path: mutant.file, edit: mutant.edit, tests } as const;
    const ended: Ended | undefined = cases.length === 0
      ? undefined
      : await worker.ask(request, (at) => boundOf(cases[at] as Case));
    const verdict = ended === undefined ? "Unreached" : verdictOf(ended);
    const at = ended?._tag === "Killed"
      ? ended.by
      : ended?._tag === "TimedOut" || ended?._tag === "Died"
      ? ended.at
      : -1;
    const by = cases[at];
    for (const each of by === undefined ? cases : cases.slice(0, at + 1)) {
      const record = records.of(mutant.file, each);
      record.tries++;
      if (each === by) record.kills++;
    }
    const judged = { mutant, verdict, by };
    all.set(mutant, judged);
    onJudged(judged);
  });
  return mutants.flatMap((mutant) => all.get(mutant) ?? []);
};
