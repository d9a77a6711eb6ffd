import { readFile } from "node:fs/promises";
import { env } from "node:process";
import type { Millis } from "../../core/time.ts";
import type { ApiPort, Telemetry } from "../ports.ts";
import {
  type Connection,
  ConnectionError,
  type ExplicitConnection,
  explicitConnection,
} from "./connection.ts";
import { inClusterConnection, isInCluster } from "./in_cluster.ts";
import { kubeconfigConnection } from "./kubeconfig.ts";
import { fetchApi } from "./fetch_api.ts";
import { kyApi } from "./ky.ts";
import { type OpenTransport, type Transport, transportOf } from "./transport.ts";

/**
 * Which cluster. The first that is given counts: `server`, `inCluster`, `kubeconfig` or `context`. With none of them:
 * the files of `KUBECONFIG`, then the cluster that this pod runs in, then `~/.kube/config`.
 */
export interface ConnectOptions extends Partial<ExplicitConnection> {
  /** What sends requests: ky by default. `fetch` alone does the same for about a quarter less CPU a request. */
  readonly client?: "ky" | "fetch";
  readonly inCluster?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly userAgent?: string;
  readonly requestTimeoutMs?: Millis;
  readonly listTimeoutMs?: Millis;
  readonly telemetry?: Telemetry;
}

/** An open way to an API server. `close` ends its connections. */
export interface Connected {
  readonly api: ApiPort;
  readonly connection: Connection;
  readonly close: () => Promise<void>;
}

const environment = (name: string): string | undefined => env[name];

/** The connection that the options, or else the surroundings, describe. Throws {@link ConnectionError}. */
export const loadConnection = async (options: ConnectOptions = {}): Promise<Connection> => {
  const { server, inCluster, kubeconfig, context } = options;
  if (server !== undefined) {
    const { ca, clientCertificate, clientKey, serverName, insecureSkipTlsVerify, proxyUrl } = options;
    const { namespace, token, tokenSource, headers } = options;
    return explicitConnection({
      ...{ server, ca, clientCertificate, clientKey, serverName, insecureSkipTlsVerify, proxyUrl },
      ...{ namespace, token, tokenSource, headers },
    });
  }
  const readText = (path: string): Promise<string> => readFile(path, "utf8");
  if (inCluster === true) return await inClusterConnection({ readText, env: environment });
  const asked = kubeconfig !== undefined || context !== undefined || (env.KUBECONFIG ?? "") !== "";
  if (!asked && isInCluster(environment)) return await inClusterConnection({ readText, env: environment });
  return await kubeconfigConnection({
    ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
};

/** Connects with the transport of a runtime. Nothing is sent yet. */
export const connectWith = async (open: OpenTransport, options: ConnectOptions = {}): Promise<Connected> => {
  const connection = await loadConnection(options);
  let transport: Transport;
  try {
    transport = await transportOf(connection, open);
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionError(`${connection.server}: the certificates cannot be used: ${reason}`, {
      cause: error,
    });
  }
  const { server, tokenSource, headers } = connection;
  const { userAgent, requestTimeoutMs, listTimeoutMs, telemetry } = options;
  const api = (options.client === "fetch" ? fetchApi : kyApi)({
    ...{ server, tokenSource, headers, userAgent, requestTimeoutMs, listTimeoutMs, telemetry },
    fetch: transport.fetch,
  });
  return { api, connection, close: transport.close };
};
