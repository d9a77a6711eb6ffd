import type { ObjectRef } from "../../../../core/kubernetes/meta.ts";
import type { CommandOptions, RunningCommand } from "../../../ports.ts";
import { instanceDir, type Layout } from "../layout.ts";
import { readInstance } from "../instance.ts";
import type { News } from "../news.ts";
import { runPiped, type Started } from "./piped.ts";
import { placeOf } from "./place.ts";
import { findProgram } from "./program.ts";
import { runInTerminal } from "./terminal.ts";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Ends the command when its client has left, and when its container has ended. */
const bound = (
  started: Started,
  signal: AbortSignal,
  news: News,
  uid: string,
  runs: () => boolean,
): RunningCommand => {
  const { kill, ...running } = started;
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  const unsubscribe = news.subscribe((told) => {
    if (told === uid && !runs()) kill();
  });
  const over = (): void => {
    unsubscribe();
    signal.removeEventListener("abort", kill);
  };
  running.exit.then(over, over);
  return running;
};

/**
 * Runs a command in the environment and working directory of a container that runs, as a process of this machine, in a process group
 * (with `tty`: in a session and a terminal) of its own.
 */
export const execIn = async (
  layout: Layout,
  news: News,
  pod: ObjectRef,
  container: string,
  command: readonly string[],
  options: CommandOptions,
): Promise<RunningCommand> => {
  const { key, workingDir, env: own } = placeOf(layout, pod, container);
  const env = options.tty ? { TERM: "xterm", ...own } : own;
  const file = findProgram(command[0] ?? "", workingDir, env.PATH ?? defaultPath);
  const run = { file, argv: command, workingDir, env };
  const started = options.tty ? await runInTerminal(run, options) : await runPiped(run, options);
  const runs = (): boolean => readInstance(instanceDir(layout, key))._tag === "Running";
  return bound(started, options.signal, news, key.uid, runs);
};
