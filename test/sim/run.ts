// Replays one seed and tells what happened, or hunts:
//   deno task sim SEED | --count N | --minutes N  [--from SEED] [--length VIRTUAL_MINUTES] [--jobs PROCESSES]
import { fileURLToPath } from "node:url";
import process from "node:process";
import { parseArgs } from "node:util";
import { runCommand, runtimeCommand } from "../tools/child.ts";
import { brief } from "./brief.ts";
import { type Hunted, huntedLine, huntOf, noHunt, summary, together } from "./hunt.ts";
import { simulate } from "./scenario.ts";

const replay = async (seed: number, minutes: number | undefined): Promise<boolean> => {
  const { story, problems } = await simulate(seed, { minutes });
  for (const line of story) console.log(line);
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  return problems.length === 0;
};

interface Plan {
  readonly from: number;
  readonly count: number;
  /** Of real time. */
  readonly minutes: number | undefined;
  /** Virtual, of each seed. */
  readonly length: number | undefined;
  readonly jobs: number;
}

const hunt = async ({ from, count, minutes, length }: Plan): Promise<Hunted> => {
  const started = performance.now(), before = process.cpuUsage();
  const isOver = (): boolean => minutes !== undefined && performance.now() - started >= minutes * 60_000;
  let hunted = noHunt;
  for (let seed = from; seed < from + count && !isOver(); seed++) {
    const outcome = await simulate(seed, { minutes: length });
    if (outcome.problems.length > 0) console.log(brief(outcome));
    hunted = together(hunted, huntOf(outcome));
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - started) / 1000;
  return { ...hunted, seconds, cpuSeconds: (user + system) / 1e6 };
};

/** So far apart are the seeds of processes that hunt for a time. */
const apart = 1_000_000;

/** Each process hunts seeds of its own; only the sums come together here. */
const huntTogether = async (plan: Plan): Promise<Hunted> => {
  const each = plan.minutes === undefined ? Math.ceil(plan.count / plan.jobs) : apart;
  const jobs = Array.from({ length: plan.jobs }, async (_, job) => {
    const from = plan.from + job * each;
    const count = plan.minutes === undefined ? Math.min(each, plan.from + plan.count - from) : each;
    const args = [
      ...["--from", `${from}`, "--count", `${count}`],
      ...(plan.minutes === undefined ? [] : ["--minutes", `${plan.minutes}`]),
      ...(plan.length === undefined ? [] : ["--length", `${plan.length}`]),
      "--sums",
    ];
    const { code, output } = await runCommand(...runtimeCommand(fileURLToPath(import.meta.url), ...args));
    const lines = output.trimEnd().split("\n");
    const hunted = huntedLine(lines.at(-1) ?? "");
    if (hunted === undefined) throw new Error(`a process has ended with ${code}:\n${output}`);
    for (const line of lines.slice(0, -1)) console.log(line);
    return hunted;
  });
  return (await Promise.all(jobs)).reduce(together, noHunt);
};

const text = { type: "string" } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ count: text, from: text, minutes: text, length: text, jobs: text },
    sums: { type: "boolean" },
  },
});
const numberOf = (given: string | undefined): number | undefined =>
  given === undefined ? undefined : Number(given);
const [seed] = positionals;
const minutes = numberOf(values.minutes), length = numberOf(values.length);
if (seed !== undefined) process.exitCode = await replay(Number(seed), length) ? 0 : 1;
else {
  const plan: Plan = {
    from: numberOf(values.from) ?? Math.floor(Math.random() * 1e9),
    count: numberOf(values.count) ?? (minutes === undefined ? 100 : Infinity),
    jobs: numberOf(values.jobs) ?? 1,
    minutes,
    length,
  };
  const hunted = plan.jobs > 1 ? await huntTogether(plan) : await hunt(plan);
  for (const line of values.sums === true ? [JSON.stringify(hunted)] : summary(plan.from, hunted)) {
    console.log(line);
  }
  process.exitCode = hunted.failed === 0 ? 0 : 1;
}
