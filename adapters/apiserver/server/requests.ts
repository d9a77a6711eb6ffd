import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse as Out } from "node:http";
import { type Duplex, Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { PeerIdentity } from "../../kubelet/peer.ts";
import { refuseUpgrade, writable, writeResponse } from "../../kubelet/write_response.ts";
import { type ApiError, badRequest, unauthorized } from "../api_error.ts";
import type { ServerResponse } from "../response.ts";
import { callerOf } from "./caller.ts";
import type { DialOptions } from "./dial_options.ts";
import { errorResponse } from "./dial_error.ts";
import { type Dial, wholeAnswer } from "./in_process.ts";
import { mostBody, readBody } from "./read_body.ts";
import type { Running } from "./running.ts";
import { toRequest } from "./to_request.ts";
import { passUpgrade } from "./upgrade.ts";
import type { Watching } from "./watching.ts";

/** What answers the requests of a network. */
export interface Service {
  readonly running: Running;
  readonly identify: PeerIdentity;
  readonly dial: Dial;
  readonly dialOptions: DialOptions;
}

const tooLarge: ApiError = {
  code: 413,
  reason: "RequestEntityTooLarge",
  message: `Request entity too large: limit is ${mostBody}`,
};

/** What is passed on to a node with its body unread. */
const isPassed = (path: string): boolean =>
  /^\/api\/v1\/.*\/(proxy(\/.*)?|exec|attach|portforward)$/.test(path);

const pathOf = (target: string): string => target.split("?", 1)[0] ?? target;

const headersOf = ({ headers }: IncomingMessage): Record<string, string> => {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(", ");
  }
  return headers as Record<string, string>;
};

/** Asks the server; a refusal that comes before it is an answer of its own. */
const ask = (
  { running, identify }: Service,
  incoming: IncomingMessage,
  body: string | undefined,
): ServerResponse | Response => {
  const { method = "GET", url = "/" } = incoming;
  if (!url.startsWith("/")) return errorResponse(badRequest(`not a path: ${url}`));
  const headers = headersOf(incoming);
  const caller = callerOf(identify, incoming.socket as TLSSocket);
  if (caller._tag === "Stranger" && headers.authorization === undefined) return errorResponse(unauthorized);
  const user = caller._tag === "User" ? caller.user : undefined;
  return running.ask(toRequest({ method, target: url, headers, body, user })).response;
};

const writeWatch = async (watching: Watching, out: Out): Promise<void> => {
  out.once("close", () => watching.close());
  if (out.destroyed) watching.close();
  out.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
  out.flushHeaders();
  for (;;) {
    const text = await watching.next();
    if (text === undefined || out.destroyed) break;
    if (!out.write(text)) await writable(out);
  }
  out.end();
};

const answerRequest = async (
  service: Service,
  incoming: IncomingMessage,
  out: Out,
  signal: AbortSignal,
): Promise<void> => {
  const { running, dial } = service;
  const isRaw = isPassed(pathOf(incoming.url ?? ""));
  const body = isRaw ? "" : await readBody(incoming);
  if (body === undefined) {
    out.setHeader("connection", "close");
    return await writeResponse(errorResponse(tooLarge), out);
  }
  const response = ask(service, incoming, body);
  if (response instanceof Response) return await writeResponse(response, out);
  switch (response._tag) {
    case "Watch":
      return await writeWatch(running.watchings.open(response), out);
    case "Proxy": {
      const { method = "GET" } = incoming;
      const headers = new Headers(headersOf(incoming));
      const hasBody = isRaw && method !== "GET" && method !== "HEAD";
      const content = hasBody ? Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array> : null;
      return await writeResponse(
        await dial(response.target, { method, headers, body: content, signal }),
        out,
      );
    }
    case "Answer":
    case "Text": {
      const { status, headers, text } = wholeAnswer(response, running);
      const bytes = Buffer.from(text);
      out.writeHead(status, status === 204 ? headers : { ...headers, "content-length": bytes.byteLength });
      out.end(incoming.method === "HEAD" ? undefined : bytes);
      // a body that nobody has read is in the way of the next request
      if (isRaw) incoming.resume();
    }
  }
};

const answerUpgrade = async (
  service: Service,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
): Promise<void> => {
  const { running, dialOptions } = service;
  const response = ask(service, incoming, "");
  if (response instanceof Response) return await refuseUpgrade(response, socket);
  switch (response._tag) {
    case "Proxy":
      if (response.target.manner === "Log") {
        return await refuseUpgrade(
          errorResponse(badRequest("a log is no stream of another protocol")),
          socket,
        );
      }
      return await passUpgrade(response.target, dialOptions, incoming, socket, head);
    case "Watch":
      return await refuseUpgrade(
        errorResponse(badRequest("watches over WebSockets are not served: ask without Connection: Upgrade")),
        socket,
      );
    case "Answer":
    case "Text": {
      const { text, ...init } = wholeAnswer(response, running);
      return await refuseUpgrade(new Response(text === "" ? null : text, init), socket);
    }
  }
};

/** Listeners for the events of a server. They settle when the answer is written, and may reject. */
export interface RequestListeners {
  request(incoming: IncomingMessage, out: Out): Promise<void>;
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void>;
}

/** `aborts` holds those under way. */
export const requestListeners = (service: Service, aborts: Set<AbortController>): RequestListeners => ({
  request: async (incoming, out) => {
    const abort = new AbortController();
    aborts.add(abort);
    out.once("close", () => {
      aborts.delete(abort);
      abort.abort(new Error("the caller has left, or was answered"));
    });
    out.on("error", () => undefined);
    try {
      await answerRequest(service, incoming, out, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  },
  upgrade: async (incoming, socket, head) => {
    socket.on("error", () => socket.destroy());
    await answerUpgrade(service, incoming, socket, head);
  },
});
