import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/** The command that runs a TypeScript file with the runtime that runs this one. */
export const runtimeCommand = (file: string, ...args: readonly string[]): readonly [string, string[]] =>
  process.versions.deno === undefined
    ? [process.execPath, ["--disable-warning=ExperimentalWarning", file, ...args]]
    : [process.execPath, ["run", "-q", "-A", file, ...args]];

/** How a finished command ended. */
export interface Finished {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the whole process group with SIGKILL. */
  readonly signal?: AbortSignal;
  /** Called with all of standard output so far, whenever there is more. */
  readonly onStdout?: (stdout: string) => void;
  /** Standard output and error go to the terminal as well. */
  readonly show?: boolean;
}

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // the group is gone already
  }
};

const drainMs = 1000;

/**
 * Runs a command in a process group of its own and resolves when it has ended, whatever its exit code. What it leaves
 * running in its group is killed. Rejects when it cannot be started.
 */
export const runCommand = (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const abort = (): void => killGroup(child);
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    let stdout = "", output = "";
    const take = (name: "stdout" | "stderr", bytes: Uint8Array): void => {
      const text = decoders[name].decode(bytes, { stream: true });
      output += text;
      if (options.show) process[name].write(text);
      if (name !== "stdout") return;
      stdout += text;
      options.onStdout?.(stdout);
    };
    child.stdout.on("data", (bytes: Uint8Array) => take("stdout", bytes));
    child.stderr.on("data", (bytes: Uint8Array) => take("stderr", bytes));
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      killGroup(child);
      // a process of another group may hold the pipes open for ever
      const timer = setTimeout(done, drainMs);
      child.on("close", done);
      function done(): void {
        clearTimeout(timer);
        child.stdout.destroy();
        child.stderr.destroy();
        options.signal?.removeEventListener("abort", abort);
        resolve({ code, signal, stdout, output });
      }
    });
    options.signal?.addEventListener("abort", abort, { once: true });
    if (options.signal?.aborted) abort();
  });

/** As {@link runCommand}, but rejects with the whole output unless the exit code is 0. Resolves to standard output. */
export const mustRun = async (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> => {
  const ended = await runCommand(command, args, options);
  if (ended.code === 0) return ended.stdout;
  const how = ended.signal ?? `exit code ${ended.code}`;
  throw new Error(`\`${[command, ...args].join(" ")}\` failed (${how}):\n${ended.output}`);
};
