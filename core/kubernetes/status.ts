import * as t from "io-ts";
import type { Fault } from "../fault.ts";
import type { Millis } from "../time.ts";

/** What we read of `metav1.Status`, the body of an error answer and of a watch's ERROR event. */
export interface Status {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly retryAfterSeconds?: number };
}

export const StatusCodec: t.Type<Status> = t.partial({
  status: t.string,
  message: t.string,
  reason: t.string,
  code: t.number,
  details: t.partial({ retryAfterSeconds: t.number }),
});

const maxMessage = 512;

/** Reads an error body; one that is not a Status gives its own text as the message. */
export const parseStatus = (text: string): Status => {
  try {
    const json: unknown = JSON.parse(text);
    if (StatusCodec.is(json)) return json;
  } catch {
    // not JSON: a proxy's page, or a cut answer
  }
  return { message: text.slice(0, maxMessage) };
};

/**
 * What a non-2xx answer means (API conventions, "HTTP status codes").
 * 422 is `Rejected`, and so is 400; a 409 whose reason is `AlreadyExists` is that; a 5xx was not done, except 504,
 * whose request may still be at work.
 */
export const faultOfStatus = (code: number, status: Status, retryAfterMs: Millis | undefined): Fault => {
  const message = status.message ?? `HTTP ${code}`;
  const seconds = status.details?.retryAfterSeconds;
  const after = retryAfterMs ?? (seconds === undefined ? undefined : seconds * 1000);
  switch (code) {
    case 401:
      return { _tag: "Unauthorized", message };
    case 403:
      return { _tag: "Forbidden", message };
    case 404:
      return { _tag: "NotFound", message };
    case 409:
      return { _tag: status.reason === "AlreadyExists" ? "AlreadyExists" : "Conflict", message };
    case 410:
      return { _tag: "Gone", message };
    case 429:
      return { _tag: "Throttled", message, retryAfterMs: after };
    case 504:
      return { _tag: "OutcomeUnknown", message };
    case 400:
    case 413:
    case 422:
      return { _tag: "Rejected", message, fields: [] };
    default:
      return after === undefined
        ? { _tag: "Unavailable", message }
        : { _tag: "Throttled", message, retryAfterMs: after };
  }
};
