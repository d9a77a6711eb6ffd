import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import type { VolumeFile } from "../../../core/volume/volume.ts";

/** What points to the folder with the present files. The names that readers use point through it. */
const present = "..data";

const orNothing = async <A>(answer: Promise<A>): Promise<A | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
};

/** The first part of a path: what is seen in the volume's folder. */
const topOf = (path: string): string => path.split("/")[0] ?? path;

const hasFile = async (dir: string, { path, mode, content }: VolumeFile): Promise<boolean> => {
  const [found, stat] = [await orNothing(readFile(join(dir, path))), await orNothing(lstat(join(dir, path)))];
  return found !== undefined && ((stat?.mode ?? 0) & 0o777) === mode && found.equals(content);
};

const countFiles = async (dir: string): Promise<number> =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

const isSame = async (dir: string, files: readonly VolumeFile[]): Promise<boolean> => {
  const data = await orNothing(readlink(join(dir, present)));
  if (data === undefined || await countFiles(join(dir, data)) !== files.length) return false;
  for (const file of files) if (!await hasFile(join(dir, data), file)) return false;
  return true;
};

/**
 * Makes the folder hold just these files, all of them at one moment, as the kubelet does: they lie in a folder of their
 * own, `..data` points to it and is replaced by a rename, and every name points through `..data`. A reader that has
 * opened the folder before goes on with the files that were there. Files that are as they should be stay untouched.
 */
export const writeFiles = async (dir: string, files: readonly VolumeFile[]): Promise<void> => {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  if (await isSame(dir, files)) return;
  const fresh = `..${randomUUID()}`;
  await mkdir(join(dir, fresh), { mode: 0o755 });
  for (const { path, mode, content } of files) {
    const file = join(dir, fresh, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, content, { mode: 0o600 });
    await chmod(file, mode);
  }
  const link = join(dir, `${fresh}.link`);
  await symlink(fresh, link);
  await rename(link, join(dir, present));
  const names = new Set(files.map(({ path }) => topOf(path)));
  const there = await readdir(dir);
  for (const name of names) if (!there.includes(name)) await symlink(join(present, name), join(dir, name));
  for (const name of there) {
    const keeps = name === fresh || name === present || names.has(name);
    if (!keeps) await rm(join(dir, name), { recursive: true, force: true });
  }
};
