import fc from "fast-check";
import type { Fault, FaultTag } from "../../core/fault.ts";
import { anyOf } from "./record.ts";

/** The names of all faults. */
export const faultTags: readonly FaultTag[] = [
  "Conflict",
  "NotFound",
  "AlreadyExists",
  "Gone",
  "Unauthorized",
  "Forbidden",
  "Throttled",
  "Unavailable",
  "OutcomeUnknown",
  "Rejected",
  "Unsupported",
  "Undecodable",
] satisfies readonly FaultTag[];

/** The fault of this name. `retryAfterMs` is of `Throttled` alone. */
export const faultOf = (tag: FaultTag, message: string = tag.toLowerCase(), retryAfterMs?: number): Fault => {
  switch (tag) {
    case "Throttled":
      return { _tag: tag, message, retryAfterMs };
    case "Rejected":
    case "Unsupported":
      return { _tag: tag, message, fields: ["spec"] };
    case "Undecodable":
      return { _tag: tag, message, path: "spec" };
    default:
      return { _tag: tag, message };
  }
};

/** Any fault, every one as likely as the others; `Throttled` with every kind of Retry-After. */
export const anyFault: fc.Arbitrary<Fault> = fc.tuple(
  anyOf(...faultTags),
  anyOf(undefined, undefined, 0, 3_000, 90_000),
).map(([tag, retryAfterMs]) => faultOf(tag, undefined, retryAfterMs));
