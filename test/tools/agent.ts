import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { runtimeCommand } from "./child.ts";
import { root as repository } from "./files.ts";
import { until } from "./until.ts";

export interface AgentOptions {
  readonly kubeconfig: string;
  readonly node: string;
  readonly provider: "process" | "memory";
  /** The state directory. */
  readonly root: string;
  /** Where its log goes; one after another when it is started again. */
  readonly log: string;
  readonly flags?: readonly string[];
}

/** One line of the program's log. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The program `vk run` as a child process, on the runtime that runs this. */
export interface Agent {
  /** Starts it, and does not wait for anything. */
  start(...flags: readonly string[]): void;
  /** Resolves when this start of it says that the node is ready. */
  ready(): Promise<void>;
  /** `kill -9`. Resolves when it has ended. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves with its exit code. */
  stop(): Promise<number | null>;
  readonly running: boolean;
  /** When it was started (`Date.now()`). */
  readonly startedAt: number;
  /** Of this start, or of all. */
  lines(all?: boolean): readonly LogLine[];
}

const parse = (text: string): readonly LogLine[] =>
  text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as LogLine];
    } catch {
      // cut off by a kill, or a runtime's own complaint
      return [{ time: "", level: "raw", msg: line }];
    }
  });

const endOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", (code) => resolve(code)));

const commandOf = (options: AgentOptions, flags: readonly string[]): readonly [string, string[]] => {
  const { kubeconfig, node, provider, root } = options;
  const own = ["--kubeconfig", kubeconfig, "--node", node, "--provider", provider, "--root", root];
  const more = ["--port", "0", "--log-format", "json", "--log-level", "debug"];
  return runtimeCommand(
    join(repository, "adapters/cli/main.ts"),
    ...["run", ...own, ...more, ...options.flags ?? [], ...flags],
  );
};

/** Not started yet. */
export const makeAgent = (options: AgentOptions): Agent => {
  let child: ChildProcess | undefined;
  let from = 0, startedAt = 0;
  const logged = (): string => existsSync(options.log) ? readFileSync(options.log, "utf8") : "";
  const lines = (all = false): readonly LogLine[] => parse(all ? logged() : logged().slice(from));
  const isRunning = (): boolean =>
    child !== undefined && child.exitCode === null && child.signalCode === null;

  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    if (child === undefined) return null;
    const ended = endOf(child);
    // not child.kill: Deno then takes the signal for the end, whatever the exit code
    if (isRunning() && child.pid !== undefined) process.kill(child.pid, signal);
    return await ended;
  };

  return {
    start: (...flags) => {
      if (isRunning()) throw new Error("the agent runs already");
      from = logged().length;
      const [command, args] = commandOf(options, flags);
      const log = openSync(options.log, "a");
      startedAt = Date.now();
      // of the test's own process group, so that it ends with it
      child = spawn(command, args, { stdio: ["ignore", log, log], env: { ...process.env, NO_COLOR: "1" } });
      child.on("error", (error) => console.log(`the agent did not start: ${error.message}`));
      closeSync(log);
    },
    ready: async () => {
      const said = `node ${options.node} is ready`;
      const ended = await until(`${said}, in the log`, () => {
        if (lines().some(({ msg }) => msg === said)) return "no";
        return isRunning() ? undefined : "yes";
      });
      if (ended === "yes") throw new Error("the agent has ended before it was ready");
    },
    kill: async () => void await end("SIGKILL"),
    stop: () => end("SIGTERM"),
    get running() {
      return isRunning();
    },
    get startedAt() {
      return startedAt;
    },
    lines,
  };
};
