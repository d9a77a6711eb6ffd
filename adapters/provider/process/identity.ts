import { readFileSync } from "node:fs";

/**
 * A process, told apart from every later one with the same id: the start time (field 22 of `/proc/<pid>/stat`, in
 * clock ticks since the machine started) and the id of that start of the machine.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
}

let boot: string | undefined;

/** The id of the machine's present run; it cannot change while this process lives. */
export const bootId = (): string => boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

const gone = (error: unknown): boolean => {
  const code = (error as { code?: string }).code;
  return code === "ENOENT" || code === "ESRCH";
};

/** The start time of the process that has this id now; `undefined`: there is none, or only its zombie. */
export const startTimeOf = (pid: number): string | undefined => {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (gone(error)) return undefined;
    throw error;
  }
  // The command's name stands in parentheses and may hold anything; what follows the last one is safe to split.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
};

/** Whether this very process still runs. */
export const isAlive = (process: ProcessIdentity): boolean =>
  process.boot === bootId() && startTimeOf(process.pid) === process.start;

/** Sends a signal to the group that the process leads; no such group is no error. */
export const signalGroup = (leader: ProcessIdentity, signal: NodeJS.Signals): void => {
  if (leader.boot !== bootId()) return;
  try {
    process.kill(-leader.pid, signal);
  } catch (error) {
    if (!gone(error)) throw error;
  }
};
