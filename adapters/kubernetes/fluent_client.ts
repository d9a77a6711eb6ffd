/**
 * The API server through kubernetes-fluent-client, for programs that use it already: its `fetch` and its handling of the
 * kubeconfig carry our requests. The default is `kyApi`, which needs less time and memory.
 * @module
 */
import * as E from "fp-ts/lib/Either.js";
import { fetch } from "kubernetes-fluent-client";
import type { FetchMethods } from "kubernetes-fluent-client/dist/fluent/shared-types.js";
import { k8sCfg } from "kubernetes-fluent-client/dist/fluent/utils.js";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import type { ApiPort, Telemetry } from "../ports.ts";
import type { Answer } from "./body.ts";
import { ConnectionError } from "./connection.ts";
import { urlOf } from "./fetch_api.ts";
import { type Exchange, portOver } from "./send.ts";

/** The cluster is the one that kubernetes-fluent-client finds: `KUBECONFIG`, `~/.kube/config`, or the pod's own. */
export interface FluentClientOptions {
  readonly userAgent?: string;
  readonly requestTimeoutMs?: Millis;
  readonly listTimeoutMs?: Millis;
  readonly telemetry?: Telemetry;
}

/** An {@link ApiPort}, the URL that it sends to, and the way to end its connections. */
export interface FluentClient {
  readonly api: ApiPort;
  readonly server: string;
  readonly close: () => Promise<void>;
}

type Config = Awaited<ReturnType<typeof k8sCfg>>;
type Agent = NonNullable<Config["opts"]["dispatcher"]>;

interface Session {
  readonly server: string;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** Credentials are looked up again this often: kubernetes-fluent-client itself does it for each request. */
const headersAgeMs: Millis = 60_000;

/** undici closes the connection after a DELETE with a body, unless told not to. */
const keepAlive = (agent: Agent): Agent =>
  agent.compose((dispatch) => (options, handler) => dispatch({ ...options, reset: false }, handler)) as Agent;

const loadSession = async (): Promise<Session> => {
  let config: Config;
  try {
    config = await k8sCfg("GET" as FetchMethods);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 300) : "unknown error";
    throw new ConnectionError(
      `kubernetes-fluent-client found no cluster (${reason}); set KUBECONFIG to a kubeconfig file`,
    );
  }
  const { opts, serverUrl } = config;
  if (opts.dispatcher === undefined) throw new ConnectionError("kubernetes-fluent-client made no agent");
  return {
    server: String(serverUrl).replace(/\/+$/, ""),
    agent: opts.dispatcher,
    headers: opts.headers as Readonly<Record<string, string>>,
  };
};

/** One session for all requests. Its credentials are renewed by age; after a 401 its agent and certificate are too. */
const sessions = (first: Session): {
  readonly get: () => Promise<Session>;
  readonly refuse: (session: Session) => void;
  readonly close: () => Promise<void>;
} => {
  let current: Session = { ...first, agent: keepAlive(first.agent) };
  let dueAt = performance.now() + headersAgeMs;
  let refused = false;
  let renewing: Promise<Session> | undefined;

  const renew = async (): Promise<Session> => {
    try {
      const next = await loadSession();
      const old = current;
      if (refused) {
        current = { ...next, agent: keepAlive(next.agent) };
        // What is in flight may finish.
        void old.agent.close().catch(() => {});
      } else {
        current = { ...old, headers: next.headers };
        void next.agent.destroy();
      }
      refused = false;
      return current;
    } catch {
      // A kubeconfig that is being rewritten: go on with what there is.
      return current;
    } finally {
      dueAt = performance.now() + headersAgeMs;
      renewing = undefined;
    }
  };

  return {
    get: () => performance.now() < dueAt ? Promise.resolve(current) : renewing ??= renew(),
    refuse: (session) => {
      if (session !== current) return;
      refused = true;
      dueAt = 0;
    },
    close: () => current.agent.destroy(),
  };
};

async function* textBody(data: unknown): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(typeof data === "string" ? data : JSON.stringify(data));
}

interface Sent {
  readonly session: Session;
  readonly url: string;
  readonly init: {
    readonly method: ApiRequest["method"];
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
  };
}

/** By its `fetch`, which reads and decodes the whole answer, and turns a failure into a status of its own. */
const sendWhole = async ({ session, url, init }: Sent): Promise<Answer> => {
  const { data, status, headers, e } = await fetch<unknown>(url, {
    ...init,
    dispatcher: session.agent,
    redirect: "manual",
  });
  // A status that it made up comes without headers.
  if (e !== undefined && [...headers.keys()].length === 0) throw e;
  const lost = e !== undefined || data === undefined || data === "";
  return { status, headers, body: lost ? null : textBody(data), discard: () => Promise.resolve() };
};

/** By the same agent directly: its `fetch` would give a watch only when it has ended. */
const sendStream = async ({ session, url, init }: Sent): Promise<Answer> => {
  const { origin } = new URL(url);
  const { statusCode, headers, body } = await session.agent.request({
    ...init,
    origin,
    path: url.slice(origin.length),
  });
  const get = (name: string): string | null => {
    const value = headers[name];
    return value === undefined ? null : String(value);
  };
  return { status: statusCode, headers: { get }, body };
};

/**
 * The {@link ApiPort} over kubernetes-fluent-client. Throws `ConnectionError` when it finds no cluster.
 *
 * @example
 * ```ts
 * const { api, close } = await fluentClientApi();
 * ```
 */
export const fluentClientApi = async (options: FluentClientOptions = {}): Promise<FluentClient> => {
  const first = await loadSession();
  const pool = sessions(first);
  const exchange: Exchange = async (request, signal, mode) => {
    const session = await pool.get();
    const headers: Record<string, string> = {
      ...session.headers,
      Accept: request.accept ?? "application/json",
    };
    delete headers["Content-Type"];
    if (options.userAgent !== undefined) headers["User-Agent"] = options.userAgent;
    const hasBody = request.body !== undefined;
    if (hasBody) headers["Content-Type"] = request.contentType ?? "application/json";
    const sent: Sent = {
      session,
      url: urlOf(session.server, request),
      init: {
        method: request.method,
        headers,
        ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
        signal,
      },
    };
    const answer = await (mode === "whole" ? sendWhole(sent) : sendStream(sent));
    if (answer.status === 401) pool.refuse(session);
    return E.right(answer);
  };
  return {
    api: portOver({ ...options, server: first.server, exchange }),
    server: first.server,
    close: pool.close,
  };
};
