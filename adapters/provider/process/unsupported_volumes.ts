import { normalize } from "node:path";
import type { Container } from "../../../core/kubernetes/container.ts";
import type { PodIntent, Problem } from "../../../core/pod/intent.ts";
import type { PersistentVolume } from "../../../core/kubernetes/persistent_volume.ts";
import type { ResolvedVolume } from "../../../core/volume/volume.ts";
import type { Host, UnsupportedPolicy } from "./host.ts";
import { hostPathOf } from "./volumes.ts";

type Found = Omit<Problem, "field">;

const isBelow = (path: string, folder: string): boolean =>
  normalize(`${path}/`).startsWith(normalize(`${folder}/`));

const hostPathTypes = new Set(["", "Directory", "DirectoryOrCreate", "File", "FileOrCreate"]);

const hostPathProblem = (path: string, type: string, { hostPaths = [] }: Host): string | undefined => {
  if (!hostPathTypes.has(type)) return `a hostPath of the type ${type} cannot be mounted`;
  return hostPaths.some((folder) => isBelow(path, folder))
    ? undefined
    : `${path} of this machine may not be mounted: only what is below ${
      hostPaths.length === 0 ? "the folders of the option hostPaths, which names none" : hostPaths.join(", ")
    }`;
};

const persistentProblem = (name: string, volume: PersistentVolume, host: Host): string | undefined => {
  if (volume.volumeMode !== "Filesystem" || !["hostPath", "local"].includes(volume.type)) {
    return `volume "${name}" cannot be mounted: ${volume.metadata.name} is of the kind ${volume.type} ` +
      `(${volume.volumeMode}), and processes can have hostPath and local file systems only`;
  }
  const { path, type } = hostPathOf(volume);
  return hostPathProblem(path, type, host);
};

const volumeProblem = (name: string, volume: ResolvedVolume, host: Host): Found | undefined => {
  switch (volume._tag) {
    case "Files":
      return undefined;
    case "EmptyDir":
      if (volume.medium !== "") {
        const message = `volume "${name}" cannot be of the medium ${volume.medium}: it would lie on the disk`;
        return { message, fatal: true };
      }
      return volume.sizeLimit === undefined
        ? undefined
        : { message: `the sizeLimit of volume "${name}" is not enforced`, fatal: false };
    case "HostPath": {
      const message = hostPathProblem(volume.path, volume.type, host);
      return message === undefined ? undefined : { message, fatal: true };
    }
    case "PersistentVolume": {
      const message = persistentProblem(name, volume.volume, host);
      return message === undefined ? undefined : { message, fatal: true };
    }
    case "Other":
      return {
        message: `volume "${name}" cannot be mounted: processes have no volumes of the kind ${volume.kind}`,
        fatal: true,
      };
  }
};

/** What is wrong with the volumes that a container mounts; the others are not there. */
export const volumeProblems = (
  { pod, volumes = {} }: PodIntent,
  host: Host,
  policy: UnsupportedPolicy,
): readonly Problem[] =>
  (pod.spec.volumes ?? []).flatMap(({ name }, at) => {
    const volume = volumes[name];
    const found = volume === undefined ? undefined : volumeProblem(name, volume, host);
    if (found === undefined) return [];
    // what is of no kind that there is cannot be mounted, whatever is only warned about
    const fatal = found.fatal && (policy === "refuse" || volume?._tag !== "EmptyDir");
    return [{ field: `spec.volumes[${at}]`, message: found.message, fatal }];
  });

/** Mounts are links: one within another would change the outer volume, and none can be kept from being written to. */
export const mountProblems = (
  path: string,
  { name }: Container,
  { mounts = {}, volumes = {} }: PodIntent,
  policy: UnsupportedPolicy,
): readonly Problem[] => {
  const own = mounts[name] ?? [];
  return own.flatMap(({ mountPath, readOnly, volume }, at) => {
    const here = normalize(`/${mountPath}/`);
    const outer = own.find((other, index) =>
      index !== at && here.startsWith(normalize(`/${other.mountPath}/`))
    );
    const field = `${path}.volumeMounts[${at}]`;
    if (outer !== undefined) {
      const message = `a mount at ${mountPath}, within the mount at ${outer.mountPath}, is not possible`;
      return [{ field, message, fatal: true }];
    }
    // files that Kubernetes gives are replaced, never written to
    if (!readOnly || volumes[volume]?._tag === "Files") return [];
    const message = `processes run as one user: the mount at ${mountPath} cannot be read-only`;
    return [{ field, message, fatal: policy === "refuse" }];
  });
};
