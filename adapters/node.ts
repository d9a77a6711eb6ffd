/**
 * What needs Node: connecting to a cluster with its own CA and client certificates. It also runs on Deno.
 * @module
 */
import { type Connected, type ConnectOptions, connectWith } from "./kubernetes/connect.ts";
import { nodeTransport } from "./kubernetes/fetch_node.ts";

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
export { nodeTransport } from "./kubernetes/fetch_node.ts";

/**
 * Connects to a cluster: by the options, or as `kubectl` would. Throws `ConnectionError` where that cannot be.
 *
 * @example
 * ```ts
 * const { api, close } = await connect({ kubeconfig: "admin.kubeconfig" });
 * ```
 */
export const connect = (options: ConnectOptions = {}): Promise<Connected> =>
  connectWith(nodeTransport, options);
