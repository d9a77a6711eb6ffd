import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { npm } from "./npm.ts";

/** The Node versions that the package supports. */
export const nodeVersions: readonly number[] = [22, 24, 26];

const platform = `${process.platform}-${process.arch}`;

/** Why there is no Node to be had here, or `undefined`. */
export const noNode: string | undefined = ["linux-x64", "linux-arm64"].includes(platform)
  ? undefined
  : `npm has no Node binaries for ${platform}`;

/** The path of a Node binary of this major version, installed from npm into a cache under the temporary folder. */
export const nodeBinary = async (major: number): Promise<string> => {
  const cache = join(tmpdir(), `vk-node-${process.getuid?.() ?? 0}`);
  const folder = join(cache, String(major));
  const binary = join(folder, "node_modules", `node-${platform}`, "bin", "node");
  if (existsSync(binary)) return binary;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, "new-"));
  try {
    await npm(["install", "--prefix", fresh, "--no-save", `node-${platform}@${major}`], fresh);
    await rename(fresh, folder).catch((error) => {
      // another run may have been faster
      if (!existsSync(binary)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return binary;
};
