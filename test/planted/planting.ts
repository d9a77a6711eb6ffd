import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand, runtimeCommand } from "../tools/child.ts";
import { root } from "../tools/files.ts";
import { judge } from "../tools/report.ts";
import { edited, type PlantedBug } from "./bug.ts";

/** What the simulation came to. */
export interface Hunt {
  /** The first seed that failed. */
  readonly seed: number | undefined;
  /** How many seeds it took, or how many have found nothing. */
  readonly seeds: number;
  /** The promise that broke. */
  readonly problem: string | undefined;
}

/** A copy of the code with a bug in it. */
export interface Copy {
  /** Runs seeds from 1 on until one fails, at most so many. */
  hunt(mostSeeds: number): Promise<Hunt>;
  /** Whether a file of tests fails. */
  fails(file: string): Promise<boolean>;
  remove(): Promise<void>;
}

const copied = ["core", "adapters", "test", "mod.ts", "deno.json", "deno.lock", "package.json", "README.md"];

/** No seed may take longer than this with whatever bug: one that never ends has been found out. */
const boundMs = 120_000;

/** A property that finds a bug in one of some hundred runs finds it for certain. */
const runs = "1000";

const readHunt = (stdout: string): Hunt | undefined => {
  const line = stdout.split("\n").find((each) => each.startsWith("{"));
  return line === undefined ? undefined : JSON.parse(line) as Hunt;
};

const copyOf = (folder: string): Copy => {
  const run = async (file: string, ...args: readonly string[]) => {
    const [command, all] = runtimeCommand(join(folder, file), ...args);
    const env = { NO_COLOR: "1", FORCE_COLOR: undefined, VK_RUNS: runs };
    return await runCommand(command, all, { cwd: folder, env, signal: AbortSignal.timeout(boundMs) });
  };
  return {
    hunt: async (mostSeeds) => {
      const ended = await run("test/planted/first_failing.ts", `${mostSeeds}`);
      const found = readHunt(ended.stdout);
      if (found === undefined) throw new Error(`the simulation did not end: ${ended.output.slice(-2_000)}`);
      return found;
    },
    fails: async (file) => {
      const ended = await run(file);
      const { failed, problem } = judge({ ...ended, killed: undefined });
      return failed > 0 || problem !== undefined;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Copies the code to a temporary folder and changes it there. */
export const plant = async (bug: Pick<PlantedBug, "edits">): Promise<Copy> => {
  const folder = await mkdtemp(join(tmpdir(), "vk-planted-"));
  await Promise.all(copied.map((name) => cp(join(root, name), join(folder, name), { recursive: true })));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  for (const file of new Set(bug.edits.map((edit) => edit.file))) {
    const path = join(folder, file);
    await writeFile(path, edited(file, await readFile(path, "utf8"), bug.edits));
  }
  return copyOf(folder);
};
