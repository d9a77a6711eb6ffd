import { join } from "node:path";
import { runCommand, runtimeCommand } from "./child.ts";
import { root } from "./files.ts";
import { type FileResult, isFinished, judge } from "./report.ts";

export interface RunFileOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** For the whole file. */
  readonly boundMs: number;
  /** From the end of its tests to the end of its process. */
  readonly lingerMs: number;
}

/** Runs one test file in a process of its own, so that a hang or a crash is this file's alone. */
export const runFile = async (file: string, options: RunFileOptions): Promise<FileResult> => {
  const started = performance.now();
  const ending = new AbortController();
  let killed: string | undefined;
  const end = (why: string): void => {
    killed ??= why;
    ending.abort();
  };
  const bound = setTimeout(
    () => end(`hangs: killed after ${options.boundMs / 1000} s`),
    options.boundMs,
  );
  let linger: ReturnType<typeof setTimeout> | undefined;
  const onStdout = (stdout: string): void => {
    clearTimeout(linger);
    if (!isFinished(stdout)) return;
    linger = setTimeout(
      () => end("its tests ended but its process did not: a timer, socket or child process is left open"),
      options.lingerMs,
    );
  };
  const stop = (): void => end("interrupted");
  options.signal?.addEventListener("abort", stop, { once: true });
  if (options.signal?.aborted) stop();
  const [command, args] = runtimeCommand(join(root, file));
  const env = { ...options.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const ended = await runCommand(command, args, { cwd: root, env, signal: ending.signal, onStdout });
  clearTimeout(bound);
  clearTimeout(linger);
  options.signal?.removeEventListener("abort", stop);
  return { file, ...judge({ ...ended, killed }), output: ended.output, ms: performance.now() - started };
};
