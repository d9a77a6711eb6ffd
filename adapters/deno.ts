/**
 * What needs Deno: connecting to a cluster with its own CA and client certificates.
 * @module
 */
import { type Connected, type ConnectOptions, connectWith } from "./kubernetes/connect.ts";
import type { TransportOptions } from "./kubernetes/connection.ts";
import { denoTransport, isDenoCapable } from "./kubernetes/fetch_deno.ts";
import type { Transport } from "./kubernetes/transport.ts";

export type { Connected, ConnectOptions } from "./kubernetes/connect.ts";
export { loadConnection } from "./kubernetes/connect.ts";
export {
  type ClientCertificate,
  type Connection,
  ConnectionError,
  type ExplicitConnection,
  type TransportOptions,
} from "./kubernetes/connection.ts";
export type { Answer, Fetch, FetchInit } from "./kubernetes/body.ts";
export type { TokenSource } from "./kubernetes/token.ts";
export type { Transport } from "./kubernetes/transport.ts";
export { kubeconfigConnection, type KubeconfigOptions } from "./kubernetes/kubeconfig.ts";
export { denoTransport } from "./kubernetes/fetch_deno.ts";

const transport = async (options: TransportOptions): Promise<Transport> =>
  isDenoCapable(options)
    ? denoTransport(options)
    : (await import("./kubernetes/fetch_node.ts")).nodeTransport(options);

/**
 * Connects to a cluster: by the options, or as `kubectl` would. Throws `ConnectionError` where that cannot be.
 * What Deno's `fetch` cannot do (`insecureSkipTlsVerify`, `serverName`) is done by undici.
 *
 * @example
 * ```ts
 * const { api, close } = await connect({ kubeconfig: "admin.kubeconfig" });
 * ```
 */
export const connect = (options: ConnectOptions = {}): Promise<Connected> => connectWith(transport, options);
