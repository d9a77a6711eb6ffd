// Builds the npm package's code and types: deno task build [FOLDER], by default dist/.
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { root } from "../test/tools/files.ts";
import { tsc } from "../test/tools/tsc.ts";

const out = resolve(root, process.argv[2] ?? "dist");
await rm(out, { recursive: true, force: true });
const ended = await tsc(["-p", ".build/tsconfig.json", "--outDir", out]);
process.stdout.write(ended.output);
if (ended.code !== 0) {
  console.error("build: the types do not check, so there is nothing to publish");
  process.exit(1);
}
console.log(`build: wrote ${out}`);
