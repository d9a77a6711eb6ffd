import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseAllDocuments } from "yaml";
import type { Json } from "./ask.ts";
import { ClientError } from "./client_error.ts";

/** An object of a manifest, and what to call its place. */
export interface Manifest {
  readonly place: string;
  readonly object: Json;
}

const maxChars = 16 * 1024 * 1024;

const readStandardInput = async (): Promise<string> => {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    text += chunk;
    if (text.length > maxChars) break;
  }
  return text;
};

const readOne = async (file: string): Promise<string> => {
  try {
    return await (file === "-" ? readStandardInput() : readFile(file, "utf8"));
  } catch (error) {
    const { code = "unknown error" } = error as { readonly code?: string };
    const what = code === "ENOENT"
      ? "there is no such file"
      : code === "EISDIR"
      ? "it is a folder; give its files"
      : `it cannot be read (${code})`;
    throw new ClientError(`${file}: ${what}`, { cause: error });
  }
};

const isList = (object: Json): boolean => /List$/.test(object?.kind) && Array.isArray(object?.items);

const checked = (manifest: Manifest): readonly Manifest[] => {
  const { place, object } = manifest;
  if (object === null || object === undefined) return [];
  if (isList(object)) return object.items.flatMap((item: Json) => checked({ place, object: item }));
  const missing = ["apiVersion", "kind"].filter((name) => typeof object[name] !== "string");
  if (typeof object?.metadata?.name !== "string") missing.push("metadata.name");
  if (missing.length > 0) {
    throw new ClientError(`${place}: this is no Kubernetes object: ${missing.join(" and ")} missing`);
  }
  return [manifest];
};

/** The objects of a text: YAML documents or JSON, lists in their parts. Throws {@link ClientError}. */
export const manifestsOf = (file: string, text: string): readonly Manifest[] => {
  const place = file === "-" ? "standard input" : file;
  if (text.length > maxChars) throw new ClientError(`${place}: this is more than ${maxChars} characters`);
  const documents = parseAllDocuments(text);
  return ("empty" in documents ? [] : documents).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new ClientError(`${place}: this is no YAML: ${error.message.split("\n")[0]}`);
    }
    return checked({ place, object: document.toJS({ maxAliasCount: 100 }) });
  });
};

/** The objects of files (`-`: standard input), in their order. Throws {@link ClientError}, also when there are none. */
export const readManifests = async (files: readonly string[]): Promise<readonly Manifest[]> => {
  const all: Manifest[] = [];
  for (const file of files) all.push(...manifestsOf(file, await readOne(file)));
  if (all.length === 0) throw new ClientError(`${files.join(", ")}: there is no object in it`);
  return all;
};
