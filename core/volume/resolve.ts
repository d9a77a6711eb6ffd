import { type Fields, fieldsOf, listIn, numberIn, textIn } from "../fields.ts";
import { hashJson } from "../hash.ts";
import type { Pod, Volume } from "../kubernetes/pod.ts";
import { mountedVolumes } from "../objects/references.ts";
import type { Given } from "../pod/given.ts";
import type { Problem } from "../pod/intent.ts";
import type { Missing, Notice } from "../pod/missing.ts";
import { claimedVolume } from "./claimed.ts";
import { addDataFiles } from "./data_files.ts";
import { addDownwardFiles } from "./downward_files.ts";
import { addTokenFile } from "./token_file.ts";
import type { FilesVolume, ResolvedVolume } from "./volume.ts";
import { refuse, type VolumeWork } from "./work.ts";

/** The volumes that a pod's containers mount, as far as there are any, and what is to be told of them. */
export interface ResolvedVolumes {
  /** By name; of one that something is missing for there is none. */
  readonly volumes: Readonly<Record<string, ResolvedVolume>>;
  /** Every field that cannot be honoured, whatever objects there are. Always fatal. */
  readonly problems: readonly Problem[];
  readonly missing: readonly Missing[];
  readonly notices: readonly Notice[];
}

const addProjected = (work: VolumeWork, field: string, source: Fields): void => {
  for (const [at, one] of listIn(source, "sources").map(fieldsOf).entries()) {
    const where = `${field}.sources[${at}]`;
    const [kind = "", ...more] = Object.keys(one);
    const inner = fieldsOf(one[kind]);
    if (more.length > 0) refuse(work, where, `more than one source: ${[kind, ...more].join(", ")}`);
    else if (kind === "configMap") addDataFiles(work, `${where}.configMap`, "ConfigMap", inner);
    else if (kind === "secret") addDataFiles(work, `${where}.secret`, "Secret", inner);
    else if (kind === "downwardAPI") addDownwardFiles(work, `${where}.downwardAPI`, inner);
    else if (kind === "serviceAccountToken") addTokenFile(work, `${where}.serviceAccountToken`, inner);
    else refuse(work, where, `a projected source of the kind ${JSON.stringify(kind)} is not supported`);
  }
};

const addFiles = (work: VolumeWork, field: string, kind: string, source: Fields): void => {
  switch (kind) {
    case "configMap":
      return addDataFiles(work, field, "ConfigMap", source);
    case "secret":
      return addDataFiles(work, field, "Secret", { ...source, name: textIn(source, "secretName") });
    case "downwardAPI":
      return addDownwardFiles(work, field, source);
    default:
      return addProjected(work, field, source);
  }
};

/** The kinds of volumes whose files Kubernetes gives. */
export const filesKinds: ReadonlySet<string> = new Set(["configMap", "secret", "downwardAPI", "projected"]);

/** The field of a `v1.Volume` that says what it is: none is an `emptyDir`. */
const kindOf = (volume: Volume): string => Object.keys(volume).find((key) => key !== "name") ?? "emptyDir";

const filesVolume = (work: VolumeWork, field: string, kind: string, source: Fields): FilesVolume => {
  addFiles(work, field, kind, source);
  const files = [...work.files.values()].sort((a, b) => a.path < b.path ? -1 : 1);
  const shape = files.map(({ path, mode }) => [path, mode]);
  return { _tag: "Files", files, version: hashJson([shape, work.versions]) };
};

const plainVolume = (kind: string, source: Fields): ResolvedVolume => {
  switch (kind) {
    case "emptyDir": {
      const limit = source.sizeLimit;
      return {
        _tag: "EmptyDir",
        medium: textIn(source, "medium") ?? "",
        sizeLimit: limit === undefined || limit === null ? undefined : String(limit),
      };
    }
    case "hostPath":
      return { _tag: "HostPath", path: textIn(source, "path") ?? "", type: textIn(source, "type") ?? "" };
    default:
      return { _tag: "Other", kind, source };
  }
};

const defaultMode = 0o644;

/**
 * The volumes of a pod that its containers mount, with nothing left to look up. Pure, total and stable: the same pod and
 * objects give the same volumes.
 */
export const resolveVolumes = (pod: Pod, given: Given): ResolvedVolumes => {
  const volumes: Record<string, ResolvedVolume> = {};
  const [problems, missing, notices]: [Problem[], Missing[], Notice[]] = [[], [], []];
  const used = mountedVolumes(pod.spec);
  for (const [at, volume] of (pod.spec.volumes ?? []).entries()) {
    if (!used.has(volume.name)) continue;
    const kind = kindOf(volume);
    const source = fieldsOf((volume as unknown as Fields)[kind]);
    if (!filesKinds.has(kind) && kind !== "persistentVolumeClaim") {
      volumes[volume.name] = plainVolume(kind, source);
      continue;
    }
    const work: VolumeWork = {
      ...{ pod, given, problems, missing, notices, name: volume.name },
      defaultMode: numberIn(source, "defaultMode") ?? defaultMode,
      files: new Map(),
      versions: [],
    };
    const before = missing.length;
    const resolved = kind === "persistentVolumeClaim"
      ? claimedVolume(work, source)
      : filesVolume(work, `spec.volumes[${at}].${kind}`, kind, source);
    if (missing.length === before && resolved !== undefined) volumes[volume.name] = resolved;
  }
  return { volumes, problems, missing, notices };
};
