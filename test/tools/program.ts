import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { root } from "./files.ts";

/** How a program is started: `deno run -A FILE`, `node FILE`. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** A program that runs as a child. */
export interface Program {
  /** Everything it has printed. */
  output(): string;
  /** Resolves to the output as soon as the condition holds for it; rejects when it ends before, or after the bound. */
  said(what: string | RegExp, boundMs?: number): Promise<string>;
  signal(name: "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGKILL"): void;
  /** Its exit code, `null` after a signal. Rejects after the bound. */
  ended(boundMs?: number): Promise<number | null>;
}

const bound = 60_000;

/** Fails a promise that takes too long. */
const within = async <A>(work: Promise<A>, ms: number, message: () => string): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Starts a file of the project. `env` is all of its environment but PATH and HOME. */
export const startProgram = (
  runtime: Runtime,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program =>
  start(runtime.command, [...runtime.args, join(root, file), ...args], env, { cwd: root, isGroup: false });

/** Starts a line of shell in a folder. Signals go to everything that it starts, as those of a terminal do. */
export const startCommand = (
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Program => start("sh", ["-c", line], env, { cwd, isGroup: true });

const start = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { cwd, isGroup }: { readonly cwd: string; readonly isGroup: boolean },
): Program => {
  const { PATH, HOME, TMPDIR, DENO_DIR } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: JSON.parse(JSON.stringify({ PATH, HOME, TMPDIR, DENO_DIR, ...env })),
    stdio: ["ignore", "pipe", "pipe"],
    detached: isGroup,
  });
  let output = "", over = false;
  const looks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const look of [...looks]) look();
    });
  }
  const end = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => over = true);
    child.once("close", (code) => resolve(code));
  });
  end.catch(() => {});
  const has = (what: string | RegExp): boolean =>
    typeof what === "string" ? output.includes(what) : what.test(output);
  return {
    output: () => output,
    said: async (what, boundMs = bound) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const look = (): void => {
        if (has(what)) resolve(output);
      };
      looks.add(look);
      look();
      const early = end.then((code) => {
        if (has(what)) return output;
        throw new Error(`it ended with ${code} and never said ${what}:\n${output}`);
      });
      try {
        return await within(
          Promise.race([promise, early]),
          boundMs,
          () => `it did not say ${what}:\n${output}`,
        );
      } finally {
        looks.delete(look);
      }
    },
    // `child.kill` of Deno sends only one, and takes it for the end
    signal: (name) => {
      if (!over && child.pid !== undefined) process.kill(isGroup ? -child.pid : child.pid, name);
    },
    ended: (boundMs = bound) => within(end, boundMs, () => `it did not end:\n${output}`),
  };
};
