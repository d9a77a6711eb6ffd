import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { parseFieldSelector } from "./field_selector.ts";
import { parseLabelSelector, selectsLabels } from "./label_selector.ts";
import type { Selection } from "./selection.ts";

const fieldOf = (kind: Kind, field: string): ((object: ApiObject) => string) | undefined => {
  if (field === "metadata.name") return ({ metadata }) => metadata.name;
  if (field === "metadata.namespace") return ({ metadata }) => metadata.namespace ?? "";
  return Object.hasOwn(kind.fields, field) ? kind.fields[field] : undefined;
};

/** Kinds with fields of their own say it in another way. */
const unknownField = (kind: Kind, field: string): ApiError =>
  badRequest(
    Object.keys(kind.fields).length > 0
      ? `field label not supported: ${field}`
      : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );

/** The selection that two selectors' texts stand for, or a 400 that says what is wrong with one of them. */
export const selectionOf = (
  kind: Kind,
  labelSelector: string,
  fieldSelector: string,
): E.Either<ApiError, Selection> => {
  const labels = parseLabelSelector(labelSelector);
  if (E.isLeft(labels)) return E.left(badRequest(labels.left));
  const fields = parseFieldSelector(fieldSelector);
  if (E.isLeft(fields)) return E.left(badRequest(fields.left));
  const unknown = fields.right.find(({ field }) => fieldOf(kind, field) === undefined);
  return unknown === undefined
    ? E.right({ labels: labels.right, fields: fields.right })
    : E.left(unknownField(kind, unknown.field));
};

/** Whether an object is selected; its namespace is not asked here. */
export const selects = (kind: Kind, { labels, fields }: Selection, object: ApiObject): boolean => {
  if (labels.length > 0 && !selectsLabels(labels, object.metadata.labels)) return false;
  return fields.every(({ field, operator, value }) =>
    (fieldOf(kind, field)?.(object) === value) === (operator === "=")
  );
};

export const selectsAll = ({ labels, fields }: Selection): boolean =>
  labels.length === 0 && fields.length === 0;
