import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { RequestOptions } from "node:https";
import { type ClientCertificate, type Connection, ConnectionError } from "./connection.ts";
import type { ChosenContext, KubeconfigExec } from "./kubeconfig_file.ts";
import { cachedToken } from "./token.ts";

type Env = { readonly name: string; readonly value: string };

/** What client-go tells a plugin in its environment, and KubeConfig leaves out; several plugins refuse to run without. */
const execInfo = (chosen: ChosenContext, exec: KubeconfigExec): Env => {
  const { cluster } = chosen;
  return {
    name: "KUBERNETES_EXEC_INFO",
    value: JSON.stringify({
      kind: "ExecCredential",
      apiVersion: exec.apiVersion,
      spec: {
        interactive: false,
        ...(exec.provideClusterInfo === true
          ? {
            cluster: {
              server: cluster.server,
              "certificate-authority-data": cluster["certificate-authority-data"],
              "tls-server-name": cluster["tls-server-name"],
              "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
            },
          }
          : {}),
      },
    }),
  };
};

/** A KubeConfig that knows this one user. The connection itself is made elsewhere. */
const kubeConfigOf = (chosen: ChosenContext): KubeConfig => {
  const { exec, ...user } = chosen.user;
  const plugin = exec === undefined || exec === null ? undefined : {
    ...exec,
    env: [...(exec.env ?? []), execInfo(chosen, exec)],
  };
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify({
    clusters: [{ name: "cluster", cluster: { server: "https://kubernetes.default" } }],
    users: [{ name: "user", user: { ...user, ...(plugin === undefined ? {} : { exec: plugin }) } }],
    contexts: [{ name: "context", context: { cluster: "cluster", user: "user" } }],
    "current-context": "context",
  }));
  return config;
};

interface Applied {
  readonly token: string | undefined;
  readonly certificate: ClientCertificate | undefined;
}

/** KubeConfig knows when its token ends, and does not tell: it is asked often, and answers from memory until then. */
const tokenAgeMs = 5_000;

const maxReason = 300;

/** Why no credentials came: never the output of a plugin, which may hold one. */
const reasonOf = (error: unknown): string =>
  error instanceof SyntaxError
    ? "its output is not an ExecCredential"
    : (error instanceof Error ? error.message : String(error)).trim().slice(0, maxReason) ||
      "it failed silently";

const apply = async (config: KubeConfig, what: string): Promise<Applied> => {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ConnectionError(`kubeconfig: ${what} gave no credentials: ${reasonOf(error)}`);
  }
  const header = (options.headers as Readonly<Record<string, string>> | undefined)?.Authorization;
  const { cert, key } = options;
  return {
    token: header?.startsWith("Bearer ") === true ? header.slice("Bearer ".length).trim() : undefined,
    certificate: cert === undefined || key === undefined
      ? undefined
      : { certificate: String(cert), key: String(key) },
  };
};

/**
 * Credentials by the `KubeConfig` class: exec plugins, OIDC and the other auth providers. One object is kept, so that
 * plugins run and tokens are refreshed only when what they gave has ended, or was refused.
 */
export const kubeConfigCredentials = async (chosen: ChosenContext): Promise<Partial<Connection>> => {
  const { exec } = chosen.user;
  const isExec = exec !== undefined && exec !== null;
  const what = isExec ? `the exec plugin ${exec.command}` : "the auth provider";
  let config = kubeConfigOf(chosen);
  const first = await apply(config, what);
  if (first.token === undefined && first.certificate === undefined) {
    throw new ConnectionError(
      isExec
        ? `kubeconfig: ${what} gave neither a token nor a certificate; run it by hand to see why`
        : "kubeconfig: the auth provider gave no token; its id-token may be missing or may have ended: log in again",
    );
  }
  let ready: Applied | undefined = first;
  const next = (): Promise<Applied> => {
    const applied = ready;
    ready = undefined;
    return applied === undefined ? apply(config, what) : Promise.resolve(applied);
  };
  const read = async (rejected?: string): Promise<{ readonly token: string | undefined }> => {
    const { token } = await next();
    if (!isExec || rejected === undefined || token !== rejected) return { token };
    // The plugin's answer is kept until it ends; one that was refused is asked for again.
    config = kubeConfigOf(chosen);
    return { token: (await apply(config, what)).token };
  };
  return {
    ...(first.token === undefined ? {} : { tokenSource: cachedToken({ read, maxAgeMs: tokenAgeMs }) }),
    ...(first.certificate === undefined
      ? {}
      : { clientCertificateSource: async () => (await next()).certificate }),
  };
};
