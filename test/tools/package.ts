import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, runtimeCommand } from "./child.ts";
import { root } from "./files.ts";
import { npm } from "./npm.ts";

/** An empty project in which the packed package is installed. */
export interface Consumer {
  readonly dir: string;
  /** What is in the tarball. */
  readonly packed: readonly string[];
  remove(): Promise<void>;
}

/** Builds and packs the package outside the repository, and installs the tarball as somebody else would. */
export const installPackage = async (): Promise<Consumer> => {
  const dir = await mkdtemp(join(tmpdir(), "vk-package-"));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  try {
    const staging = join(dir, "staging"), project = join(dir, "project");
    const [command, args] = runtimeCommand(join(root, ".build/build.ts"), join(staging, "dist"));
    await mustRun(command, args, { cwd: root });
    for (const name of ["package.json", "README.md", "LICENSE"]) {
      await copyFile(join(root, name), join(staging, name));
    }
    const [tarball] = JSON.parse(await npm(["pack", "--json", "--pack-destination", dir], staging));
    await mkdir(project);
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await npm(["install", join(dir, tarball.filename)], project);
    return { dir: project, packed: tarball.files.map((file: { path: string }) => file.path), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};
