import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ServerSettings, ServerState } from "../state.ts";
import { type ApiServer, type ApiServerOptions, makeRunningServer } from "./api_server.ts";
import { makeDial } from "./dial.ts";
import type { DialOptions } from "./dial_options.ts";
import { type HttpsLimits, type HttpsServer, listenHttps } from "./https.ts";
import { type Credentials, kubeconfigText } from "./kubeconfig.ts";
import type { Subject } from "./pki.ts";
import { keysIn, makeKeys, type ServerKeys, writeSecret } from "./server_files.ts";

/** What {@link startApiServer} starts, and where. */
export interface StartApiServerOptions extends Omit<ApiServerOptions, "dial" | "authority"> {
  /** To listen on. Default `127.0.0.1`: only this machine reaches it. */
  readonly address?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Further host names and addresses under which it is reached, for its certificate. */
  readonly hosts?: readonly string[];
  /**
   * A folder for the keys (`pki/`) and two kubeconfigs of an administrator (`admin.kubeconfig` with a client certificate,
   * `token.kubeconfig` with a token), which only its owner may read. Keys that are there are used again. Without it nothing
   * is written.
   */
  readonly dir?: string;
  /** The CA of the nodes' serving certificates, in PEM. Without it they are not verified, as by the real server's defaults. */
  readonly nodeCa?: string;
  readonly limits?: Partial<HttpsLimits>;
  /** Ends the server as `close` does. */
  readonly signal?: AbortSignal;
}

/** A server that listens. `fetch` and `ask` reach it without the network. */
export interface StartedApiServer extends Omit<ApiServer, "close"> {
  /** `https://127.0.0.1:6443`. */
  readonly url: string;
  readonly address: string;
  readonly port: number;
  /** The CA of its certificate, in PEM: also in every namespace's ConfigMap `kube-root-ca.crt`. */
  readonly ca: string;
  /** The administrator's bearer token. Secret. */
  readonly adminToken: string;
  /** A kubeconfig for somebody new, with a client certificate. Secret. */
  kubeconfig(subject: Subject): Promise<string>;
  /** A kubeconfig with a bearer token. Secret. */
  tokenKubeconfig(name: string, token: string): string;
  /** With `dir`: where the administrator's kubeconfigs are. */
  readonly kubeconfigFiles: { readonly certificate: string; readonly token: string } | undefined;
  /** Watches end, requests under way may go on for a moment. Resolves when nothing is left. */
  close(): Promise<void>;
}

const loopback: readonly string[] = ["127.0.0.1", "::1"];

const everywhere: readonly string[] = ["0.0.0.0", "::"];

