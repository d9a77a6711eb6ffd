// Format, lint, types and docs: deno task check. Ends with the line `N passed, N failed`.
import { join } from "node:path";
import process from "node:process";
import { type Finished, runCommand } from "../test/tools/child.ts";
import { projectFiles, readText, root } from "../test/tools/files.ts";
import { totalLine } from "../test/tools/report.ts";
import { tsc } from "../test/tools/tsc.ts";
import { checkDocs } from "./docs.ts";

const modules = projectFiles().filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
const formatted = projectFiles().filter((path) => /\.(ts|json|jsonc|md)$/.test(path));
const entries = Object.values(JSON.parse(readText("deno.json")).exports as Record<string, string>);

const deno = (...args: readonly string[]): Promise<Finished> =>
  runCommand(process.execPath, args, { cwd: root, env: { NO_COLOR: "1" } });

const config = (name: string): string => join(root, ".build", name);

const checks: readonly (readonly [string, () => Promise<Finished>])[] = [
  ["format", () => deno("fmt", "--check", ...formatted)],
  ["lint", () => deno("lint", ...modules)],
  ["types, as Deno sees them", () => deno("check", "-q", ...modules)],
  ["types, as tsc sees them", () => tsc(["-p", config("tsconfig.check.json")])],
  ["types of the core without any runtime's", () => tsc(["-p", config("tsconfig.core.json")])],
  ["docs of what is exported", () => checkDocs(entries)],
];

let failed = 0;
for (const [name, check] of checks) {
  const ended = await check();
  if (ended.code !== 0) failed++;
  console.log(`${ended.code === 0 ? "ok  " : "FAIL"} ${name}`);
  if (ended.code !== 0) console.log(ended.output.trimEnd());
}
console.log(totalLine(checks.length - failed, failed, 0));
process.exit(failed === 0 ? 0 : 1);
