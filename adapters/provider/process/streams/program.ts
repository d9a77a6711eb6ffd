import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ProviderError } from "../../../provider_error.ts";

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Where a program lies, by the PATH of the environment that it is to run in. Throws in the words of container runtimes. */
export const findProgram = (name: string, workingDir: string, path: string): string => {
  const candidates = name.includes("/")
    ? [resolve(workingDir, name)]
    : path.split(":").map((dir) => join(resolve(workingDir, dir), name));
  const files = candidates.filter(isFile);
  const found = files.find(isRunnable);
  if (found !== undefined) return found;
  const why = files.length > 0
    ? "permission denied"
    : name.includes("/")
    ? "no such file or directory"
    : "executable file not found in $PATH";
  throw new ProviderError("InvalidInput", `exec: ${JSON.stringify(name)}: ${why}`);
};
