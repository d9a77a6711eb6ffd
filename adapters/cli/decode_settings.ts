import * as E from "fp-ts/lib/Either.js";
import { isSecretName, redacted } from "../telemetry/redact.ts";
import type { Given, GivenSettings } from "./given.ts";
import { type AnyTable, flagOf, type Setting, type SettingTable, variableOf } from "./setting.ts";

const maxShown = 80;

const shown = (name: string, value: unknown): string => {
  if (isSecretName(name)) return redacted;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
};

const decodeOne = (name: string, setting: Setting<unknown>, given: Given): E.Either<string, unknown> => {
  const { kind } = setting;
  const decoded = given.form === "text"
    ? kind.text.decode(String(given.value))
    : kind.data.decode(given.value);
  if (E.isRight(decoded)) return decoded;
  const why = decoded.left.at(-1)?.message ?? "";
  const head = `${given.source}: ${shown(name, given.value)} is wrong`;
  return E.left(`${head}${why === "" || isSecretName(name) ? "" : `, ${why}`}; give ${kind.expected}`);
};

const missing = (program: string, name: string, { kind, inFile, inEnv }: Setting<unknown>): string => {
  const file = inFile === false ? "" : `, or ${name} in the file`;
  const variable = inEnv === false ? "" : `, the variable ${variableOf(program, name)}`;
  return `${name} is missing: give ${kind.expected}, with ${
    flagOf(name)
  } ${kind.placeholder}${variable}${file}`;
};

/**
 * The values of all settings: of the first source that gives one, else the default. Left: everything that is wrong, one
 * line each, with its source and what to write instead.
 */
export const decodeSettings = <A>(
  table: SettingTable<A>,
  program: string,
  sources: readonly GivenSettings[],
): E.Either<readonly string[], A> => {
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, setting] of Object.entries(table as AnyTable)) {
    const given = sources.find((source) => source.has(name))?.get(name);
    if (given === undefined) {
      if (setting.required === true) wrong.push(missing(program, name, setting));
      values[name] = setting.default;
      continue;
    }
    const decoded = decodeOne(name, setting, given);
    if (E.isLeft(decoded)) wrong.push(decoded.left);
    else values[name] = decoded.right;
  }
  return wrong.length > 0 ? E.left(wrong) : E.right(values as A);
};
