import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, without a slash at its end. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** Every file under a folder, as paths relative to the repository, with `/`, sorted. */
export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  }).sort();

/**
 * What belongs to the project: everything that Git tracks or would track, and that exists. Without Git (an unpacked
 * archive) it is everything but what building and installing leave behind.
 */
export const projectFiles = (): readonly string[] => {
  if (existsSync(join(root, ".git"))) {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    return listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path))).sort();
  }
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules" && entry.name !== "dist")
    .flatMap((entry) => entry.isDirectory() ? filesUnder(entry.name) : [entry.name]).sort();
};

/** A file of the repository as text. */
export const readText = (path: string): string => readFileSync(join(root, path), "utf8");
