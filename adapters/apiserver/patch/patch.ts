import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest, unsupportedMediaType } from "../api_error.ts";
import { mediaType } from "../body.ts";
import type { Kind } from "../kind.ts";
import { isList, isObject } from "../kinds/fields.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { type Checked, faultText, type FieldValidation, strictFaults, strictText } from "../schema/check.ts";
import { countNames, decode, type Fault } from "../schema/decode.ts";
import { countOfNames, duplicateFields } from "../schema/duplicates.ts";
import { jsonType } from "../schema/scalars.ts";
import { structOf } from "../schema/type_of.ts";
import { goText } from "./go_text.ts";
import { jsonPatched } from "./json_patch.ts";
import { mergePatched } from "./merge_patch.ts";
import { ownedType } from "./ownership.ts";
import { strategicPatched } from "./strategic_patch.ts";

export const applyType = "application/apply-patch+yaml";
const jsonPatchType = "application/json-patch+json";
const mergePatchType = "application/merge-patch+json";
const strategicPatchType = "application/strategic-merge-patch+json";

export const isPatchType = (contentType: string): boolean =>
  contentType === jsonPatchType || contentType === mergePatchType || contentType === strategicPatchType;

/** What a text that is no JSON is answered with. */
export const unreadPatch = (contentType: string, why: string): string =>
  contentType === strategicPatchType ? why : `error decoding patch: ${why}`;

/** 415: the real server's whole answer. */
export const unknownPatchType: ApiError = {
  ...unsupportedMediaType("415: Unsupported Media Type"),
  details: {},
};

const rejected: ApiError = {
  code: 422,
  reason: "Invalid",
  message: "the server rejected our request due to an error in our request",
  details: {},
};

const maxOperations = 10_000;
const maxDepth = 200;

const isDeep = (value: Json, depth = 0): boolean => {
  if (depth > maxDepth) return true;
  if (isList(value)) return value.some((item) => isDeep(item, depth + 1));
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) {
    const entry = value[name];
    if (typeof entry === "object" && isDeep(entry, depth + 1)) return true;
  }
  return false;
};

const notOfType = (patch: Json, wanted: string): string =>
  `json: cannot unmarshal ${jsonType(patch)} into Go value of type ${wanted}`;

const anyMap = "map[string]interface {}";

