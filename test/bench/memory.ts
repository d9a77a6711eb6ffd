// How much a pod weighs that is held and runs: the heap of the core, the watch and the memory provider, after a collection.
//   node --expose-gc test/bench/memory.ts FEWER MORE       deno run -A --v8-flags=--expose-gc test/bench/memory.ts FEWER MORE
// Prints the bytes for each further pod.
import process from "node:process";
import { memoryProvider } from "../../adapters/provider/memory/provider.ts";
import { makeFeed } from "./feed.ts";

const collect = (globalThis as { readonly gc?: () => void }).gc;
const [fewer = 1_000, more = 5_000] = process.argv.slice(2).map(Number);

/** The heap when nothing more can be freed. */
const heap = async (): Promise<number> => {
  if (collect === undefined) throw new Error("start it with --expose-gc");
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const provider = memoryProvider();
const signal = new AbortController().signal;
const feed = await makeFeed(async (intent) => {
  const pod = await provider.create(intent, { signal });
  if (pod === undefined) throw new Error("the memory provider did not tell what it made");
  return pod;
});

const grow = async (from: number, to: number): Promise<void> => {
  for (let index = from; index < to; index++) await feed.run(index);
};

await grow(0, fewer);
const before = await heap();
await grow(fewer, more);
const after = await heap();
if (feed.state.pods.size !== more) throw new Error(`${feed.state.pods.size} of ${more} pods are held`);
console.log(((after - before) / (more - fewer)).toFixed(0));
process.exit(0);
