import fc from "fast-check";
import process from "node:process";
import { seed } from "./seed.ts";

const ordinary = 100;

/** How often each property is tried: `VK_RUNS`, or what keeps a test quick. CI runs ten thousand. */
const numRuns = Number(process.env.VK_RUNS) || ordinary;

fc.configureGlobal({ seed, numRuns, includeErrorInReport: true });

/** For a property that is slow: this share of the runs of the others. */
export const share = (part: number): { readonly numRuns: number } => ({
  numRuns: Math.max(1, Math.round(numRuns * part)),
});

export default fc;
