import type { PodIntent } from "../../../core/pod/intent.ts";
import type { Millis } from "../../../core/time.ts";
import type { CommandOptions, RunningCommand } from "../../ports.ts";

/** A command of a container in memory: what `exec` or `attach` gives. Whatever it does, it is to heed `options.signal`. */
export type MemoryCommand = (
  command: readonly string[],
  options: CommandOptions,
) => RunningCommand | Promise<RunningCommand>;

/** What the containers of a pod in memory do. */
export interface ContainerScript {
  /** How long an instance runs; `undefined`: until it is stopped. */
  readonly runMs?: Millis;
  /** How instance 0, 1, … end; the last one holds for all that follow. `[0]` by default. */
  readonly exitCodes?: readonly number[];
  /** What it writes, at its start. */
  readonly log?: string;
  /** What a command does that is run in it; without it there are no programs. */
  readonly exec?: MemoryCommand;
  /** What those see who attach; called with no words. */
  readonly attach?: MemoryCommand;
  /** Who listens on which port: gets what a client sends, and gives what it gets. */
  readonly ports?: Readonly<Record<number, (sent: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>>>;
}

/** What a pod in memory does. */
export interface PodScript {
  /** From its creation to its containers' start. */
  readonly startMs?: Millis;
  /** How long a container takes to stop; more than the grace period: it is killed then (exit code 137). */
  readonly stopMs?: Millis;
  /** By container name; `*` for all others. */
  readonly containers?: Readonly<Record<string, ContainerScript>>;
}

const prefix = "memory.virtual-kubelet.io/";

/** Of a pod that says nothing. */
const plain: PodScript = {};

const seconds = (text: string | undefined): Millis | undefined => {
  const value = Number(text);
  return text === undefined || !(value >= 0) ? undefined : value * 1000;
};

const bytesOf = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();

/** Writes a text, whatever the words are. */
const says = (text: string | undefined): MemoryCommand | undefined =>
  text === undefined ? undefined : (_command, { stdout }) => ({
    ...(stdout ? { stdout: bytesOf(text) } : {}),
    exit: Promise.resolve(0),
  });

const codes = (text: string | undefined): readonly number[] | undefined => {
  const all = text?.split(",").map(Number);
  return all !== undefined && all.length > 0 && all.every(Number.isInteger) ? all : undefined;
};

/**
 * The script that a pod brings along in its annotations: `memory.virtual-kubelet.io/start-seconds`, `…/run-seconds`,
 * `…/stop-seconds`, `…/exit-codes` (`1,1,0`), `…/log`, and `…/exec`, which every command writes. Without any its containers run
 * until they are stopped.
 */
export const scriptOfAnnotations = (intent: PodIntent): PodScript => {
  const annotations = intent.pod.metadata.annotations ?? {};
  const at = (name: string): string | undefined => annotations[`${prefix}${name}`];
  if (!Object.keys(annotations).some((name) => name.startsWith(prefix))) return plain;
  return {
    startMs: seconds(at("start-seconds")),
    stopMs: seconds(at("stop-seconds")),
    containers: {
      "*": {
        runMs: seconds(at("run-seconds")),
        exitCodes: codes(at("exit-codes")),
        log: at("log"),
        exec: says(at("exec")),
      },
    },
  };
};

/** The script of one container. */
export const containerScript = (script: PodScript, name: string): ContainerScript =>
  script.containers?.[name] ?? script.containers?.["*"] ?? {};
