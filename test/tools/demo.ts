import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { type Finished, runCommand, runtimeCommand } from "./child.ts";
import { projectFiles, root } from "./files.ts";
import { killPodProcesses, podProcesses } from "./pod_processes.ts";
import { processesNaming } from "./processes.ts";
import { type Program, type Runtime, startCommand, startProgram } from "./program.ts";
import { startTerminal, type Terminal } from "./terminal.ts";

const program = "adapters/cli/main.ts";

/** A machine of its own as far as folders go: an empty home and an empty folder for what is temporary. */
export interface DemoWorld {
  readonly folder: string;
  readonly home: string;
  readonly temporary: string;
  readonly env: Readonly<Record<string, string>>;
  /** Starts `vk demo` with its output in a pipe. */
  piped(args: readonly string[], more?: Readonly<Record<string, string>>): Program;
  /** The same as a task runner does: a shell between, that passes no signals on. */
  byTaskRunner(args: readonly string[]): Program;
  /** Starts a line of shell in a copy of the project as it is after `git clone`. */
  inClone(line: string, more: Readonly<Record<string, string>>): Program;
  /** Starts it in a pseudo-terminal. */
  inTerminal(args: readonly string[], size?: { readonly columns: number; readonly rows: number }): Terminal;
  /** Runs a command of `vk` on the cluster of a kubeconfig. */
  vk(kubeconfig: string, ...args: readonly string[]): Promise<Finished>;
  /** What is left: files and processes. */
  left(): readonly string[];
  close(): void;
}

/** Where Deno keeps what it has downloaded: not to be downloaded again into the empty home. */
const denoDir = (): string => {
  const { DENO_DIR } = process.env;
  if (DENO_DIR !== undefined) return DENO_DIR;
  if (process.versions.deno === undefined) return join(homedir(), ".cache", "deno");
  return JSON.parse(execFileSync(process.execPath, ["info", "--json"], { encoding: "utf8" })).denoDir;
};

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));

/** `onPath` are programs that are there, installed or not. */
export const openDemoWorld = (onPath: readonly string[] = []): DemoWorld => {
  const folder = mkdtempSync(join(tmpdir(), "vk-demo-test-"));
  const home = join(folder, "home"), temporary = join(folder, "tmp"), bin = join(folder, "bin");
  for (const each of [home, temporary, bin]) mkdirSync(each);
  for (const name of onPath) writeFileSync(join(bin, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const PATH = `${bin}${delimiter}${process.env.PATH ?? ""}`;
  const env = { PATH, HOME: home, TMPDIR: temporary, DENO_DIR: denoDir(), DENO_NO_UPDATE_CHECK: "1" };
  const [command, runtimeArgs] = runtimeCommand(program);
  const runtime: Runtime = { name: "this", command, args: runtimeArgs.slice(0, -1) };
  const terminals: Terminal[] = [];
  const programs: Program[] = [];
  const running = (): readonly string[] => [
    ...podProcesses(folder).map(({ pid, container }) => `process ${pid} of container ${container}`),
    ...processesNaming(folder),
  ];
  return {
    folder,
    home,
    temporary,
    env,
    piped: (args, more = {}) => {
      const started = startProgram(runtime, program, ["demo", ...args], { ...env, ...more });
      programs.push(started);
      return started;
    },
    byTaskRunner: (args) => {
      const line = ["-c", '"$@"; exit $?', "sh", command, ...runtime.args];
      const shell: Runtime = { name: "sh", command: "sh", args: line };
      const started = startProgram(shell, program, ["demo", ...args], { ...env, INIT_CWD: root });
      programs.push(started);
      return started;
    },
    inClone: (line, more) => {
      const clone = join(folder, "clone");
      for (const path of projectFiles()) cpSync(join(root, path), join(clone, path));
      const started = startCommand(line, clone, { ...env, ...more });
      programs.push(started);
      return started;
    },
    inTerminal: (args, size = { columns: 80, rows: 24 }) => {
      const line = [command, ...runtime.args, join(root, program), "demo", ...args];
      const started = startTerminal(line, { ...size, cwd: root, env });
      terminals.push(started);
      return started;
    },
    vk: (kubeconfig, ...args) =>
      runCommand(command, [...runtimeArgs, ...args], {
        cwd: root,
        env: { ...env, KUBECONFIG: kubeconfig },
        signal: AbortSignal.timeout(60_000),
      }),
    left: () => [...filesUnder(home), ...filesUnder(temporary), ...running()],
    close: () => {
      for (const started of programs) started.signal("SIGKILL");
      for (const started of terminals) started.hangUp();
      killPodProcesses(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The file that `export KUBECONFIG=…` names. */
export const kubeconfigIn = (text: string): string => {
  const found = /export KUBECONFIG=(\S+)/.exec(text)?.[1];
  if (found === undefined) throw new Error(`there is no line for KUBECONFIG:\n${text}`);
  return found;
};
