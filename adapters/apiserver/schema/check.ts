import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "../api_error.ts";
import { isObject } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { decode, type Decoded, type Fault } from "./decode.ts";
import { countOfNames, duplicateFields } from "./duplicates.ts";
import { goPlace } from "./place.ts";
import { jsonType } from "./scalars.ts";
import { structOf, type TypeName } from "./type_of.ts";

/** The query `fieldValidation`; the server's default is `Warn`. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

export interface Checked {
  readonly object: JsonObject;
  /** To be sent as `Warning` headers: `unknown field "spec.foo"`. */
  readonly warnings: readonly string[];
}

/** What is wrong with a value, in the API server's words. */
export const faultText = ({ place, type, why }: Fault): string =>
  why._tag === "Malformed"
    ? why.why
    : `json: cannot unmarshal ${why.given} into Go struct field ${goPlace(place)} of type ${
      why.wanted ?? type.go
    }`;

const isBelow = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);

/**
 * `unknown field "spec.foo"`, `duplicate field "data.x"`. What is under an unknown field is not told. `text` is what the
 * object was parsed from: without it nobody knows what was there twice.
 */
export const strictFaults = ({ unknown, names }: Decoded, text: string | undefined): readonly string[] => {
  const twice = text === undefined || countOfNames(text) === names ? [] : duplicateFields(text);
  const known = twice.filter((path) => !unknown.some((field) => isBelow(path, field)));
  return [
    ...known.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
};

/** `strict decoding error: unknown field "a", unknown field "b"`. */
export const strictText = (faults: readonly string[]): string =>
  `strict decoding error: ${faults.join(", ")}`;

/**
 * A body as the API server's own types hold it: unknown fields are gone (and refused with 400 when `Strict`, told when
 * `Warn`), nulls and empty values that say nothing are left out, amounts and times are written its way. 400 for a value of
 * another type. Total on any JSON; `body` stays as it is. A kind that the table does not have is left as it is.
 */
export const checkFields = (
  kind: TypeName,
  body: unknown,
  mode: FieldValidation,
  text?: string,
): E.Either<ApiError, Checked> => {
  const refuse = (why: string): E.Either<ApiError, never> =>
    E.left(
      badRequest(
        `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${why}`,
      ),
    );
  const given = (body ?? {}) as Json;
  if (!isObject(given)) {
    return refuse(`json: cannot unmarshal ${jsonType(given)} into Go value of type v1.${kind.kind}`);
  }
  const struct = structOf(kind);
  if (struct === undefined) return E.right({ object: given, warnings: [] });
  const decoded = decode(struct, given);
  if (E.isLeft(decoded)) return refuse(faultText(decoded.left));
  const faults = mode === "Ignore" ? [] : strictFaults(decoded.right, text);
  return mode === "Strict" && faults.length > 0
    ? refuse(strictText(faults))
    : E.right({ object: decoded.right.object, warnings: faults });
};
