import { type Either, left, right } from "fp-ts/lib/Either.js";
import type { Now } from "../../../core/time.ts";
import { type ApiError, badRequest } from "../api_error.ts";
import type { Column, Kind } from "../kind.ts";
import { textAt } from "../kinds/fields.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { type Form, otherForm } from "./accept.ts";

/** How much of each object a row of a table has. */
export type IncludeObject = "Metadata" | "Object" | "None";

/** The query's `includeObject`, which only tables look at. */
export const includeOf = (text: string): Either<ApiError, IncludeObject> => {
  if (text === "" || text === "Metadata") return right("Metadata");
  if (text === "Object" || text === "None") return right(text);
  const why = `includeObject: Invalid value: ${
    JSON.stringify(text)
  }: must be 'Metadata', 'Object', 'None', or empty`;
  return left(badRequest(`Unable to convert to Table as requested: ${why}`));
};

const metadataOf = ({ metadata }: ApiObject, version: Form["version"]): JsonObject => ({
  kind: "PartialObjectMetadata",
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});

const included = (object: ApiObject, { version }: Form, include: IncludeObject): Json => {
  switch (include) {
    case "Metadata":
      return metadataOf(object, version);
    case "Object":
      return object;
    case "None":
      return null;
  }
};

const finished: Readonly<Record<string, string>> = {
  Succeeded: "The pod has completed successfully.",
  Failed: "The pod failed.",
};

/** A pod that has ended is marked as done. */
const conditionsOf = (kind: Kind, object: ApiObject): JsonObject => {
  const phase = kind.kind === "Pod" ? textAt(object, "status", "phase") : "";
  const message = Object.hasOwn(finished, phase) ? finished[phase] : undefined;
  return message === undefined
    ? {}
    : { conditions: [{ type: "Completed", status: "True", reason: phase, message }] };
};

/** What a list is told with: its version, and how it goes on. */
export interface Listed {
  readonly objects: readonly ApiObject[];
  readonly metadata: JsonObject;
}

const tableOf = (
  kind: Kind,
  { objects, metadata }: Listed,
  form: Form,
  include: IncludeObject,
  now: Now,
): JsonObject => ({
  kind: "Table",
  apiVersion: `meta.k8s.io/${form.version}`,
  metadata,
  columnDefinitions: kind.columns as readonly (Column & JsonObject)[],
  rows: objects.map((object) => ({
    cells: kind.cells(object, now),
    ...conditionsOf(kind, object),
    object: included(object, form, include),
  })),
});

const versionOf = ({ metadata }: ApiObject): JsonObject =>
  metadata.resourceVersion === undefined || metadata.resourceVersion === ""
    ? {}
    : { resourceVersion: metadata.resourceVersion };

/** What a watch is told of how far it has come. */
export interface Bookmark extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What is asked for: a form, and of tables how much of each object. */
export interface Asked {
  readonly form: Form;
  /** As the query has it. */
  readonly includeObject: string;
  readonly now: Now;
}

/** An object in the form that is asked for: itself, a table of one row, or its metadata. */
export const shapedObject = (kind: Kind, object: ApiObject, asked: Asked): Either<ApiError, Json> => {
  const { form, now } = asked;
  switch (form.as) {
    case "Object":
      return right(object);
    case "PartialObjectMetadata":
      return right(metadataOf(object, form.version));
    case "PartialObjectMetadataList":
      return left(otherForm(form, false, kind.kind) ?? badRequest("not a list"));
    case "Table": {
      const include = includeOf(asked.includeObject);
      if (include._tag === "Left") return include;
      return right(
        tableOf(kind, { objects: [object], metadata: versionOf(object) }, form, include.right, now),
      );
    }
  }
};

/** A list in the form that is asked for; `itself` makes the plain one. */
export const shapedList = (
  kind: Kind,
  listed: Listed,
  asked: Asked,
  itself: () => Json,
): Either<ApiError, Json> => {
  const { form, now } = asked;
  switch (form.as) {
    case "Object":
      return right(itself());
    case "PartialObjectMetadataList":
      return right({
        kind: form.as,
        apiVersion: `meta.k8s.io/${form.version}`,
        metadata: listed.metadata,
        items: listed.objects.map((object) => metadataOf(object, form.version)),
      });
    case "PartialObjectMetadata":
      return left(otherForm(form, true, kind.kind) ?? badRequest("a list"));
    case "Table": {
      const include = includeOf(asked.includeObject);
      return include._tag === "Left" ? include : right(tableOf(kind, listed, form, include.right, now));
    }
  }
};

/** A bookmark has metadata only; a table of it one row that says nothing, as the real one's. */
export const shapedBookmark = (kind: Kind, bookmark: Bookmark, { form, includeObject, now }: Asked): Json => {
  if (form.as === "Object") return bookmark;
  const object = {
    ...bookmark,
    metadata: { name: "", uid: "", creationTimestamp: "", ...bookmark.metadata },
  };
  const told = { ...metadataOf(object, form.version), metadata: bookmark.metadata };
  if (form.as !== "Table") return told;
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${form.version}`,
    metadata: { resourceVersion: bookmark.metadata.resourceVersion },
    columnDefinitions: kind.columns as readonly (Column & JsonObject)[],
    rows: [{ cells: kind.cells(object, now), object: includeObject === "None" ? null : told }],
  };
};

/** The object of a watch event without the columns that an event before it has told. */
export const withoutColumns = (object: Json): Json =>
  typeof object === "object" && object !== null && "columnDefinitions" in object
    ? { ...object, columnDefinitions: null }
    : object;
