import { closeSync, existsSync, fstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Millis } from "../../../core/time.ts";
import { bootId, isAlive, type ProcessIdentity, signalGroup, startTimeOf } from "./identity.ts";

/** What has become of an instance, from its records (see `supervisor.ts`) and the processes they name. */
export type InstanceState =
  /** Nobody has begun to run it. */
  | { readonly _tag: "Unclaimed" }
  | { readonly _tag: "Starting" }
  | {
    readonly _tag: "Running";
    readonly command: ProcessIdentity;
    readonly startedAt: Millis;
    /** `undefined`: it is dead, so nobody will record the exit code. */
    readonly supervisor: ProcessIdentity | undefined;
  }
  | {
    readonly _tag: "Ended";
    readonly exitCode: number;
    readonly reason?: string;
    readonly message?: string;
    readonly command?: ProcessIdentity;
    readonly startedAt?: Millis;
    readonly finishedAt?: Millis;
  };

export type Ended = Extract<InstanceState, { _tag: "Ended" }>;

interface Record {
  /** Its words without the closing `end`; `undefined`: cut off. */
  readonly words: readonly string[] | undefined;
  readonly at: Millis;
}

/** Not there is `undefined`; any other trouble is thrown. */
const readRecord = (dir: string, name: string): Record | undefined => {
  const path = join(dir, name);
  // Most records are not there most of the time, and an error costs much more than a look.
  if (!existsSync(path)) return undefined;
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const words = readFileSync(file, "utf8").trimEnd().split(" ");
    const whole = words.at(-1) === "end";
    return { words: whole ? words.slice(0, -1) : undefined, at: Math.floor(fstatSync(file).mtimeMs) };
  } finally {
    closeSync(file);
  }
};

/** Makes a record that nobody has made yet; `false`: somebody has, or the folder is gone. */
const makeRecord = (dir: string, name: string, words: string): boolean => {
  try {
    writeFileSync(join(dir, name), `${words} end\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
};

const identityOf = (words: readonly string[] | undefined): ProcessIdentity | undefined => {
  const [pid, start, boot] = words ?? [];
  if (pid === undefined || start === undefined || boot === undefined) return undefined;
  // Never 0, 1 or less: `kill(-1)` would be everybody.
  return /^[1-9]\d*$/.test(pid) && pid !== "1" ? { pid: Number(pid), start, boot } : undefined;
};

/** How long a supervisor may take between creating its claim and writing into it before it is given up. */
const claimMs: Millis = 2000;

const neverRan = (why: string, at: Millis): Ended => ({
  _tag: "Ended",
  exitCode: 128,
  reason: "StartError",
  message: why === "stopped"
    ? "stopped before it was started"
    : "its supervisor ended before the command was started",
  finishedAt: at,
});

const lost = (command: ProcessIdentity, startedAt: Millis, finishedAt: Millis): Ended => ({
  _tag: "Ended",
  exitCode: 137,
  reason: "ContainerStatusUnknown",
  message: command.boot === bootId()
    ? "the exit code is not known: the supervisor of the process ended before it could record it"
    : "the exit code is not known: the machine was restarted while the process ran",
  command,
  startedAt,
  finishedAt,
});

const failures: Readonly<{ [why: string]: Pick<Ended, "exitCode" | "reason"> & { readonly text: string } }> =
  {
    missing: {
      exitCode: 128,
      reason: "StartError",
      text: "there is no such executable file on this machine",
    },
    denied: { exitCode: 126, reason: "ContainerCannotRun", text: "the file may not be executed" },
    directory: { exitCode: 128, reason: "StartError", text: "its working directory cannot be entered" },
  };

const ended = (dir: string, exit: Record, command: ProcessIdentity, startedAt: Millis): Ended => {
  const exitCode = Number(exit.words?.[0]);
  if (!Number.isInteger(exitCode)) return lost(command, startedAt, exit.at);
  const why = readRecord(dir, "failed")?.words?.[0];
  const failure = why === undefined ? undefined : failures[why];
  const times = { command, startedAt, finishedAt: Math.max(exit.at, startedAt) };
  return failure === undefined
    ? { _tag: "Ended", exitCode, ...times }
    : { _tag: "Ended", exitCode: failure.exitCode, reason: failure.reason, message: failure.text, ...times };
};

/** One look. `undefined`: the supervisor was found dead, which counts only if a second look finds the same records. */
const look = (dir: string, second: boolean): InstanceState | undefined => {
  const exit = readRecord(dir, "exit");
  const pid = readRecord(dir, "pid");
  const claim = readRecord(dir, "claim");
  if (claim === undefined) return { _tag: "Unclaimed" };
  if (claim.words?.[0] === "void") return neverRan("stopped", claim.at);
  if (pid !== undefined && (pid.words === undefined || pid.words[0] === "void")) {
    return neverRan(pid.words?.[1] ?? "", pid.at);
  }
  const command = identityOf(pid?.words);
  if (pid !== undefined && command === undefined) return neverRan("", pid.at);
  if (exit?.words !== undefined && command !== undefined) {
    return ended(dir, exit, command, pid?.at ?? exit.at);
  }
  const supervisor = identityOf(claim.words);
  const supervised = supervisor !== undefined && isAlive(supervisor);
  if (pid !== undefined && command !== undefined) {
    if (supervised) return { _tag: "Running", command, startedAt: pid.at, supervisor };
    if (isAlive(command)) return { _tag: "Running", command, startedAt: pid.at, supervisor: undefined };
    return second ? endLost(dir, command, pid.at) : undefined;
  }
  if (supervised || (supervisor === undefined && Date.now() - claim.at < claimMs)) {
    return { _tag: "Starting" };
  }
  if (second) makeRecord(dir, "pid", "void abandoned");
  return undefined;
};

const endLost = (dir: string, command: ProcessIdentity, startedAt: Millis): Ended => {
  // What the command left behind would have been ended by its supervisor. While a group has members, its number is
  // no new process's id: a process there now means that the group is gone and the number another's.
  if (startTimeOf(command.pid) === undefined) signalGroup(command, "SIGKILL");
  makeRecord(dir, "exit", "lost");
  return lost(command, startedAt, readRecord(dir, "exit")?.at ?? Date.now());
};

/**
 * What has become of the instance whose records lie in `dir`. Settles what a dead supervisor has left open, so that
 * every later look, by any agent, says the same.
 */
export const readInstance = (dir: string): InstanceState =>
  look(dir, false) ?? look(dir, true) ?? look(dir, true) ?? { _tag: "Starting" };

/** Makes sure that an instance which does not run yet never will, unless a supervisor is faster; look again to see. */
export const forbidStart = (dir: string, state: InstanceState): void => {
  if (state._tag === "Unclaimed") makeRecord(dir, "claim", "void");
  if (state._tag === "Starting") makeRecord(dir, "pid", "void stopped");
};
