import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { randomUUID } from "node:crypto";
import { textIn } from "../../../core/fields.ts";
import type { PersistentVolume } from "../../../core/kubernetes/persistent_volume.ts";
import type { FilesVolume, ResolvedMount, ResolvedVolume } from "../../../core/volume/volume.ts";
import type { ContainerRun } from "../../ports.ts";
import { ProviderError } from "../../provider_error.ts";
import { writeFiles } from "./atomic_files.ts";
import { containerDir, type Layout, podDir, volumeDir } from "./layout.ts";
import { readPodRecord } from "./pod_record.ts";

/** The variable that says below which folder a container's mounts are; Windows' host processes have it under this name. */
export const mountPoint = "CONTAINER_SANDBOX_MOUNT_POINT";

/** Where a container finds its mounts: each at its `mountPath` below this folder. */
export const rootDir = (layout: Layout, uid: string, container: string): string =>
  join(containerDir(layout, uid, container), "root");

/** A persistent volume of this machine: `hostPath` or `local`. */
export const hostPathOf = (
  { source }: PersistentVolume,
): { readonly path: string; readonly type: string } => ({
  path: textIn(source, "path") ?? "",
  type: textIn(source, "type") ?? "",
});

const placeHostPath = async (path: string, type: string): Promise<void> => {
  if (type === "DirectoryOrCreate") await mkdir(path, { recursive: true, mode: 0o755 });
  if (type === "FileOrCreate" && !existsSync(path)) await writeFile(path, "", { mode: 0o644 });
  if ((type === "Directory" || type === "File") && !existsSync(path)) {
    throw new ProviderError("Unavailable", `hostPath ${path} is not there, and its type is ${type}`);
  }
};

/** Makes the volume, and says where it is. */
const placeVolume = async (
  layout: Layout,
  uid: string,
  name: string,
  volume: ResolvedVolume,
): Promise<string> => {
  const dir = volumeDir(layout, uid, name);
  switch (volume._tag) {
    case "Files":
      await writeFiles(dir, volume.files);
      return dir;
    case "EmptyDir":
      await mkdir(dir, { recursive: true, mode: 0o777 });
      return dir;
    case "HostPath":
      await placeHostPath(volume.path, volume.type);
      return volume.path;
    case "PersistentVolume": {
      const { path, type } = hostPathOf(volume.volume);
      await placeHostPath(path, type);
      return path;
    }
    case "Other":
      throw new ProviderError(
        "Unsupported",
        `volume "${name}" cannot be mounted: it is of the kind ${volume.kind}`,
      );
  }
};

/** A sub-path of files is a copy, which stays as it is; any other is a folder in the volume. */
const placeSubPath = async (
  dir: string,
  volume: ResolvedVolume,
  { subPath = "", volume: name }: ResolvedMount,
  copy: string,
): Promise<string> => {
  const part = join(dir, subPath);
  if (volume._tag !== "Files") {
    if (!existsSync(part)) await mkdir(part, { recursive: true, mode: 0o755 });
    return part;
  }
  if (!existsSync(part)) {
    throw new ProviderError(
      "Unavailable",
      `there is no ${subPath} in volume "${name}", which is mounted by its sub-path`,
    );
  }
  await cp(part, copy, { recursive: true, dereference: true });
  return copy;
};

const link = async (target: string, path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const fresh = `${path}.${randomUUID()}`;
  await symlink(target, fresh);
  await rename(fresh, path);
};

/**
 * Makes the volumes that a container mounts, and its mounts: links at their `mountPath` below {@link rootDir}. To be called
 * before each of its instances: sub-paths are copied anew.
 */
export const placeMounts = async (layout: Layout, { intent, container }: ContainerRun): Promise<void> => {
  const { volumes = {}, mounts = {} } = intent;
  const { uid } = intent.pod.metadata;
  const own = mounts[container.name] ?? [];
  const copies = join(containerDir(layout, uid, container.name), "subpaths");
  await rm(copies, { recursive: true, force: true });
  for (const [at, mount] of own.entries()) {
    const volume = volumes[mount.volume];
    if (volume === undefined) continue;
    const dir = await placeVolume(layout, uid, mount.volume, volume);
    if (mount.subPath !== undefined) await mkdir(copies, { recursive: true, mode: 0o700 });
    const target = mount.subPath === undefined
      ? dir
      : await placeSubPath(dir, volume, mount, join(copies, String(at)));
    await link(target, join(rootDir(layout, uid, container.name), normalize(`/${mount.mountPath}`)));
  }
};

/** Gives the volumes of a pod that is here these files. */
export const updateVolumes = async (
  layout: Layout,
  uid: string,
  volumes: Readonly<Record<string, FilesVolume>>,
): Promise<void> => {
  if (readPodRecord(layout, uid) === undefined || !existsSync(podDir(layout, uid))) return;
  for (const [name, { files }] of Object.entries(volumes)) {
    await writeFiles(volumeDir(layout, uid, name), files);
  }
};
