import { stringify } from "yaml";
import type { Json } from "./ask.ts";
import { objectName, type Resource } from "./resource.ts";

/** How objects are printed. */
export type Format = "table" | "wide" | "yaml" | "json" | "name";

/** A person rarely wants to see who set which field. */
const withoutManagers = (object: Json): Json => {
  if (object?.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

/** The items of a list do not say what they are. */
const complete = (object: Json, { group, version, kind }: Resource): Json => ({
  apiVersion: group === "" ? version : `${group}/${version}`,
  kind,
  ...withoutManagers(object),
});

/** In YAML 1.1, which is what Kubernetes' own readers take it for: `"no"` and times are quoted. */
const documentText = (format: "yaml" | "json", document: Json): string =>
  format === "json"
    ? `${JSON.stringify(document, undefined, 2)}\n`
    : stringify(document, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });

/** Objects as text: a single one as itself, more as a `List`. */
export const objectsText = (
  format: "yaml" | "json" | "name",
  objects: readonly Json[],
  resource: Resource,
  single: boolean,
): string => {
  if (format === "name") {
    return objects.map((object) => `${objectName(resource, String(object?.metadata?.name))}\n`).join("");
  }
  const items = objects.map((object) => complete(object, resource));
  return documentText(
    format,
    single && items.length === 1 ? items[0] : {
      apiVersion: "v1",
      kind: "List",
      metadata: {},
      items,
    },
  );
};

/** One more object of a watch. */
export const nextText = (format: "yaml" | "json" | "name", object: Json, resource: Resource): string =>
  `${format === "yaml" ? "---\n" : ""}${objectsText(format, [object], resource, true)}`;
