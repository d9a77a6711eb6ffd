import type { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";

/**
 * What a provider throws to say what went wrong. Anything else that is thrown counts as `Unknown`.
 *
 * | code | means | effect on the pod |
 * |---|---|---|
 * | `NotFound` | not there | a deletion has succeeded; logs answer 404 |
 * | `InvalidInput` | will never work as it is | `restartPolicy: Never`: Failed; else Pending, until the spec changes |
 * | `Unsupported` | this back end cannot honour `fields` | as `InvalidInput`, the fields are named |
 * | `Throttled` | too many calls | again after `retryAfterMs` |
 * | `Unavailable` | surely not done, may work later | again with back-off |
 * | `Conflict` | in transition, or another's | again with back-off, after a look |
 * | `Unauthorized` | the back end refuses our credentials | again with back-off |
 * | `Unknown` | may or may not have been done | looked up before it is tried again |
 */
export type ProviderErrorCode =
  | "NotFound"
  | "InvalidInput"
  | "Unsupported"
  | "Throttled"
  | "Unavailable"
  | "Conflict"
  | "Unauthorized"
  | "Unknown";

/** An error with a meaning: `throw new ProviderError("NotFound", "no pod 1234")`. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: ProviderErrorCode;
  readonly retryAfterMs: Millis | undefined;
  readonly fields: readonly string[];

  constructor(
    code: ProviderErrorCode,
    message: string,
    options: {
      readonly retryAfterMs?: Millis;
      readonly fields?: readonly string[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields ?? [];
  }
}

const codes: ReadonlySet<string> = new Set<ProviderErrorCode>([
  "NotFound",
  "InvalidInput",
  "Unsupported",
  "Throttled",
  "Unavailable",
  "Conflict",
  "Unauthorized",
  "Unknown",
]);

/** By shape, so that an error of another copy of this library is understood too. */
export const isProviderError = (error: unknown): error is ProviderError =>
  error instanceof Error && error.name === "ProviderError" &&
  codes.has((error as { code?: string }).code ?? "");

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** The {@link Fault} that something thrown by a provider stands for; follows `cause` to a ProviderError. */
export const faultOfError = (error: unknown): Fault => {
  let at: unknown = error;
  for (let depth = 0; depth < 8 && at instanceof Error && !isProviderError(at); depth++) at = at.cause;
  const message = messageOf(error);
  if (!isProviderError(at)) return { _tag: "OutcomeUnknown", message };
  switch (at.code) {
    case "NotFound":
    case "Unavailable":
    case "Conflict":
    case "Unauthorized":
      return { _tag: at.code, message };
    case "InvalidInput":
      return { _tag: "Rejected", message, fields: at.fields };
    case "Unsupported":
      return { _tag: "Unsupported", message, fields: at.fields };
    case "Throttled":
      return { _tag: "Throttled", message, retryAfterMs: at.retryAfterMs };
    case "Unknown":
      return { _tag: "OutcomeUnknown", message };
  }
};
