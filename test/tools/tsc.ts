import { join } from "node:path";
import { type Finished, runCommand, runtimeCommand } from "./child.ts";
import { root } from "./files.ts";

/** Runs the repository's TypeScript compiler with this runtime. */
export const tsc = (args: readonly string[], cwd: string = root): Promise<Finished> => {
  const [command, rest] = runtimeCommand(join(root, "node_modules/typescript/bin/tsc"), ...args);
  return runCommand(command, rest, { cwd });
};
