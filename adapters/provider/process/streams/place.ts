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

/**
 * The environment that the container's command was given. A program may write over its own; its supervisor's, which carries most of
 * it, is never written to.
 */
const environmentOf = (
  command: ProcessIdentity,
  supervisor: ProcessIdentity | undefined,
): Readonly<Record<string, string>> => {
  const own = wordsIn(command.pid, "environ").map(pairOf);
  const carried = supervisor === undefined
    ? []
    : wordsIn(supervisor.pid, "environ").filter((text) => /^VK_\d+=/.test(text))
      .map((text) => pairOf(pairOf(text)[1]));
  const odd = carried.length === 0 ? own : own.filter(([name]) => !isShellName(name));
  return Object.fromEntries([...carried, ...odd]);
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
