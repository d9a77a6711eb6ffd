import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { SettingsError } from "./settings_error.ts";

type Data = Readonly<Record<string, unknown>>;

/** What a YAML file holds, as names with values. Throws {@link SettingsError}: unreadable, no YAML, no names. */
export const parseConfig = (path: string, text: string): Data => {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new SettingsError(
      document.errors.map((error) =>
        `${path}: this is no YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}`
      ),
    );
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new SettingsError(`${path}: ${error instanceof Error ? error.message : error}`);
  }
  if (data === null || data === undefined) return {};
  if (typeof data !== "object" || Array.isArray(data)) {
    throw new SettingsError(`${path}: give names with values, like node: virtual-1`);
  }
  return data as Data;
};

/** Reads a file with settings. Throws {@link SettingsError}; `source` is what named the file. */
export const readConfig = async (path: string, source: string): Promise<Data> => {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code = "unknown error" } = error as { readonly code?: string };
    const what = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new SettingsError(`${source}: ${path}: ${what}; give a readable YAML file`, { cause: error });
  }
  return parseConfig(path, text);
};
