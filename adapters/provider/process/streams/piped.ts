import process from "node:process";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import type { RunningCommand } from "../../../ports.ts";
import { ProviderError } from "../../../provider_error.ts";
import { outputOf } from "./readable.ts";

/** What is to be run, and in what. */
export interface Run {
  readonly file: string;
  readonly argv: readonly string[];
  readonly workingDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A {@link RunningCommand} that can be ended. */
export interface Started extends RunningCommand {
  /** At once, with all that it has started in its process group. */
  kill(): void;
}

/** 128 + n for the signal of that number. */
export const codeOfSignal = (signal: string): number =>
  128 + (constants.signals[signal as keyof typeof constants.signals] ?? 0);

/** Ends a whole process group. */
export const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended
  }
};

const drained = (sink: Writable): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      sink.off("drain", done);
      sink.off("close", done);
      resolve();
    };
    sink.on("drain", done);
    sink.on("close", done);
  });

/** Passes a stream on until either side ends; a program that reads no more is no error. */
export const feed = async (source: ReadableStream<Uint8Array>, sink: Writable): Promise<void> => {
  const reader = source.getReader();
  const closed = (): void => void reader.cancel().catch(() => undefined);
  sink.on("error", () => undefined);
  sink.once("close", closed);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || sink.destroyed) break;
      if (!sink.write(value)) await drained(sink);
    }
    sink.end();
  } catch {
    sink.destroy();
  } finally {
    sink.off("close", closed);
  }
};

const begun = (child: ChildProcess, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) =>
      reject(
        new ProviderError("InvalidInput", `exec: ${JSON.stringify(name)}: ${cause.message}`, { cause }),
      ));
  });

/** Runs a program with pipes, in a process group of its own. */
export const runPiped = async (
  run: Run,
  { stdin, stdout, stderr }: {
    readonly stdin?: ReadableStream<Uint8Array>;
    readonly stdout: boolean;
    readonly stderr: boolean;
  },
): Promise<Started> => {
  const child = spawn(run.file, run.argv.slice(1), {
    argv0: run.argv[0],
    cwd: run.workingDir,
    env: run.env,
    detached: true,
    stdio: [stdin === undefined ? "ignore" : "pipe", stdout ? "pipe" : "ignore", stderr ? "pipe" : "ignore"],
  });
  const exit = new Promise<number | undefined>((resolve) => {
    child.once(
      "exit",
      (code, signal) => resolve(code ?? (signal === null ? undefined : codeOfSignal(signal))),
    );
  });
  await begun(child, run.argv[0] ?? "");
  if (stdin !== undefined && child.stdin !== null) void feed(stdin, child.stdin);
  return {
    ...(child.stdout === null ? {} : { stdout: outputOf(child.stdout, exit) }),
    ...(child.stderr === null ? {} : { stderr: outputOf(child.stderr, exit) }),
    exit,
    kill: () => killGroup(child.pid),
  };
};
