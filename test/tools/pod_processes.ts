import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import process from "node:process";

/** A process of a pod of the process provider. */
export interface PodProcess {
  readonly pid: number;
  /** Its process group: the command of an instance leads one. */
  readonly group: number;
  readonly uid: string;
  readonly container: string;
  /** The shell that looks after an instance, not of the pod itself. */
  readonly supervisor: boolean;
}

const place = /\/pods\/([^/]+)\/([^/]+)\/(work|\d+)/;

const groupOf = (pid: string): number =>
  Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[2]);

const look = (pid: string, root: string): PodProcess | undefined => {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    // `run`: it is about to become the command, and not in its working directory yet
    const [, script = "", role = "", dir = ""] = line;
    const ours = script.startsWith(`${root}/`) && (role === "supervise" || role === "run");
    const where = ours ? dir : readlinkSync(`/proc/${pid}/cwd`);
    const [, uid, container] = where.startsWith(`${root}/`) ? place.exec(where) ?? [] : [];
    if (uid === undefined || container === undefined) return undefined;
    return {
      pid: Number(pid),
      group: groupOf(pid),
      uid,
      container,
      supervisor: ours && role === "supervise",
    };
  } catch {
    return undefined; // it has ended meanwhile
  }
};

/** What runs of the pods whose records lie under `root`, by their working directories: no agent is asked. */
export const podProcesses = (root: string): readonly PodProcess[] =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => look(pid, root) ?? []);

/** The commands of one pod: one for each container that runs. */
export const commandsOf = (root: string, uid: string): readonly number[] => [
  ...new Set(
    podProcesses(root).filter((each) => each.uid === uid && !each.supervisor).map(({ group }) => group),
  ),
];

/** Containers with more than one command alive, as `uid/container: groups`. */
export const twice = (root: string): readonly string[] => {
  const groups = new Map<string, Set<number>>();
  for (const { uid, container, group, supervisor } of podProcesses(root)) {
    const key = `${uid}/${container}`;
    if (!supervisor) groups.set(key, (groups.get(key) ?? new Set()).add(group));
  }
  return [...groups].filter(([, found]) => found.size > 1).map(([key, found]) => `${key}: ${[...found]}`);
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "")[0] !== "Z";
  } catch {
    return false;
  }
};

/** The last resort of a test that failed. */
export const killPodProcesses = (root: string): void => {
  for (const { pid } of podProcesses(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has ended meanwhile
    }
  }
};
