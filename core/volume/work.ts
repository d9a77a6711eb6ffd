import type { Pod } from "../kubernetes/pod.ts";
import type { Found } from "../pod/env_source.ts";
import type { Given } from "../pod/given.ts";
import type { Problem } from "../pod/intent.ts";
import type { Missing, Notice } from "../pod/missing.ts";
import { type VolumeFile, volumeFile } from "./volume.ts";

/** What the files of one volume are gathered in. */
export interface VolumeWork {
  readonly pod: Pod;
  readonly given: Given;
  readonly name: string;
  readonly defaultMode: number;
  readonly files: Map<string, VolumeFile>;
  /** From what the files are, and of which version. */
  readonly versions: string[];
  readonly problems: Problem[];
  readonly missing: Missing[];
  readonly notices: Notice[];
}

/** Only another spec can help. */
export const refuse = (work: VolumeWork, field: string, message: string): undefined =>
  void work.problems.push({ field, message, fatal: true });

/** What was found; what was not is told, and waited for where the pod cannot start without. */
export const orTold = <A>(work: VolumeWork, found: Found<A>): A | undefined => {
  if (found._tag === "Found") return found.value;
  if (found.notice !== undefined) work.notices.push(found.notice);
  if (found._tag !== "Missing") return undefined;
  const { message } = found;
  const told = message === undefined ? undefined : `volume "${work.name}": ${message}`;
  return void work.missing.push({ container: undefined, message: told });
};

/** Relative, and within the volume. */
export const isWithin = (path: string): boolean =>
  path !== "" && !path.includes("\0") && !path.startsWith("/") &&
  path.split("/").every((part) => part !== ".." && part !== "." && part !== "") &&
  !path.startsWith("..");

/** Adds a file; a later one of the same path wins. */
export const addFile = (
  work: VolumeWork,
  field: string,
  path: string,
  mode: number | undefined,
  content: Uint8Array,
): void => {
  if (!isWithin(path)) return refuse(work, field, `the path ${JSON.stringify(path)} leads out of the volume`);
  work.files.delete(path);
  work.files.set(path, volumeFile(path, (mode ?? work.defaultMode) & 0o777, content));
};
