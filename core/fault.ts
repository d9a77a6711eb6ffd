import type { Millis } from "./time.ts";

/**
 * What can go wrong between us and the API server or a provider, by what it means for the next step.
 *
 * | tag | meaning | effect |
 * |---|---|---|
 * | `Conflict` | another writer, or another UID under the name | look again, then retry |
 * | `NotFound` | the object is not there | success for a deletion |
 * | `AlreadyExists` | created before | look again |
 * | `Gone` | the resourceVersion or continue token has expired | list again |
 * | `Unauthorized`, `Forbidden` | credentials or rights | retry slowly |
 * | `Throttled` | too many requests | retry after `retryAfterMs` |
 * | `Unavailable` | not done | retry with back-off |
 * | `OutcomeUnknown` | sent, the answer was lost | observe before repeating |
 * | `Rejected` | refused for what it says | wait for a change of spec |
 * | `Unsupported` | the provider cannot honour these fields | wait for a change of spec |
 * | `Undecodable` | the answer or the object was not understood | retry slowly |
 */
export type Fault =
  | { readonly _tag: "Conflict"; readonly message: string }
  | { readonly _tag: "NotFound"; readonly message: string }
  | { readonly _tag: "AlreadyExists"; readonly message: string }
  | { readonly _tag: "Gone"; readonly message: string }
  | { readonly _tag: "Unauthorized"; readonly message: string }
  | { readonly _tag: "Forbidden"; readonly message: string }
  | { readonly _tag: "Throttled"; readonly message: string; readonly retryAfterMs: Millis | undefined }
  | { readonly _tag: "Unavailable"; readonly message: string }
  | { readonly _tag: "OutcomeUnknown"; readonly message: string }
  | { readonly _tag: "Rejected"; readonly message: string; readonly fields: readonly string[] }
  | { readonly _tag: "Unsupported"; readonly message: string; readonly fields: readonly string[] }
  | { readonly _tag: "Undecodable"; readonly message: string; readonly path: string };

/** The name of a {@link Fault}. */
export type FaultTag = Fault["_tag"];

/** A fault that repeating cannot heal: only a change of the object's spec can. */
export const isPermanent = (fault: Fault): boolean =>
  fault._tag === "Rejected" || fault._tag === "Unsupported";
