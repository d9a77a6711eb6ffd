import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { isStreamRoute, routeOf } from "../../core/kubelet/route.ts";
import type { Logger } from "../ports.ts";
import type { Authorize } from "./auth.ts";
import type { KubeletHandler } from "./handler.ts";
import type { PeerIdentity } from "./peer.ts";
import { hasBody, toRequest } from "./request.ts";
import { textResponse } from "./respond.ts";
import type { KubeletStreams } from "./stream/streams.ts";
import type { StreamUpgrade } from "./stream/stream_upgrade.ts";
import { refuseUpgrade, writeResponse } from "./write_response.ts";

/** What answers requests, and who decides about them. */
export interface Service {
  readonly handler: KubeletHandler;
  readonly authorize: Authorize;
  /** Without it, upgrade requests are answered by the handler. */
  readonly streams?: KubeletStreams;
  readonly logger?: Logger;
}

/** Listeners for the events of a server's requests. They settle when the answer is written, and may reject. */
export interface RequestListeners {
  request(incoming: IncomingMessage, out: ServerResponse): Promise<void>;
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void>;
}

/** Asks `authorize`, then `serve`; always answers. */
const answer = async <A>(
  service: Service,
  identify: PeerIdentity,
  incoming: IncomingMessage,
  signal: AbortSignal,
  serve: (request: Request) => Promise<A>,
): Promise<A | Response> => {
  const request = toRequest(incoming, signal);
  if (request === undefined) return textResponse(400, "400 Bad Request");
  try {
    const access = await service.authorize(request, identify(incoming.socket as TLSSocket));
    return access._tag === "Refused" ? access.response : await serve(request);
  } catch (error) {
    service.logger?.log("error", "a kubelet request failed", { error: String(error) });
    return textResponse(500, "Internal Server Error");
  }
};

/** Answers a request for another protocol; `undefined`: its socket is taken. */
const switchProtocol = async (
  { handler, streams }: Service,
  request: Request,
  upgrade: StreamUpgrade,
): Promise<Response | undefined> => {
  const route = routeOf(new URL(request.url).pathname);
  if (!isStreamRoute(route)) {
    return textResponse(400, "this path has no other protocol: ask again without Connection: Upgrade");
  }
  return streams === undefined ? await handler(request) : streams(route, request, upgrade);
};

/** One request, as the server's `request` and `upgrade` events bring it; `aborts` holds those under way. */
export const requestListeners = (
  service: Service,
  identify: PeerIdentity,
  aborts: Set<AbortController>,
): RequestListeners => {
  const begin = (connection: ServerResponse | Duplex): AbortController => {
    const abort = new AbortController();
    aborts.add(abort);
    connection.once("close", () => {
      aborts.delete(abort);
      abort.abort(new Error("the client has left, or was answered"));
    });
    return abort;
  };
  return {
    request: async (incoming: IncomingMessage, out: ServerResponse): Promise<void> => {
      const { signal } = begin(out);
      // Nobody reads the body, so the connection cannot be used again.
      if (hasBody(incoming)) out.setHeader("connection", "close");
      await writeResponse(await answer(service, identify, incoming, signal, service.handler), out);
    },
    upgrade: async (incoming: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> => {
      socket.on("error", () => socket.destroy());
      const { signal } = begin(socket);
      const response = await answer(
        service,
        identify,
        incoming,
        signal,
        (request) => switchProtocol(service, request, { incoming, socket, head, signal }),
      );
      if (response !== undefined) await refuseUpgrade(response, socket);
    },
  };
};
