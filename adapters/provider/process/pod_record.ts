import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import type { Container } from "../../../core/kubernetes/container.ts";
import type { Owner } from "../../../core/pod/observed.ts";
import type { PodIntent } from "../../../core/pod/intent.ts";
import { ProviderError } from "../../provider_error.ts";
import { containerDir, instanceDir, type InstanceKey, type Layout, podDir } from "./layout.ts";

/** `pod.json`: whose pod a folder holds. Written once, before anything of the pod runs. */
export interface PodRecord {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: Owner;
  /** Init containers first, as the spec orders them. */
  readonly containers: readonly string[];
}

/** `spec.json`: what outlives the agent of one instance's specification. */
export interface InstanceRecord {
  readonly image?: string;
  readonly stopSignal?: string;
  /** Absent: the container's own folder. */
  readonly workingDir?: string;
}

const present = (code: unknown): boolean => code === "EEXIST" || code === "ENOTEMPTY";
const codeOf = (error: unknown): unknown => (error as { code?: string }).code;

/** Makes a folder with one file in it, both or neither. One that is there already stays as it is. */
const makeFolder = async (dir: string, file: string, value: unknown, durable: boolean): Promise<void> => {
  const fresh = join(dirname(dir), `.new-${randomUUID()}`);
  await mkdir(fresh, { mode: 0o700 });
  try {
    await writeFile(join(fresh, file), `${JSON.stringify(value)}\n`, { mode: 0o600, flush: durable });
    await rename(fresh, dir);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!present(codeOf(error))) throw error;
  }
};

/** Never the folders above it: a pod that is being removed meanwhile must not come back. */
const makeEmpty = async (dir: string, mode: number): Promise<void> => {
  try {
    await mkdir(dir, { mode });
  } catch (error) {
    if (!present(codeOf(error))) throw error;
  }
};

export const makePod = async (layout: Layout, intent: PodIntent): Promise<void> => {
  const { metadata, spec } = intent.pod;
  const record: PodRecord = {
    uid: metadata.uid,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    owner: intent.owner,
    containers: [...spec.initContainers ?? [], ...spec.containers].map(({ name }) => name),
  };
  const dir = podDir(layout, metadata.uid);
  // After a loss of power a pod whose record is damaged would keep the whole list from being made.
  if (readPodRecord(layout, metadata.uid) === undefined) await makeFolder(dir, "pod.json", record, true);
};

const stopSignalOf = (container: Container): string | undefined => {
  const signal = (container.lifecycle as { stopSignal?: unknown } | undefined)?.stopSignal;
  return typeof signal === "string" ? signal : undefined;
};

export const makeInstance = async (
  layout: Layout,
  key: InstanceKey,
  container: Container,
): Promise<void> => {
  const { image, workingDir } = container;
  const record: InstanceRecord = {
    image,
    stopSignal: stopSignalOf(container),
    ...(workingDir ? { workingDir } : {}),
  };
  const dir = containerDir(layout, key.uid, key.container);
  await makeEmpty(dir, 0o700);
  await makeEmpty(join(dir, "work"), 0o755);
  await makeFolder(instanceDir(layout, key), "spec.json", record, false);
};

const readJson = <A>(path: string): A | undefined => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as A;
  } catch (cause) {
    throw new ProviderError(
      "Unknown",
      `${path} is damaged; if no process of the pod runs any more, remove its folder`,
      { cause },
    );
  }
};

/** `undefined`: no such pod here. */
export const readPodRecord = (layout: Layout, uid: string): PodRecord | undefined =>
  readJson(join(podDir(layout, uid), "pod.json"));

export const readInstanceRecord = (layout: Layout, key: InstanceKey): InstanceRecord =>
  readJson(join(instanceDir(layout, key), "spec.json")) ?? {};

const namesIn = (dir: string): readonly string[] => {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
};

/** The restart counts of a container that there are records of, newest first. */
export const instancesOf = (layout: Layout, uid: string, container: string): readonly number[] =>
  namesIn(containerDir(layout, uid, container)).filter((name) => /^\d+$/.test(name)).map(Number)
    .sort((a, b) => b - a);

/** The UIDs of the pods that there are folders of. */
export const podsIn = (layout: Layout): readonly string[] =>
  namesIn(layout.pods).filter((name) => !name.startsWith("."));
