import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import type { ApiPort, Telemetry } from "../ports.ts";
import type { Answer, Fetch, FetchInit } from "./body.ts";
import { unlessAborted } from "./deadline.ts";
import { portOver } from "./send.ts";
import type { TokenSource } from "./token.ts";

/** Where the API server is and how requests reach it. */
export interface FetchApiOptions {
  /** `https://host:port`, perhaps with a path in front of every request's own (a proxy). */
  readonly server: string;
  /** Any `fetch`: it carries the trust in the server and the client certificate. The global one by default. */
  readonly fetch?: Fetch;
  /** A bearer token that never changes. */
  readonly token?: string;
  /** A bearer token that does; asked for each request, and told when the API server refused the last one. */
  readonly tokenSource?: TokenSource;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly userAgent?: string;
  /** From sending to the end of the answer; 30 s by default. A watch: until its head. */
  readonly requestTimeoutMs?: Millis;
  /** From sending to the end of a list; 60 s by default. */
  readonly listTimeoutMs?: Millis;
  readonly telemetry?: Telemetry;
}

/** The absolute URL of a request. */
export const urlOf = (server: string, request: ApiRequest): string => {
  if (request.query === undefined) return server + request.path;
  let query = "";
  for (const [name, value] of Object.entries(request.query)) {
    query += `${query === "" ? "?" : "&"}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return server + request.path + query;
};

/** What can stand after `Bearer`: anything else would be refused by `fetch`, with the token in its message. */
const isToken = (token: string): boolean => /^[\x21-\x7e]+$/.test(token);

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

const unauthorized = (message: string): E.Either<Fault, never> => E.left({ _tag: "Unauthorized", message });

/**
 * The {@link ApiPort} over any `fetch`. Runs wherever `fetch` does.
 * Never retries, never throws, and never puts a credential into a message.
 */
export const fetchApi = (options: FetchApiOptions): ApiPort => {
  const server = options.server.replace(/\/+$/, "");
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const { token } = options;
  const tokenSource: TokenSource | undefined = options.tokenSource ??
    (token === undefined ? undefined : () => Promise.resolve(token));
  const fixed: Readonly<Record<string, string>> = {
    accept: "application/json",
    "user-agent": options.userAgent ?? "virtual-kubelet-typescript",
    ...options.headers,
  };
  let rejected: string | undefined;

  const exchange = async (request: ApiRequest, signal: AbortSignal): Promise<E.Either<Fault, Answer>> => {
    const headers: Record<string, string> = { ...fixed };
    if (request.accept !== undefined) headers.accept = request.accept;
    let bearer: string | undefined;
    if (tokenSource !== undefined) {
      try {
        bearer = (await unlessAborted(signal, tokenSource(rejected)))?.trim();
      } catch (error) {
        if (signal.aborted) {
          const message =
            `${request.method} ${request.path}: not sent, the token for ${server} did not come in time`;
          return E.left({ _tag: "Unavailable", message });
        }
        return unauthorized(`no credentials for ${server}: ${messageOf(error)}`);
      }
      if (bearer !== undefined && bearer !== "") {
        if (!isToken(bearer)) return unauthorized(`the token for ${server} has characters that no token has`);
        headers.authorization = `Bearer ${bearer}`;
      }
    }
    let body: string | undefined;
    if (request.body !== undefined) {
      headers["content-type"] = request.contentType ?? "application/json";
      body = JSON.stringify(request.body);
    }
    const init: FetchInit = {
      ...{ method: request.method, headers, body, signal, redirect: "manual" },
      unread: request.discardAnswer,
    };
    const answer = await unlessAborted(signal, fetch(urlOf(server, request), init));
    if (answer.status === 401) rejected = bearer;
    else if (rejected === bearer) rejected = undefined;
    return E.right(answer);
  };

  return portOver({ ...options, server, exchange });
};
