import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { SettingsError } from "../cli/settings_error.ts";
import { userStateHome } from "../cli/state_home.ts";

/** The folder of a demo: nobody else may read it. */
export interface Place {
  readonly folder: string;
  /** Takes the folder away, unless it is to be kept. */
  close(): Promise<void>;
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code ?? error);

const temporary = async (): Promise<Place> => {
  const parent = tmpdir();
  let folder: string;
  try {
    folder = await mkdtemp(join(parent, "vk-demo-"));
  } catch (error) {
    throw new SettingsError(
      `the temporary folder ${parent} cannot be written (${codeOf(error)}); set TMPDIR to a folder that can`,
      { cause: error },
    );
  }
  return { folder, close: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
};

/** One demo at a time works on a folder that is kept. */
const lock = async (folder: string): Promise<string> => {
  const path = join(folder, "lock");
  for (let left = 2; left > 0; left--) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return path;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const pid = Number(await readFile(path, "utf8").catch(() => "0"));
    if (pid > 0 && pid !== process.pid && isAlive(pid)) {
      throw new SettingsError(
        `--keep: another demo (process ${pid}) works on ${folder}; end it first, or start without --keep`,
      );
    }
    await rm(path, { force: true });
  }
  throw new SettingsError(`--keep: ${path} is held by another demo; end it first`);
};

const kept = async (): Promise<Place> => {
  const folder = join(userStateHome(), "demo");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const held = await lock(folder);
    return { folder, close: () => rm(held, { force: true }) };
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(
      `--keep: ${folder} cannot be written (${codeOf(error)}); set XDG_STATE_HOME to a folder that can`,
      { cause: error },
    );
  }
};

/** The folder to work in: a temporary one, or always the same that is kept. Throws {@link SettingsError}. */
export const openPlace = (keep: boolean): Promise<Place> => keep ? kept() : temporary();
