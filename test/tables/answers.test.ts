// What the status codes of the API server mean (API conventions, "HTTP status codes").
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Fault } from "../../core/fault.ts";
import { faultOfStatus, type Status } from "../../core/kubernetes/status.ts";

const test = suite("what answers mean");

const said = "said";

/** Code, the rest of the Status, the header `Retry-After` in milliseconds; what that means. */
const rows: readonly (readonly [number, Status, number | undefined, Fault])[] = [
  [400, {}, undefined, { _tag: "Rejected", message: said, fields: [] }],
  [401, {}, undefined, { _tag: "Unauthorized", message: said }],
  [403, {}, undefined, { _tag: "Forbidden", message: said }],
  [404, {}, undefined, { _tag: "NotFound", message: said }],
  [409, {}, undefined, { _tag: "Conflict", message: said }],
  [409, { reason: "Conflict" }, undefined, { _tag: "Conflict", message: said }],
  [409, { reason: "AlreadyExists" }, undefined, { _tag: "AlreadyExists", message: said }],
  [410, {}, undefined, { _tag: "Gone", message: said }],
  [413, {}, undefined, { _tag: "Rejected", message: said, fields: [] }],
  [422, {}, undefined, { _tag: "Rejected", message: said, fields: [] }],
  [429, {}, undefined, { _tag: "Throttled", message: said, retryAfterMs: undefined }],
  [429, {}, 2_000, { _tag: "Throttled", message: said, retryAfterMs: 2_000 }],
  [429, { details: {} }, undefined, { _tag: "Throttled", message: said, retryAfterMs: undefined }],
  [429, { details: { retryAfterSeconds: 3 } }, undefined, {
    _tag: "Throttled",
    message: said,
    retryAfterMs: 3_000,
  }],
  // the header is meant for this answer, the details for the request
  [429, { details: { retryAfterSeconds: 3 } }, 2_000, {
    _tag: "Throttled",
    message: said,
    retryAfterMs: 2_000,
  }],
  [500, {}, undefined, { _tag: "Unavailable", message: said }],
  [500, { details: { retryAfterSeconds: 0 } }, undefined, {
    _tag: "Throttled",
    message: said,
    retryAfterMs: 0,
  }],
  [503, {}, 1_000, { _tag: "Throttled", message: said, retryAfterMs: 1_000 }],
  [503, {}, undefined, { _tag: "Unavailable", message: said }],
  [504, {}, undefined, { _tag: "OutcomeUnknown", message: said }],
  [504, {}, 1_000, { _tag: "OutcomeUnknown", message: said }],
  [302, {}, undefined, { _tag: "Unavailable", message: said }],
];

for (const [code, status, retryAfterMs, fault] of rows) {
  test(`${code} ${JSON.stringify(status)} ${retryAfterMs ?? ""}: ${fault._tag}`, () => {
    assert.equal(faultOfStatus(code, { ...status, message: said }, retryAfterMs), fault);
    const { message } = faultOfStatus(code, status, retryAfterMs);
    assert.is(message, `HTTP ${code}`);
  });
}

test.run();
