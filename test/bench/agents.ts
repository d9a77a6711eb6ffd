// The agents that are measured, each a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "../tools/files.ts";
import { nodeBinary } from "../tools/node_versions.ts";

export interface Agent {
  readonly label: string;
  readonly command: (kubeconfig: string, node: string) => readonly string[];
  /** It registers its node by itself. */
  readonly registers: boolean;
  /** It speaks the benchmark's protocol; others are taken for ready after a while. */
  readonly speaks: boolean;
  /** It watches nothing and is told of every pod. */
  readonly blind?: boolean;
  /** Writes of one pod's life. */
  readonly writes: number;
}

/** What a process has used up to now. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMiB: number;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with the line that begins with a word, whenever that comes. */
  said(word: string): Promise<string>;
  tell(line: string): void;
  usage(): Usage;
  /** Ends it: gracefully, by closing its input, or by SIGKILL. */
  end(how: "gracefully" | "SIGKILL"): Promise<void>;
}

export const nodeCommand = async (): Promise<string> => process.env.VK_BENCH_NODE ?? await nodeBinary(24);

export const denoCommand = (): string => process.versions.deno === undefined ? "deno" : process.execPath;

const file = (name: string): string => join(root, "test/bench", name);

/** The commands of a file on both runtimes. */
export const runtimes = async (): Promise<
  Readonly<Record<"node" | "deno", (name: string, ...args: readonly string[]) => readonly string[]>>
> => {
  const node = await nodeCommand();
  const deno = denoCommand();
  return {
    node: (name, ...args) => [node, "--disable-warning=ExperimentalWarning", file(name), ...args],
    deno: (name, ...args) => [deno, "run", "-q", "-A", file(name), ...args],
  };
};

/** `VK_BENCH_PEERS`: one agent a line, `LABEL=COMMAND` with `{kubeconfig}` and `{node}` in the command. */
export const peers = (): readonly Agent[] =>
  (process.env.VK_BENCH_PEERS ?? "").split("\n").filter((line) => line.includes("=")).map((line) => {
    const at = line.indexOf("=");
    const words = line.slice(at + 1).trim().split(/\s+/);
    return {
      label: line.slice(0, at).trim(),
      command: (kubeconfig, node) =>
        words.map((word) => word.replaceAll("{kubeconfig}", kubeconfig).replaceAll("{node}", node)),
      registers: false,
      speaks: false,
      writes: 0,
    };
  });

const ticksPerSecond = 100;

/** Of all threads, also those that have ended. */
export const usageOf = (pid: number): Usage => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * 1000 / ticksPerSecond,
    rssMiB: Number(rss) / 1024,
  };
};

const boundMs = 60_000;

/** Starts an agent. `onExit` is called when it ends although nobody asked it to. */
export const startAgent = (command: readonly string[], onExit: (why: string) => void): Running => {
  if (!existsSync("/proc/self/stat")) throw new Error("the benchmark reads /proc: it runs on Linux only");
  const [name = "", ...args] = command;
  const child = spawn(name, args, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let errors = "";
  let ending = false;
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    listeners.forEach((look) => look());
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  child.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      onExit(`${name}: ${error.message}`);
      resolve();
    });
    child.on("close", (code, signal) => {
      if (!ending) onExit(`${command.join(" ")} ended (${signal ?? code}):\n${errors}`);
      resolve();
    });
  });
  return {
    process: child,
    said: (word) =>
      new Promise((resolve, reject) => {
        const finish = (): void => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        const timer = setTimeout(() => {
          finish();
          reject(
            new Error(`${command.join(" ")} did not say ${word} within ${boundMs / 1000} s:\n${errors}`),
          );
        }, boundMs);
        const look = (): void => {
          const line = lines.find((each) => each.split(" ")[0] === word);
          if (line === undefined) return;
          finish();
          resolve(line);
        };
        listeners.add(look);
        look();
      }),
    tell: (line) => void child.stdin.write(`${line}\n`),
    usage: () => usageOf(child.pid ?? 0),
    end: async (how) => {
      ending = true;
      if (how === "SIGKILL") child.kill("SIGKILL");
      else if (child.stdin.writable) child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      // what does not read its input
      const term = setTimeout(() => child.kill("SIGTERM"), 3_000);
      await ended;
      clearTimeout(timer);
      clearTimeout(term);
    },
  };
};
