import type { JsonObject } from "./object.ts";

/** One reason of `details.causes`: `reason` as in `metav1.CauseType` (`FieldValueRequired`, `FieldValueInvalid`, …). */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  /** `spec.containers[0].name`. */
  readonly field: string;
}

/** A refusal, to be sent as `metav1.Status`. `reason` is one of `metav1.StatusReason`, "" for none. */
export interface ApiError {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** `metadata` of the Status: a list that has expired says there how to go on. */
  readonly metadata?: JsonObject;
}

/** What an error is about: the resource (`pods`), its group, and the object's name. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly name: string;
}

/** `pods "web"`, `leases.coordination.k8s.io "a"`. */
const quoted = ({ group, plural, name }: Subject): string =>
  `${plural}${group === "" ? "" : `.${group}`} ${JSON.stringify(name)}`;

const detailsOf = ({ group, plural, name }: Subject): JsonObject => ({
  ...(name === "" ? {} : { name }),
  ...(group === "" ? {} : { group }),
  kind: plural,
});

export const notFound = (subject: Subject): ApiError => ({
  code: 404,
  reason: "NotFound",
  message: `${quoted(subject)} not found`,
  details: detailsOf(subject),
});

export const alreadyExists = (subject: Subject): ApiError => ({
  code: 409,
  reason: "AlreadyExists",
  message: `${quoted(subject)} already exists`,
  details: detailsOf(subject),
});

export const conflict = (subject: Subject, why: string): ApiError => ({
  code: 409,
  reason: "Conflict",
  message: `Operation cannot be fulfilled on ${quoted(subject)}: ${why}`,
  details: detailsOf(subject),
});

/** The resourceVersion that a write was made from is not the object's any more. */
export const modified = (subject: Subject): ApiError =>
  conflict(
    subject,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

/** 422 with every cause. `kind` is the object's kind: the message names it, not the resource. */
export const invalid = (kind: string, group: string, name: string, causes: readonly Cause[]): ApiError => {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return {
    code: 422,
    reason: "Invalid",
    message: `${kind}${group === "" ? "" : `.${group}`} ${JSON.stringify(name)} is invalid: ${list}`,
    details: {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      kind,
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  };
};

export const badRequest = (message: string): ApiError => ({ code: 400, reason: "BadRequest", message });

export const unauthorized: ApiError = { code: 401, reason: "Unauthorized", message: "Unauthorized" };

export const forbidden = (subject: Subject, why: string): ApiError => ({
  code: 403,
  reason: "Forbidden",
  message: `${quoted(subject)} is forbidden: ${why}`,
  details: detailsOf(subject),
});

/** A resourceVersion or continue token that is too old. */
export const expired = (message: string): ApiError => ({ code: 410, reason: "Expired", message });

export const methodNotAllowed = (
  message = "the server does not allow this method on the requested resource",
): ApiError => ({
  code: 405,
  reason: "MethodNotAllowed",
  message,
});

export const unsupportedMediaType = (message: string): ApiError => ({
  code: 415,
  reason: "UnsupportedMediaType",
  message,
});

/** The path names nothing that is served. */
export const noSuchPath: ApiError = {
  code: 404,
  reason: "NotFound",
  message: "the server could not find the requested resource",
  details: {},
};

export const tooManyRequests = (message: string, retryAfterSeconds?: number): ApiError => ({
  code: 429,
  reason: "TooManyRequests",
  message,
  ...(retryAfterSeconds === undefined
    ? {}
    : { details: { retryAfterSeconds }, headers: { "retry-after": `${retryAfterSeconds}` } }),
});

export const internalError = (message: string): ApiError => ({
  code: 500,
  reason: "InternalError",
  message: `Internal error occurred: ${message}`,
});

/** `metav1.Status`, as a body. */
export const statusOf = ({ code, reason, message, details, metadata = {} }: ApiError): JsonObject => ({
  kind: "Status",
  apiVersion: "v1",
  metadata,
  status: "Failure",
  message,
  ...(reason === "" ? {} : { reason }),
  ...(details === undefined ? {} : { details }),
  code,
});
