/** How a command ended, as its client is told. */
export type CommandOutcome =
  | { readonly _tag: "Exited"; readonly code: number }
  /** It was not run, or nobody knows how it ended. `message` is for people. */
  | { readonly _tag: "Failed"; readonly message: string };

const encoder = new TextEncoder();

const statusOf = (outcome: CommandOutcome): object => {
  if (outcome._tag === "Exited") {
    return outcome.code === 0 ? { metadata: {}, status: "Success" } : {
      metadata: {},
      status: "Failure",
      message: messageOf(outcome),
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: `${exitCode(outcome.code)}` }] },
    };
  }
  return {
    metadata: {},
    status: "Failure",
    message: `Internal error occurred: ${outcome.message}`,
    reason: "InternalError",
    details: { causes: [{ message: outcome.message }] },
    code: 500,
  };
};

/** Clients read it as eight bits without a sign; what was no success must not become one. */
const exitCode = (code: number): number =>
  Number.isInteger(code) && code >= 0 && code <= 255 ? code : (code & 0xff) || 255;

const messageOf = (outcome: CommandOutcome): string => {
  if (outcome._tag === "Failed") return outcome.message;
  return `command terminated with non-zero exit code: exit status ${exitCode(outcome.code)}`;
};

/**
 * What the error channel carries at the end: from v4 on a `metav1.Status` (the exit code is a cause, client-go reads it there);
 * before that a text, and nothing when all went well.
 */
export const outcomeBytes = (outcome: CommandOutcome, hasStatus: boolean): Uint8Array => {
  if (hasStatus) return encoder.encode(JSON.stringify(statusOf(outcome)));
  const isSuccess = outcome._tag === "Exited" && outcome.code === 0;
  return encoder.encode(isSuccess ? "" : messageOf(outcome));
};
