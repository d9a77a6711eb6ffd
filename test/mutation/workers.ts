import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { runtimeCommand } from "../tools/child.ts";
import { root } from "../tools/files.ts";
import { type Reply, replyMark, type Request } from "./protocol.ts";

/** How a request ended; the last two end the process too. */
export type Ended = Exclude<Reply, { readonly _tag: "Begun" }> | {
  readonly _tag: "TimedOut" | "Died";
  readonly at: number;
};

/** A process for tests, started when it is needed and started again when it has been ended. */
export interface Worker {
  /** `boundOf` is the time that the test at a place of the request may take. One request at a time. */
  ask(request: Request, boundOf: (at: number) => number): Promise<Ended>;
  stop(): void;
}

const memoryMb = 1500;
const startMs = 60_000;

const launch = (env: Readonly<Record<string, string>>): ChildProcess => {
  const [command, args] = runtimeCommand(join(root, "test/mutation/worker.ts"));
  const flag = `--max-old-space-size=${memoryMb}`;
  const flags = process.versions.deno === undefined ? [flag] : [];
  const limited = process.versions.deno === undefined ? args : args.toSpliced(1, 0, `--v8-flags=${flag}`);
  return spawn(command, [...flags, ...limited], {
    cwd: root,
    env: { ...process.env, ...env, NO_COLOR: "1", FORCE_COLOR: undefined },
    stdio: ["pipe", "pipe", process.env.VK_MUTATION_DEBUG === undefined ? "ignore" : "inherit"],
  });
};

export const newWorker = (env: Readonly<Record<string, string>>): Worker => {
  let child: ChildProcess | undefined;
  let onReply: (reply: Reply | undefined) => void = () => {};
  const begin = (): ChildProcess => {
    const begun = launch(env);
    begun.on("exit", () => {
      if (child !== begun) return;
      child = undefined;
      onReply(undefined);
    });
    begun.stdin?.on("error", () => {});
    if (begun.stdout !== null) {
      createInterface({ input: begun.stdout }).on("line", (line) => {
        const at = line.indexOf(replyMark);
        if (at >= 0 && child === begun) onReply(JSON.parse(line.slice(at + 1)));
      });
    }
    return begun;
  };
  const stop = (): void => {
    const ended = child;
    child = undefined;
    ended?.kill("SIGKILL");
  };
  const ask: Worker["ask"] = (request, boundOf) =>
    new Promise((resolve) => {
      let at = -1;
      let timer: ReturnType<typeof setTimeout>;
      const end = (ended: Ended): void => {
        clearTimeout(timer);
        onReply = () => {};
        if (ended._tag === "TimedOut") stop();
        resolve(ended);
      };
      const wait = (ms: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => end({ _tag: "TimedOut", at }), ms);
      };
      onReply = (reply) => {
        if (reply === undefined) return end({ _tag: "Died", at });
        if (reply._tag !== "Begun") return end(reply);
        at = reply.at;
        wait(boundOf(at));
      };
      wait(startMs);
      child ??= begin();
      child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  return { ask, stop };
};
