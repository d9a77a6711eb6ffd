// Where a CPU profile spent its time: by file, by function, and by the function of this project that caused it.
//   NODE_OPTIONS="--cpu-prof --cpu-prof-dir=DIR" deno task bench --only churn --runtime node --agent ours
//   node test/bench/self_time.ts DIR/FILE.cpuprofile [LINES]
import { readFileSync } from "node:fs";
import process from "node:process";
import { root } from "../tools/files.ts";

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const [file = "", lines = "40"] = process.argv.slice(2);
const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(file, "utf8"));
const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
const parents = new Map(
  nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
);

const whereOf = ({ url }: Frame): string =>
  url.replace(/^.*\/node_modules\//, "npm:").replace(/^file:\/\//, "").replace(`${root}/`, "");

const nameOf = (frame: Frame): string =>
  `${frame.functionName || "(anonymous)"}  ${whereOf(frame)}:${frame.lineNumber + 1}`;

const isOwn = ({ url }: Frame): boolean => url.includes(root) && !url.includes("/node_modules/");

/** The nearest function of this project on the stack. */
const causeOf = (from: number): string => {
  for (let id: number | undefined = from; id !== undefined; id = parents.get(id)) {
    const frame = frames.get(id);
    if (frame !== undefined && isOwn(frame)) return nameOf(frame);
  }
  const frame = frames.get(from);
  return frame === undefined ? "" : `- ${/^npm:[^/]+/.exec(whereOf(frame))?.[0] ?? frame.functionName}`;
};

const sums = {
  files: new Map<string, number>(),
  functions: new Map<string, number>(),
  causes: new Map<string, number>(),
};
let busy = 0;
const add = (sum: Map<string, number>, key: string, ms: number): void =>
  void sum.set(key, (sum.get(key) ?? 0) + ms);
samples.forEach((id, at) => {
  const frame = frames.get(id);
  if (frame === undefined || frame.functionName === "(idle)") return;
  const ms = (timeDeltas[at] ?? 0) / 1000;
  busy += ms;
  add(sums.files, whereOf(frame), ms);
  add(sums.functions, nameOf(frame), ms);
  add(sums.causes, causeOf(id), ms);
});

console.log(`busy ${busy.toFixed(0)} ms`);
for (const [name, sum] of Object.entries(sums)) {
  console.log(`by ${name}:`);
  for (const [what, ms] of [...sum].sort((a, b) => b[1] - a[1]).slice(0, Number(lines))) {
    console.log(`${ms.toFixed(0).padStart(7)} ms ${(100 * ms / busy).toFixed(1).padStart(5)} %  ${what}`);
  }
}
