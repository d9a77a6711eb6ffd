// Runs seeds of the simulation from 1 on until one fails, and prints which, and what broke: first_failing.ts MOST
import process from "node:process";
import { simulate } from "../sim/scenario.ts";

const most = Number(process.argv[2]);
const told = (seed: number | undefined, seeds: number, problem: string | undefined): void =>
  console.log(JSON.stringify({ seed, seeds, problem }));

const firstFailing = async (): Promise<void> => {
  for (let seed = 1; seed <= most; seed++) {
    const { problems } = await simulate(seed, { minutes: 0 });
    const [problem] = problems;
    if (problem !== undefined) return told(seed, seed, problem);
  }
  told(undefined, most, undefined);
};

await firstFailing();
// with a bug planted, something may be left running
process.exit();
