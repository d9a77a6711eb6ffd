import fc from "fast-check";
import type { Status } from "../../core/kubernetes/status.ts";
import { anyOf, anyRecord } from "./record.ts";

/** `metav1.Status` of an answer that is an error: its code and its reason need not agree. */
export const anyStatus: fc.Arbitrary<Status> = anyRecord({}, {
  status: fc.constant("Failure"),
  message: anyOf("", "no", "x".repeat(2_000)),
  reason: anyOf("NotFound", "AlreadyExists", "Conflict", "Expired", "Gone", "TooManyRequests", "Newfangled"),
  code: anyOf(400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 504),
  details: anyRecord({}, { retryAfterSeconds: anyOf(0, 1, 30) }),
});
