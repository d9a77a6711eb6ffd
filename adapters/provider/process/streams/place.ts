import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectRef } from "../../../../core/kubernetes/meta.ts";
import { ProviderError } from "../../../provider_error.ts";
import { isShellName } from "../environment.ts";
import type { ProcessIdentity } from "../identity.ts";
import { readInstance } from "../instance.ts";
import { containerDir, instanceDir, type InstanceKey, type Layout } from "../layout.ts";
import { newestInstance } from "../observe.ts";
import { readInstanceRecord, readPodRecord } from "../pod_record.ts";

/** A container that runs: who its command is, and what it found itself in. */
export interface Place {
  readonly key: InstanceKey;
  readonly command: ProcessIdentity;
  readonly workingDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The words between NULs; none when the process is gone. */
const wordsIn = (pid: number, file: "environ" | "cmdline"): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
};

const pairOf = (text: string): readonly [string, string] => {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
};

/** `=env =NAME=value… =command…` among the supervisor's arguments: variables that no shell can carry. */
const oddIn = (words: readonly string[]): readonly string[] => {
  const argv = words.slice(8).map((word) => word.slice(1));
  if (argv[0] !== "env") return [];
  const end = argv.findIndex((word, at) => at > 0 && (!word.includes("=") || isShellName(pairOf(word)[0])));
  return argv.slice(1, end < 0 ? argv.length : end);
};

/**
 * The environment that the container's command was given, off its supervisor, which carries it (`supervisor.ts`): a program may write over
 * its own, and it has none yet while it is about to begin. Only where the supervisor is dead, the command's own is what there is.
 */
const environmentOf = (
  command: ProcessIdentity,
  supervisor: ProcessIdentity | undefined,
): Readonly<Record<string, string>> => {
  if (supervisor === undefined) return Object.fromEntries(wordsIn(command.pid, "environ").map(pairOf));
  const exported = wordsIn(supervisor.pid, "environ").map(pairOf)
    .flatMap(([name, value]) => /^VK_\d+$/.test(name) ? [value] : []);
  return Object.fromEntries([...exported, ...oddIn(wordsIn(supervisor.pid, "cmdline"))].map(pairOf));
};

/** The container's running instance. Throws `NotFound` for what is not there, `Conflict` when it does not run. */
export const placeOf = (layout: Layout, pod: ObjectRef, container: string): Place => {
  const record = readPodRecord(layout, pod.uid);
  if (record === undefined) throw new ProviderError("NotFound", `pod "${pod.name}" does not exist`);
  if (!record.containers.includes(container)) {
    throw new ProviderError("NotFound", `container "${container}" not found in pod "${pod.name}"`);
  }
  const key = newestInstance(layout, pod.uid, container);
  const state = key === undefined ? undefined : readInstance(instanceDir(layout, key));
  if (key === undefined || state?._tag !== "Running") {
    throw new ProviderError("Conflict", `container "${container}" in pod "${pod.name}" does not run`);
  }
  return {
    key,
    command: state.command,
    workingDir: readInstanceRecord(layout, key).workingDir ??
      join(containerDir(layout, pod.uid, container), "work"),
    env: environmentOf(state.command, state.supervisor),
  };
};
