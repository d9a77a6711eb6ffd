// How much a pod weighs in our API server, and how long a list of them takes: the heap after a collection.
//   node --expose-gc test/bench/api_server_memory.ts FEWER MORE    deno run -A --v8-flags=--expose-gc … FEWER MORE
// Prints the bytes for each further pod and the milliseconds of a list, as JSON.
import process from "node:process";
import { makeApiServer } from "../../adapters/apiserver/server/api_server.ts";
import type { Json } from "../../adapters/apiserver/object.ts";
import { podBody, podsPath, runningStatus, statusPath, strategicMerge } from "./bodies.ts";

const collect = (globalThis as { readonly gc?: () => void }).gc;
const [fewer = 1_000, more = 10_000] = process.argv.slice(2).map(Number);

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

// without a history: it is bounded, and not what a pod weighs
const server = makeApiServer({ settings: { historyLimit: 1 } });

const grow = (from: number, to: number): void => {
  for (let index = from; index < to; index++) {
    const created = server.ask("POST", podsPath, podBody("bench", index) as Json);
    if (created.status !== 201) throw new Error(`HTTP ${created.status}: ${created.body.message}`);
    const { uid } = created.body.metadata;
    const { status } = server.ask(
      "PATCH",
      statusPath(`bench-${index}`),
      JSON.parse(runningStatus(uid)),
      strategicMerge,
    );
    if (status !== 200) throw new Error(`HTTP ${status}`);
  }
};

grow(0, fewer);
const before = await heap();
grow(fewer, more);
const after = await heap();
const started = performance.now();
const answer = await server.fetch(`https://api.invalid${podsPath}?limit=${more}`);
const text = await answer.text();
const listMs = performance.now() - started;
const { items } = JSON.parse(text);
if (items.length !== more) throw new Error(`${items.length} of ${more} pods are listed`);
console.log(JSON.stringify({ bytes: (after - before) / (more - fewer), listMs, listBytes: text.length }));
process.exit(0);
