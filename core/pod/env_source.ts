import { type Fields, textIn } from "../fields.ts";
import type { DataObject } from "../objects/data.ts";
import { objectKey } from "../objects/key.ts";
import { type Objects, seeObject } from "../objects/objects.ts";
import { lookup } from "../table.ts";
import type { Notice } from "./missing.ts";

/** What came of looking for something that a container is given; `missing`: it cannot start without. */
export type Found<A> =
  | { readonly _tag: "Found"; readonly value: A }
  | { readonly _tag: "Skipped"; readonly notice: Notice }
  | { readonly _tag: "Missing"; readonly message: string | undefined; readonly notice?: Notice };

/** The kinds of objects with data. */
export type DataKind = DataObject["kind"];

const word: Readonly<Record<DataKind, string>> = { ConfigMap: "configmap", Secret: "secret" };

const quoted = (text: string): string => JSON.stringify(text);

/** `configmap "x"`. */
export const describeObject = (kind: DataKind, name: string): string => `${word[kind]} ${quoted(name)}`;

/** What is to be said before a variable that is left out. */
export const skipping = (variable: string): string => `skipping optional envvar ${quoted(variable)}: `;

/** Looks for the object that a reference names. `before`: said before what is said when it is optional and not there. */
export const findObject = (
  objects: Objects,
  kind: DataKind,
  namespace: string,
  reference: Fields,
  before: string,
): Found<DataObject> => {
  const name = textIn(reference, "name") ?? "";
  const key = objectKey(kind, namespace, name);
  const seen = seeObject(objects, key, name);
  if (seen._tag === "Present" && "data" in seen.value) return { _tag: "Found", value: seen.value };
  const optional = reference.optional === true;
  const what = describeObject(kind, name);
  if (seen._tag === "Unknown") {
    const fault = lookup(objects.entries, key)?.fault;
    if (fault === undefined) return { _tag: "Missing", message: undefined };
    const reason = `FailedToRead${optional ? "Optional" : "Mandatory"}${kind}`;
    const message = `failed to read ${what}: ${fault}`;
    return { _tag: "Missing", message, notice: { reason, message } };
  }
  const message = `${what} not found`;
  return optional
    ? { _tag: "Skipped", notice: { reason: `Optional${kind}NotFound`, message: before + message } }
    : { _tag: "Missing", message, notice: { reason: `Mandatory${kind}NotFound`, message } };
};

/** The same for one key of the object. */
export const missingKey = (
  kind: DataKind,
  reference: Fields,
  before: string,
): Extract<Found<never>, { _tag: "Skipped" | "Missing" }> => {
  const name = textIn(reference, "name") ?? "";
  const message = `key ${quoted(textIn(reference, "key") ?? "")} does not exist in ${
    describeObject(kind, name)
  }`;
  return reference.optional === true
    ? { _tag: "Skipped", notice: { reason: `Optional${kind}KeyNotFound`, message: before + message } }
    : { _tag: "Missing", message, notice: { reason: `Mandatory${kind}KeyNotFound`, message } };
};
