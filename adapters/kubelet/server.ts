import { createServer, type Server } from "node:https";
import type { Millis } from "../../core/time.ts";
import type { Logger } from "../ports.ts";
import { guarded } from "../telemetry/guarded.ts";
import type { Authorize } from "./auth.ts";
import { checkCertificate, selfSignedCertificate, type ServingCertificate } from "./certificate.ts";
import type { KubeletHandler } from "./handler.ts";
import { closer, connectionsOf, listen } from "./listening.ts";
import { peerIdentity } from "./peer.ts";
import { requestListeners } from "./request_listeners.ts";
import type { KubeletStreams } from "./stream/streams.ts";
import { tlsOptions } from "./tls_options.ts";

/** Bounds of the server; what a client cannot exceed before it is known who it is. */
export interface KubeletServerLimits {
  /** Further connections are closed at once. Default 512. */
  readonly maxConnections: number;
  /** Of a request's headers and path together. Default 1 MiB, as the kubelet's. */
  readonly maxHeaderBytes: number;
  readonly handshakeMs: Millis;
  readonly headersMs: Millis;
  /** Between two requests on a connection. */
  readonly idleMs: Millis;
  /** How long `close` lets requests go on. */
  readonly closeMs: Millis;
}

/** What holds where {@link KubeletServerOptions} names no limit. */
export const defaultLimits: KubeletServerLimits = {
  maxConnections: 512,
  maxHeaderBytes: 1_048_576,
  handshakeMs: 10_000,
  headersMs: 30_000,
  idleMs: 90_000,
  closeMs: 5_000,
};

/** What {@link serveKubelet} serves, to whom, and where. */
export interface KubeletServerOptions {
  readonly handler: KubeletHandler;
  readonly authorize: Authorize;
  /** Exec, attach and port-forward, see {@link kubeletStreams}. Without them, upgrade requests are answered by the handler. */
  readonly streams?: KubeletStreams;
  readonly nodeName: string;
  /** To listen on; `0.0.0.0` or `::` for all. */
  readonly address: string;
  /** 0: any free one, see {@link KubeletServer}. */
  readonly port: number;
  readonly certificate: ServingCertificate | "self-signed";
  /** The addresses and host names that the node publishes, for a self-signed certificate. */
  readonly hosts?: readonly string[];
  /** The CA of the clients' certificates, in PEM. Without it no client certificate counts. */
  readonly clientCa?: string;
  readonly limits?: Partial<KubeletServerLimits>;
  /** Ends the server as `close` does. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

/** A server that listens. */
export interface KubeletServer {
  readonly address: string;
  readonly port: number;
  /**
   * New connections are served this certificate; those that are open go on with the one they have. Throws, and changes nothing,
   * when it cannot be served.
   */
  setCertificate(certificate: ServingCertificate): void;
  /** No new requests; those under way may go on for `closeMs`, then they are broken off. Resolves when all is closed. */
  close(): Promise<void>;
}

const certificateOf = (options: KubeletServerOptions): Promise<ServingCertificate> | ServingCertificate =>
  options.certificate === "self-signed"
    ? selfSignedCertificate({
      nodeName: options.nodeName,
      addresses: [options.address, ...options.hosts ?? []],
    })
    : options.certificate;

const create = async (options: KubeletServerOptions, limits: KubeletServerLimits): Promise<Server> => {
  return createServer({
    ...tlsOptions(await certificateOf(options), options.clientCa),
    ALPNProtocols: ["http/1.1"],
    handshakeTimeout: limits.handshakeMs,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.headersMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, 5_000),
  });
};

/**
 * Serves a kubelet API over HTTPS (TLS 1.2 or later, HTTP/1.1), on Deno and on Node. Every request passes `authorize` first, with the
 * identity of the client's certificate where that is one of `clientCa`. Streams go out chunk by chunk with back-pressure; a client
 * that leaves aborts its request's signal. Connections, headers and idle time are bounded. Rejects when it cannot listen.
 */
export const serveKubelet = async (given: KubeletServerOptions): Promise<KubeletServer> => {
  const options = guarded(given);
  options.signal?.throwIfAborted();
  const limits = { ...defaultLimits, ...options.limits };
  const server = await create(options, limits);
  const open = connectionsOf(server, limits.maxConnections, options.logger);
  const aborts = new Set<AbortController>();
  const on = requestListeners(options, peerIdentity(Date.now), aborts);
  const failed = (error: unknown): void =>
    options.logger?.log("error", "a kubelet answer could not be written", { error: String(error) });
  server.on("request", (incoming, out) => void on.request(incoming, out).catch(failed));
  server.on("upgrade", (incoming, socket, head) => void on.upgrade(incoming, socket, head).catch(failed));
  // Scanners and cut connections: nothing to tell anybody.
  server.on("clientError", (_error, socket) => void socket.destroy());
  const { address, port } = await listen(server, options.address, options.port);
  server.on("error", failed);
  const close = closer(server, open, aborts, limits.closeMs);
  options.signal?.addEventListener("abort", () => void close(), { once: true });
  if (options.signal?.aborted) await close();
  const setCertificate = (certificate: ServingCertificate): void => {
    checkCertificate(certificate);
    server.setSecureContext(tlsOptions(certificate, options.clientCa));
  };
  return { address, port, setCertificate, close };
};

export type { Access, Authorize } from "./auth.ts";
export type { KubeletHandler } from "./handler.ts";
export { kubeletStreams } from "./stream/streams.ts";
export type { KubeletStreams, KubeletStreamsOptions } from "./stream/streams.ts";
export type { ContainerPath, PodPath, StreamRoute } from "../../core/kubelet/route.ts";
export type { StreamUpgrade } from "./stream/stream_upgrade.ts";
export type { SessionLimits } from "./stream/session.ts";
export type { Identity } from "../../core/kubelet/identity.ts";
export { findClientCa } from "./client_ca.ts";
export type { ClientCa, ClientCaOptions } from "./client_ca.ts";
export { keepServingCertificate } from "./serving_certificate.ts";
export type { ServingCertificateOptions } from "./serving_certificate.ts";
export { selfSignedCertificate } from "./certificate.ts";
export type { SelfSignedOptions, ServingCertificate } from "./certificate.ts";
