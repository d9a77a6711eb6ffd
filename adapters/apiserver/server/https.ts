import { constants } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { Millis } from "../../../core/time.ts";
import { closer, connectionsOf, listen } from "../../kubelet/listening.ts";
import { peerIdentity } from "../../kubelet/peer.ts";
import type { Logger } from "../../ports.ts";
import type { DialOptions } from "./dial_options.ts";
import type { Dial } from "./in_process.ts";
import type { KeyPair } from "./pki.ts";
import { requestListeners } from "./requests.ts";
import type { Running } from "./running.ts";

/** Bounds of the server; bodies are bounded as in the real one (3 MiB). */
export interface HttpsLimits {
  /** Further connections are closed at once. */
  readonly maxConnections: number;
  /** Of a request's headers and path together. */
  readonly maxHeaderBytes: number;
  readonly handshakeMs: Millis;
  readonly headersMs: Millis;
  /** Between two requests on a connection. */
  readonly idleMs: Millis;
  /** How long `close` lets requests go on. */
  readonly closeMs: Millis;
}

export const defaultLimits: HttpsLimits = {
  maxConnections: 8_192,
  maxHeaderBytes: 1_048_576,
  handshakeMs: 10_000,
  headersMs: 32_000,
  idleMs: 180_000,
  closeMs: 2_000,
};

export interface HttpsOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly serving: KeyPair;
  /** The authority of client certificates, in PEM. */
  readonly clientCa: string;
  readonly limits?: Partial<HttpsLimits>;
  readonly logger?: Logger;
}

/** What is served once the port is known. */
export interface Served {
  readonly running: Running;
  readonly dial: Dial;
  readonly dialOptions: DialOptions;
}

/** A socket that listens. */
export interface HttpsServer {
  readonly address: string;
  readonly port: number;
  /** Begins to answer: to be called before anything else is waited for. */
  serve(served: Served): void;
  /** No new requests; those under way may go on for `closeMs`. Resolves when all is closed. */
  close(): Promise<void>;
}

const what = "the API server";

const create = ({ serving, clientCa }: HttpsOptions, limits: HttpsLimits): Server =>
  createServer({
    ...serving,
    ca: clientCa,
    requestCert: true,
    // whoever has no certificate of ours may still show a token
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
    // Deno does not heed this; see `peerIdentity`
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: limits.handshakeMs,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMs,
    noDelay: true,
  });

/** Listens with HTTPS (TLS 1.2 or later, HTTP/1.1) on Deno and on Node. Rejects when it cannot. */
export const listenHttps = async (options: HttpsOptions): Promise<HttpsServer> => {
  const { logger } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const server = create(options, limits);
  const open = connectionsOf(server, limits.maxConnections, logger, what);
  const aborts = new Set<AbortController>();
  const failed = (error: unknown): void =>
    logger?.log("error", "a request to the API server failed", { error: String(error) });
  // scanners and cut connections: nothing to tell anybody
  server.on("clientError", (_error, socket) => void socket.destroy());
  const { address, port } = await listen(server, options.address, options.port, what);
  server.on("error", failed);
  return {
    address,
    port,
    serve: (served) => {
      const on = requestListeners({ ...served, identify: peerIdentity(Date.now) }, aborts);
      server.on("request", (incoming, out) =>
        void on.request(incoming, out).catch((error) => {
          failed(error);
          out.destroy();
        }));
      server.on(
        "upgrade",
        (incoming, socket, head) =>
          void on.upgrade(incoming, socket, head).catch((error) => {
            failed(error);
            socket.destroy();
          }),
      );
    },
    close: closer(server, open, aborts, limits.closeMs),
  };
};
