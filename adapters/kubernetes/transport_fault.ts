import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";

/** Error codes of Node and undici that come before a byte of the request has left. */
const unsentCode =
  /^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_TLS|(CERT|CRL|DEPTH|SELF_SIGNED|UNABLE_TO|INVALID_CA|HOSTNAME_MISMATCH)[A-Z_]*|ERR_TLS_[A-Z_]+|ERR_OSSL_[A-Z0-9_]+|ERR_SSL_[A-Z0-9_]*(ALERT|CERTIFICATE|WRONG_VERSION|UNSUPPORTED_PROTOCOL)[A-Z0-9_]*|ERR_PROXY_[A-Z_]+)$/;

/** The same in words, where an error has no code (Deno, workerd). */
const unsentText = /client error \(Connect\)|dns error|invalid peer certificate|connection refused/i;

interface Cause {
  readonly message: string;
  readonly code: string;
  readonly syscall: string;
}

const causesOf = (error: unknown): readonly Cause[] => {
  const causes: Cause[] = [];
  let at: unknown = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth++) {
    const { code, syscall } = at as { code?: unknown; syscall?: unknown };
    causes.push({ message: at.message, code: String(code ?? ""), syscall: String(syscall ?? "") });
    at = at.cause;
  }
  return causes;
};

const isUnsent = (cause: Cause): boolean =>
  unsentCode.test(cause.code) || cause.syscall === "connect" || cause.syscall === "getaddrinfo" ||
  unsentText.test(cause.message);

const maxReason = 300;

/** The innermost cause in words, without URLs (their queries are long and of no help). */
const describe = (causes: readonly Cause[]): string => {
  const last = causes.findLast((cause) => cause.message !== "" || cause.code !== "");
  if (last === undefined) return "the request failed without a reason";
  const text = last.message.replace(/\s*for url \([^)]*\)/g, "").slice(0, maxReason);
  return last.code === "" || text.includes(last.code) ? text : `${text} (${last.code})`.trim();
};

/** What kept an answer from coming, where it is not an error of the transport. */
export type NoAnswer = "aborted" | "expired" | undefined;

/**
 * What a failure of the transport means. `Unavailable` when the request surely was not carried out: the connection was
 * never made, or the request only reads. Otherwise `OutcomeUnknown`: it may have arrived.
 */
export const transportFault = (
  request: ApiRequest,
  server: string,
  error: unknown,
  noAnswer: NoAnswer,
): Fault => {
  const causes = causesOf(error);
  const unsent = noAnswer === undefined && causes.some(isUnsent);
  const why = noAnswer === "aborted"
    ? "ended by the caller before an answer came"
    : noAnswer === "expired"
    ? "no answer in time"
    : describe(causes);
  const message = `${request.method} ${request.path} at ${server}: ${why}`;
  return { _tag: unsent || request.method === "GET" ? "Unavailable" : "OutcomeUnknown", message };
};