const ownNames: readonly string[] = [
  "localhost",
  ...loopback,
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

const administrator: Subject = { commonName: "admin", organizations: ["system:masters"] };

const contextName = "virtual-kubelet";

/** The part of the settings that belongs to this start, not to what is kept. */
const ownSettings = (keys: ServerKeys, host: string, port: number) => ({
  tokenKey: keys.tokenKey,
  caBundle: keys.authority.cert,
  address: { host, port },
});

const withAdmin = (tokens: ServerSettings["tokens"] | undefined, { adminToken }: ServerKeys) => ({
  ...tokens,
  [adminToken]: { name: "admin", groups: ["system:masters"] },
});

interface Begin {
  readonly state?: ServerState;
  readonly settings?: Partial<ServerSettings>;
}

const beginOf = (options: StartApiServerOptions, keys: ServerKeys, host: string, port: number): Begin => {
  const own = ownSettings(keys, host, port);
  const { state, settings } = options;
  if (state !== undefined) {
    return {
      state: {
        ...state,
        settings: { ...state.settings, ...own, tokens: withAdmin(state.settings.tokens, keys) },
      },
    };
  }
  const seed = randomBytes(16).toString("hex");
  return { settings: { seed, ...own, ...settings, tokens: withAdmin(settings?.tokens, keys) } };
};

const urlHost = (address: string): string => {
  const host = everywhere.includes(address) ? "127.0.0.1" : address;
  return host.includes(":") ? `[${host}]` : host;
};

const writeKubeconfigs = async (
  dir: string,
  of: (credentials: Credentials) => string,
  keys: ServerKeys,
): Promise<{ readonly certificate: string; readonly token: string }> => {
  const files = { certificate: join(dir, "admin.kubeconfig"), token: join(dir, "token.kubeconfig") };
  await writeSecret(files.certificate, of(await keys.authority.client(administrator)));
  await writeSecret(files.token, of({ token: keys.adminToken }));
  return files;
};

/** Whatever ends the server ends it once. */
const closerOf = (server: ApiServer, https: HttpsServer): () => Promise<void> => {
  let closing: Promise<void> | undefined;
  return () => {
    if (closing === undefined) {
      server.close();
      closing = https.close();
    }
    return closing;
  };
};

/**
 * Starts an in-memory Kubernetes API server with HTTPS on this machine, on Node and on Deno: with a certificate authority of its
 * own, client certificates and tokens as credentials, certificate requests that are signed once they are approved, and logs,
 * streams and proxies passed to the nodes. Nobody gets in without credentials; nothing listens beyond this machine unless
 * `address` says so. Rejects when it cannot listen.
 *
 * ```ts
 * import { startApiServer } from "virtual-kubelet/apiserver";
 *
 * const server = await startApiServer({ dir: "cluster" });
 * console.log(`export KUBECONFIG=${server.kubeconfigFiles?.certificate}`); // then: kubectl get nodes
 * await server.close();
 * ```
 */
export const startApiServer = async (options: StartApiServerOptions = {}): Promise<StartedApiServer> => {
  const { address = loopback[0] as string, port = 0, hosts = [], dir, nodeCa, signal } = options;
  signal?.throwIfAborted();
  if (dir !== undefined) await mkdir(dir, { recursive: true, mode: 0o700 });
  const keys = dir === undefined ? await makeKeys() : await keysIn(join(dir, "pki"));
  const { authority } = keys;
  const names = [...ownNames, ...[address, ...hosts].filter((host) => !everywhere.includes(host))];
  const [serving, client] = await Promise.all([
    authority.serving({ commonName: "kube-apiserver" }, [...new Set(names)]),
    authority.client({ commonName: "kube-apiserver-kubelet-client", organizations: ["system:masters"] }),
  ]);
  const dialOptions: DialOptions = { credentials: client, ...(nodeCa === undefined ? {} : { nodeCa }) };
  const dial = makeDial(dialOptions);
  const { limits, logger } = options;
  const https = await listenHttps({ address, port, serving, clientCa: authority.cert, limits, logger });
  const { server, running } = makeRunningServer({
    ...options,
    dial,
    authority,
    ...beginOf(options, keys, urlHost(address), https.port),
  });
  https.serve({ running, dial, dialOptions });
  const close = closerOf(server, https);
  const url = `https://${urlHost(address)}:${https.port}`;
  const kubeconfigOf = (name: string) => (credentials: Credentials): string =>
    kubeconfigText({ server: url, ca: authority.cert, name, credentials });
  signal?.addEventListener("abort", () => void close(), { once: true });
  try {
    const kubeconfigFiles = dir === undefined
      ? undefined
      : await writeKubeconfigs(dir, kubeconfigOf(contextName), keys);
    signal?.throwIfAborted();
    return {
      ...server,
      url,
      address: https.address,
      port: https.port,
      ca: authority.cert,
      adminToken: keys.adminToken,
      kubeconfigFiles,
      kubeconfig: async (subject) => kubeconfigOf(subject.commonName)(await authority.client(subject)),
      tokenKubeconfig: (name, token) => kubeconfigOf(name)({ token }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

export type { Millis } from "../../../core/time.ts";
export type { Clock, LogFields, Logger, LogLevel } from "../../ports.ts";
export type { ControlSettings } from "../controllers/settings.ts";
export type { Expiring } from "../expiring.ts";
export type { History } from "../history.ts";
export type { ApiObject, Json, JsonObject, Meta } from "../object.ts";
export type { Objects } from "../objects.ts";
export type { PlannedFault } from "../planned_fault.ts";
export type { Change, ProxyTarget } from "../response.ts";
export type { ServerSettings, ServerState, StaticUser } from "../state.ts";
export type { User } from "../user.ts";
export type { ApiServer, ApiServerOptions, Told } from "./api_server.ts";
export type { HttpsLimits } from "./https.ts";
export type { Dial, DialRequest, Fetch } from "./in_process.ts";
export type { Authority, KeyPair, Subject } from "./pki.ts";
