import * as E from "fp-ts/lib/Either.js";
import { type ApiError, type Cause, invalid } from "./api_error.ts";
import { notSupported, required } from "./kinds/causes.ts";
import { type Query, textOf } from "./query.ts";
import type { FieldValidation } from "./schema/check.ts";
import type { ServerRequest } from "./request.ts";

/** What the query of a write asks for. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Who is recorded as the owner of what is written. */
  readonly manager: string;
  /** Of an apply: it takes what others own. */
  readonly force: boolean;
}

/** Kinds of options, as their faults name them. */
export type OptionsKind =
  | "CreateOptions"
  | "UpdateOptions"
  | "PatchOptions"
  | "DeleteOptions"
  | "ListOptions";

export const invalidOptions = (kind: OptionsKind, causes: readonly Cause[]): ApiError => {
  const { details, ...error } = invalid(kind, "meta.k8s.io", "", causes);
  return { ...error, details: { group: "meta.k8s.io", kind, causes: details?.["causes"] } };
};

const unsupported = (field: string, value: string, supported: string): Cause => ({
  reason: "FieldValueNotSupported",
  message: `Unsupported value: ${value}: supported values: ${supported}`,
  field,
});

export const dryRunFaults = (values: readonly string[]): readonly Cause[] =>
  values.some((value) => value !== "All") ? [unsupported("dryRun", JSON.stringify(values), '"All"')] : [];

const validations = ["", "Ignore", "Strict", "Warn"];

const managerFaults = (manager: string): readonly Cause[] => [
  ...(manager.length > 128
    ? [{
      reason: "FieldValueTooLong",
      message: "Too long: may not be more than 128 bytes",
      field: "fieldManager",
    }]
    : []),
  ...(/^\P{C}*$/u.test(manager) ? [] : [{
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(manager)}: ${unprintable(manager)}`,
    field: "fieldManager",
  }]),
];

/** `invalid character U+000A (at position 1)`. */
const unprintable = (manager: string): string => {
  const characters = [...manager], position = characters.findIndex((character) => /\p{C}/u.test(character));
  const code = characters[position]?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return `invalid character U+${code} (at position ${position})`;
};

/** What only an apply may say, and what it must. */
const applyFaults = (query: Query, isApply: boolean): readonly Cause[] => {
  if (!isApply) {
    const message = "Forbidden: may not be specified for non-apply patch";
    return textOf(query, "force") === "" ? [] : [{ reason: "FieldValueForbidden", message, field: "force" }];
  }
  return textOf(query, "fieldManager") === ""
    ? [required("fieldManager", "is required for apply patch")]
    : [];
};

/** Who writes, when it is not said: the program that asks. */
const managerOf = (query: Query, userAgent = ""): string => {
  const program = (userAgent.split("/")[0] ?? "").replace(/\P{ASCII}|[^ -~]/gu, "").slice(0, 128);
  return textOf(query, "fieldManager") || program || "unknown";
};

/** The options of a create, an update or a patch, or a 422 that names what is wrong. */
export const writeOptions = (
  { query, headers }: ServerRequest,
  kind: OptionsKind,
  isApply = false,
): E.Either<ApiError, WriteOptions> => {
  const dryRun = query["dryRun"] ?? [];
  const validation = textOf(query, "fieldValidation");
  const causes = [
    ...dryRunFaults(dryRun),
    ...(kind === "PatchOptions" ? applyFaults(query, isApply) : []),
    ...managerFaults(textOf(query, "fieldManager")),
    ...(validations.includes(validation) ? [] : [notSupported("fieldValidation", validation, validations)]),
  ];
  if (causes.length > 0) return E.left(invalidOptions(kind, causes));
  return E.right({
    dryRun: dryRun.length > 0,
    fieldValidation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
    manager: managerOf(query, headers["user-agent"]),
    force: textOf(query, "force") === "true",
  });
};
