import { checkConnection, type Connection, ConnectionError } from "./connection.ts";
import { cachedToken } from "./token.ts";

/** Where a pod finds its service account. */
export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** How a pod looks at its own surroundings. */
export interface InClusterOptions {
  readonly readText: (path: string) => Promise<string>;
  readonly env: (name: string) => string | undefined;
  readonly folder?: string;
  /** Unix time. */
  readonly now?: () => number;
}

/** Whether this looks like a pod with access to its cluster. */
export const isInCluster = (env: (name: string) => string | undefined): boolean =>
  (env("KUBERNETES_SERVICE_HOST") ?? "") !== "" && (env("KUBERNETES_SERVICE_PORT") ?? "") !== "";

/**
 * The connection that every pod is given: the service's address from the environment; CA, namespace and token from the
 * service account's folder. The token's file is read again each minute and after a 401, since the token rotates.
 * Throws {@link ConnectionError} outside of a cluster.
 */
export const inClusterConnection = async (options: InClusterOptions): Promise<Connection> => {
  const { readText, env, folder = serviceAccountFolder, now } = options;
  const host = env("KUBERNETES_SERVICE_HOST");
  const port = env("KUBERNETES_SERVICE_PORT");
  if (!isInCluster(env) || host === undefined) {
    throw new ConnectionError(
      "not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; give a kubeconfig instead",
    );
  }
  const read = async (file: string): Promise<string> => {
    try {
      return (await readText(`${folder}/${file}`)).trim();
    } catch (error) {
      throw new ConnectionError(
        `in cluster: cannot read ${folder}/${file}; is automountServiceAccountToken switched off for this pod?`,
        { cause: error },
      );
    }
  };
  const ca = await read("ca.crt");
  // Some distributions leave it out; nothing depends on it.
  const namespace = await read("namespace").catch(() => "");
  await read("token");
  return checkConnection({
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    ca,
    ...(namespace === "" ? {} : { namespace }),
    tokenSource: cachedToken({ read: async () => ({ token: await read("token") }), ...(now ? { now } : {}) }),
  }, "in cluster");
};
