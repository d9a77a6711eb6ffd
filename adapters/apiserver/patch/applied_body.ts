import * as E from "fp-ts/lib/Either.js";
import { LineCounter, parseDocument } from "yaml";
import { type ApiError, badRequest } from "../api_error.ts";
import { isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import type { FieldValidation } from "../schema/check.ts";
import { duplicateFields } from "../schema/duplicates.ts";
import { jsonType } from "../schema/scalars.ts";

/** What an apply brings. */
export interface AppliedBody {
  readonly applied: JsonObject;
  readonly warnings: readonly string[];
}

interface Parsed {
  readonly json: Json;
  /** `line 7: key "x" already set in map`. */
  readonly twice: readonly string[];
}

const maxAliases = 100;

const yaml = (text: string): E.Either<string, Parsed> => {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { logLevel: "silent", lineCounter: lines });
    const fault = document.errors.find(({ code }) => code !== "DUPLICATE_KEY");
    if (fault !== undefined) return E.left(fault.message);
    const twice = document.errors.map(({ pos: [start] }) => {
      const [, key = ""] = /^["']?([^"':\n]*)/.exec(text.slice(start)) ?? [];
      return `line ${lines.linePos(start).line}: key ${JSON.stringify(key.trim())} already set in map`;
    });
    const json: Json = document.toJS({ maxAliasCount: maxAliases }) ?? {};
    return E.right({ json, twice });
  } catch (error) {
    return E.left((error as Error).message);
  }
};

/** JSON is YAML, and read much faster as what it is; only what is in it twice needs the other look. */
const parsed = (text: string): E.Either<string, Parsed> => {
  if (!/^\s*\{/.test(text)) return yaml(text);
  try {
    const json: Json = JSON.parse(text);
    return duplicateFields(text).length > 0 ? yaml(text) : E.right({ json, twice: [] });
  } catch {
    return yaml(text);
  }
};

/** The object that the text of an apply is, YAML or JSON, or a 400. */
export const appliedBody = (text: string, mode: FieldValidation): E.Either<ApiError, AppliedBody> => {
  const read = parsed(text);
  if (E.isLeft(read)) {
    return E.left(badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${read.left}`));
  }
  const { json, twice } = read.right;
  if (mode === "Strict" && twice.length > 0) {
    const told = twice.map((line) => `\n  ${line}`).join("");
    return E.left(
      badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:${told}`),
    );
  }
  return isObject(json) ? E.right({ applied: json, warnings: mode === "Ignore" ? [] : twice }) : E.left(
    badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${
        jsonType(json)
      } into Go value of type map[string]interface {}`,
    ),
  );
};