const jsonPatch = (current: ApiObject, patch: Json): E.Either<ApiError, JsonObject> => {
  if (!isList(patch)) {
    return E.left(badRequest(`error decoding patch: ${notOfType(patch, "[]handlers.jsonPatchOp")}`));
  }
  if (patch.length > maxOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`;
    return E.left({ code: 413, reason: "RequestEntityTooLarge", message });
  }
  const patched = jsonPatched(current, patch);
  return E.isRight(patched) && isObject(patched.right) ? E.right(patched.right) : E.left(rejected);
};

const mergePatch = (current: ApiObject, patch: Json): E.Either<ApiError, JsonObject> => {
  if (patch === null) return E.left(badRequest("Invalid JSON Patch"));
  if (!isObject(patch)) return E.left(badRequest(`error decoding patch: ${notOfType(patch, anyMap)}`));
  return E.right(mergePatched(current, patch) as JsonObject);
};

const strategicPatch = (kind: Kind, current: ApiObject, patch: Json): E.Either<ApiError, JsonObject> =>
  isObject(patch)
    ? strategicPatched(ownedType(kind), current, patch)
    : E.left(badRequest(notOfType(patch, anyMap)));

/**
 * The object after a JSON patch, a merge patch or a strategic merge patch, by the content type; its fields are not checked.
 * 415 for another type, 422 for a JSON patch that cannot be done, 400 for what is no patch. `current` stays as it is.
 */
export const applyPatch = (
  kind: Kind,
  contentType: string,
  current: ApiObject,
  patch: Json,
): E.Either<ApiError, JsonObject> => {
  if (isDeep(patch)) {
    return E.left(badRequest(`error decoding patch: it is more than ${maxDepth} levels deep`));
  }
  switch (mediaType(contentType)) {
    case jsonPatchType:
      return jsonPatch(current, patch);
    case mergePatchType:
      return mergePatch(current, patch);
    case strategicPatchType:
      return strategicPatch(kind, current, patch);
    default:
      return E.left(unknownPatchType);
  }
};

/** What is wrong with a value that a strategic merge patch has set, in the API server's words. */
const strategicFault = ({ type, why }: Fault, text: string): string => {
  if (why._tag === "Malformed") return why.why;
  const given = why.given.startsWith("number") ? (why.given.includes(".") ? "float64" : "int64") : why.given;
  if (type._tag === "List") return `cannot restore slice from ${given}`;
  if (type._tag === "Map") return `cannot restore map from ${given === "array" ? "slice" : given}`;
  if (type._tag === "Struct") return `cannot restore struct from: ${given === "array" ? "slice" : given}`;
  if (why.wanted !== undefined) return text;
  const wanted = type.atom === "bool" || type.atom === "string" ? type.atom : type.go;
  return given === "string" ? `unrecognized type: ${wanted}` : `cannot convert ${given} to ${wanted}`;
};

const invalidPatch = (value: string, why: string): ApiError => {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return {
    code: 422,
    reason: "Invalid",
    message: ` "" is invalid: patch: ${message}`,
    details: { causes: [{ reason: "FieldValueInvalid", message, field: "patch" }] },
  };
};

/** The names of fields that JSON gives twice. */
const twiceIn = (patch: Json, text: string): readonly string[] =>
  countOfNames(text) === countNames(patch) || isList(patch)
    ? []
    : duplicateFields(text).map((path) => `duplicate field ${JSON.stringify(path)}`);

/** Why a patched object is not of the kind any more. */
const kindFault = (current: ApiObject, { kind, apiVersion }: JsonObject): string | undefined => {
  for (const [name, value] of [["kind", kind], ["apiVersion", apiVersion]] as const) {
    if (value !== undefined && value !== null && typeof value !== "string") {
      const why = `json: cannot unmarshal ${jsonType(value)} into Go struct field .${name} of type string`;
      return `couldn't get version/kind; json parse error: ${why}`;
    }
  }
  if ((apiVersion || current.apiVersion) !== current.apiVersion) {
    return `no kind ${JSON.stringify(kind || current.kind)} is registered for version ${
      JSON.stringify(apiVersion)
    }`;
  }
  return (kind || current.kind) === current.kind ? undefined : `it is no ${current.kind}, but a ${kind}`;
};

const ofKind = (object: JsonObject, { kind, apiVersion }: ApiObject): JsonObject =>
  object["kind"] === kind && object["apiVersion"] === apiVersion ? object : { ...object, kind, apiVersion };

export interface Patched {
  readonly kind: Kind;
  readonly contentType: string;
  readonly current: ApiObject;
  readonly patch: Json;
  /** What `patch` was parsed from, to see fields that are there twice. */
  readonly text: string;
  readonly mode: FieldValidation;
}

/**
 * `applyPatch`, and then the fields as `checkFields` checks those of a whole object. A fault is a 422 that shows the patched
 * object, or the patch when it is a strategic one, as the real server answers.
 */
export const patchedObject = (
  { kind, contentType, current, patch, text, mode }: Patched,
): E.Either<ApiError, Checked> => {
  const patched = applyPatch(kind, contentType, current, patch);
  if (E.isLeft(patched)) return patched;
  const isStrategic = mediaType(contentType) === strategicPatchType;
  const shown = (): string => isStrategic ? goText(patch) : JSON.stringify(patched.right);
  const otherKind = isStrategic ? undefined : kindFault(current, patched.right);
  if (otherKind !== undefined) return E.left(invalidPatch(shown(), otherKind));
  const object = ofKind(patched.right, current);
  const struct = structOf(kind);
  if (struct === undefined) return E.right({ object, warnings: [] });
  const decoded = decode(struct, object, current);
  if (E.isLeft(decoded)) {
    const why = faultText(decoded.left);
    return E.left(invalidPatch(shown(), isStrategic ? strategicFault(decoded.left, why) : why));
  }
  const faults = mode === "Ignore"
    ? []
    : [...twiceIn(patch, text), ...strictFaults(decoded.right, undefined)];
  return mode === "Strict" && faults.length > 0
    ? E.left(invalidPatch(shown(), strictText(faults)))
    : E.right({ object: decoded.right.object, warnings: faults });
};
