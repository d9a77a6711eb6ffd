import { type ApiError, badRequest, internalError, statusOf } from "../api_error.ts";
import type { ProxyTarget } from "../response.ts";

// What the real API server says when a node does not answer, or not as it should.

const texts: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  ECONNRESET: "read: connection reset by peer",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "i/o timeout",
};

const codeOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  // Deno tells some of them by their text only
  return typeof code === "string" && code in texts
    ? code
    : /refused/i.test(String(message))
    ? "ECONNREFUSED"
    : "";
};

const hostPort = ({ host, port }: ProxyTarget): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** `dial tcp 10.0.0.7:10250: connect: connection refused`, or what the runtime says. */
const dialText = (target: ProxyTarget, error: unknown): string => {
  const known = texts[codeOf(error)];
  return known === undefined
    ? error instanceof Error ? error.message : String(error)
    : `dial tcp ${hostPort(target)}: ${known}`;
};

const withoutReason = (message: string): ApiError => ({ code: 500, reason: "", message });

export const urlOf = (target: ProxyTarget): string => `${target.scheme}://${hostPort(target)}${target.path}`;

/** The node could not be asked. */
export const unreachable = (target: ProxyTarget, error: unknown): ApiError => {
  const text = dialText(target, error);
  switch (target.manner) {
    case "Log":
      return withoutReason(`Get ${JSON.stringify(urlOf(target))}: ${text}`);
    case "Stream":
      return withoutReason(`error dialing backend: ${text}`);
    case "Plain":
      return {
        code: 503,
        reason: "ServiceUnavailable",
        message: `error trying to reach service: ${text}`,
      };
  }
};

/** A node must answer itself, and not send the API server elsewhere. */
export const redirected = (target: ProxyTarget, status: number, location: string): ApiError =>
  target.manner === "Log"
    ? withoutReason(`Get ${JSON.stringify(location)}: redirects forbidden`)
    : withoutReason(`invalid upgrade response: status code ${status}`);

interface Words {
  readonly reason: string;
  readonly message?: string;
}

/** Of a status that a node answered with: no message means the node's own words. */
const words: Readonly<Record<number, Words>> = {
  401: { reason: "Unauthorized", message: "the server has asked for the client to provide credentials" },
  403: { reason: "Forbidden" },
  404: { reason: "NotFound", message: "the server could not find the requested resource" },
  405: {
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
  },
  406: { reason: "NotAcceptable" },
  409: { reason: "Conflict", message: "the server reported a conflict" },
  415: { reason: "UnsupportedMediaType" },
  422: { reason: "Invalid", message: "the server rejected our request due to an error in our request" },
  429: {
    reason: "TooManyRequests",
    message: "the server has received too many requests and has asked us to try again later",
  },
  503: {
    reason: "ServiceUnavailable",
    message: "the server is currently unable to handle the request",
  },
  504: {
    reason: "Timeout",
    message:
      "the server was unable to return a response in the time allotted, but may still be processing the request",
  },
};

const unnamed = (status: number, said: string): Words =>
  status >= 500
    ? {
      reason: "InternalError",
      message: `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`,
    }
    : {
      reason: "",
      message: `the server responded with the status code ${status} but did not return more information`,
    };

/** The node refused to give a log; `said` is what it answered. */
export const refusedLog = ({ name }: ProxyTarget, status: number, said: string): ApiError => {
  if (status === 400) return badRequest(said);
  if (status === 500) return { ...internalError(said), details: { causes: [{ message: said }] } };
  const { reason, message = said } = words[status] ?? unnamed(status, said);
  return {
    code: status,
    reason,
    message: `${message} ( pods/log ${name})`,
    details: { name, kind: "pods/log" },
  };
};

/** As an answer. */
export const errorResponse = (error: ApiError): Response =>
  new Response(`${JSON.stringify(statusOf(error))}\n`, {
    status: error.code,
    headers: { "content-type": "application/json", "cache-control": "no-cache, private" },
  });
