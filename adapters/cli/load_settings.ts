import * as E from "fp-ts/lib/Either.js";
import { readConfig } from "./config_file.ts";
import { contradictions } from "./contradictions.ts";
import { decodeSettings } from "./decode_settings.ts";
import { type Flags, givenByFile, givenByFlags, givenByVariables, type GivenSettings } from "./given.ts";
import type { AnyTable, SettingTable } from "./setting.ts";
import type { RunSettings } from "./settings.ts";
import { SettingsError } from "./settings_error.ts";

/** Where settings come from. */
export interface Sources {
  readonly program: string;
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const fromFile = async (
  table: AnyTable,
  named: readonly GivenSettings[],
): Promise<ReturnType<typeof givenByFile>> => {
  const config = named.find((source) => source.has("config"))?.get("config");
  if (config === undefined) return { given: new Map(), wrong: [] };
  const path = String(config.value);
  return givenByFile(table, path, await readConfig(path, config.source));
};

/** All settings, from flags, else variables, else the file, else by default. Throws {@link SettingsError} with all that is wrong. */
export const loadSettings = async <A extends RunSettings>(
  table: SettingTable<A>,
  { program, flags, env }: Sources,
): Promise<A> => {
  const named = [givenByFlags(table, flags), givenByVariables(table, program, env)];
  const { given, wrong } = await fromFile(table, named);
  const settings = decodeSettings(table, program, [...named, given]);
  if (E.isLeft(settings)) throw new SettingsError([...wrong, ...settings.left]);
  const problems = [...wrong, ...contradictions(settings.right)];
  if (problems.length > 0) throw new SettingsError(problems);
  return settings.right;
};
