import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { Json } from "../object.ts";

// Faults of fields in the words of the API server: people and tools know them.

const detailed = (text: string, detail: string | undefined): string =>
  detail === undefined || detail === "" ? text : `${text}: ${detail}`;

const valued = (
  reason: string,
  words: string,
  field: string,
  value: Json | undefined,
  detail?: string,
): Cause => ({
  reason,
  message: detailed(`${words}: ${JSON.stringify(value ?? null)}`, detail),
  field,
});

export const required = (field: string, detail?: string): Cause => ({
  reason: "FieldValueRequired",
  message: detailed("Required value", detail),
  field,
});

export const invalidValue = (field: string, value: Json | undefined, detail: string): Cause =>
  valued("FieldValueInvalid", "Invalid value", field, value, detail);

/** One fault for each message. */
export const invalidValues = (field: string, value: string, messages: readonly string[]): readonly Cause[] =>
  messages.map((message) => invalidValue(field, value, message));

export const duplicate = (field: string, value: Json): Cause =>
  valued("FieldValueDuplicate", "Duplicate value", field, value);

export const notFoundValue = (field: string, value: Json): Cause =>
  valued("FieldValueNotFound", "Not found", field, value);

export const notSupported = (field: string, value: Json, supported: readonly string[]): Cause =>
  valued(
    "FieldValueNotSupported",
    "Unsupported value",
    field,
    value,
    supported.length === 0
      ? ""
      : `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`,
  );

export const forbiddenField = (field: string, detail: string): Cause => ({
  reason: "FieldValueForbidden",
  message: detailed("Forbidden", detail),
  field,
});

export const tooLong = (field: string, bytes: number): Cause => ({
  reason: "FieldValueTooLong",
  message: `Too long: may not be more than ${bytes} bytes`,
  field,
});

const isImmutable = "field is immutable";

/** A fault when a field that never changes is another. */
export const immutable = (
  field: string,
  next: Json | undefined,
  before: Json | undefined,
): readonly Cause[] => equivalent(next, before) ? [] : [invalidValue(field, next, isImmutable)];

/** One of a few values; empty is a missing one. */
export const oneOf = (field: string, value: string, values: readonly string[]): readonly Cause[] => {
  if (value === "") return [required(field)];
  return values.includes(value) ? [] : [notSupported(field, value, values)];
};
