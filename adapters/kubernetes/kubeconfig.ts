import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { checkConnection, type ClientCertificate, type Connection, ConnectionError } from "./connection.ts";
import {
  chooseContext,
  type ChosenContext,
  type KubeconfigUser,
  mergeKubeconfigs,
} from "./kubeconfig_file.ts";
import { cachedToken } from "./token.ts";

/** Which kubeconfig, and which of its contexts. */
export interface KubeconfigOptions {
  /** The file; by default those of `KUBECONFIG`, else `~/.kube/config`. */
  readonly path?: string;
  /** By default the current context. */
  readonly context?: string;
}

/** The kubeconfig files that count: the one given, those of `KUBECONFIG`, or `~/.kube/config`. */
export const kubeconfigFiles = (path?: string): readonly string[] => {
  if (path !== undefined) return [path];
  const files = (env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  return files.length > 0 ? files : [join(homedir(), ".kube", "config")];
};

const codeOf = (error: unknown): string =>
  String((error as { code?: unknown } | null)?.code ?? "unknown error");

const readFiles = async (
  files: readonly string[],
): Promise<readonly { readonly file: string; readonly text: string }[]> => {
  const texts: { readonly file: string; readonly text: string }[] = [];
  for (const file of files) {
    try {
      texts.push({ file, text: await readFile(file, "utf8") });
    } catch (error) {
      // Of several files in KUBECONFIG some may be missing, as with kubectl.
      if (codeOf(error) !== "ENOENT") {
        throw new ConnectionError(`kubeconfig ${file}: it cannot be read (${codeOf(error)})`, {
          cause: error,
        });
      }
    }
  }
  if (texts.length > 0) return texts;
  throw new ConnectionError(`kubeconfig ${files.join(", ")}: not found; give another file or set KUBECONFIG`);
};

const decode64 = (data: string): string => Buffer.from(data, "base64").toString("utf8");

const readPem = async (path: string, what: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new ConnectionError(`kubeconfig: the ${what} ${path} cannot be read (${codeOf(error)})`, {
      cause: error,
    });
  }
};

const headersOf = (user: KubeconfigUser): Readonly<Record<string, string>> => {
  const groups = user["as-groups"] ?? [];
  if (groups.length > 1) {
    throw new ConnectionError(
      "kubeconfig: as-groups with more than one group is not supported; use another user",
    );
  }
  return {
    ...(user.as === undefined ? {} : { "impersonate-user": user.as }),
    ...(user["as-uid"] === undefined ? {} : { "impersonate-uid": user["as-uid"] }),
    ...(groups[0] === undefined ? {} : { "impersonate-group": groups[0] }),
    ...(user.username === undefined || user.username === "" ? {} : {
      authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`,
    }),
  };
};

/** Of a field with its `-data` twin, the data counts (client-go does the same). */
const certificateOf = async (user: KubeconfigUser): Promise<Partial<Connection>> => {
  const certificateFile = user["client-certificate"] ?? "";
  const keyFile = user["client-key"] ?? "";
  const certificateData = user["client-certificate-data"] ?? "";
  const keyData = user["client-key-data"] ?? "";
  const certificate = (): Promise<string> | string =>
    certificateData !== "" ? decode64(certificateData) : readPem(certificateFile, "client certificate");
  const key = (): Promise<string> | string =>
    keyData !== "" ? decode64(keyData) : readPem(keyFile, "client key");
  const has = { certificate: certificateData + certificateFile !== "", key: keyData + keyFile !== "" };
  if (!has.certificate && !has.key) return {};
  if (!has.certificate || !has.key) {
    throw new ConnectionError(
      `kubeconfig: the user has a client ${has.key ? "key but no certificate" : "certificate but no key"}`,
    );
  }
  if (certificateData !== "" && keyData !== "") {
    return { clientCertificate: decode64(certificateData), clientKey: decode64(keyData) };
  }
  const read = async (): Promise<ClientCertificate> => ({
    certificate: await certificate(),
    key: await key(),
  });
  await read();
  return { clientCertificateSource: read };
};

const credentialsOf = async (chosen: ChosenContext): Promise<Partial<Connection>> => {
  const { user } = chosen;
  if (user.exec || user["auth-provider"]) {
    // Only then: it takes 0.4 s and 80 MB to load.
    const { kubeConfigCredentials } = await import("./kubeconfig_auth.ts");
    return { ...await certificateOf(user), ...await kubeConfigCredentials(chosen) };
  }
  const tokenFile = user.tokenFile ?? "";
  const readToken = async (): Promise<{ token: string }> => ({
    token: (await readPem(tokenFile, "token file")).trim(),
  });
  // A file counts before a token beside it, since it may have been renewed (client-go).
  if (tokenFile !== "") await readToken();
  const { token } = user;
  return {
    ...await certificateOf(user),
    ...(tokenFile !== ""
      ? { tokenSource: cachedToken({ read: readToken }) }
      : token !== undefined && token !== ""
      ? { tokenSource: () => Promise.resolve(token) }
      : {}),
  };
};

/**
 * The connection that a kubeconfig describes, with every way to authenticate that the `KubeConfig` class of
 * kubernetes-fluent-client's client knows: certificates, tokens, token files, exec plugins, OIDC.
 * Throws {@link ConnectionError}: file, context, cluster or user not found, plugin failed.
 */
export const kubeconfigConnection = async (options: KubeconfigOptions = {}): Promise<Connection> => {
  const config = mergeKubeconfigs(await readFiles(kubeconfigFiles(options.path)));
  const chosen = chooseContext(config, options.context);
  const { cluster, namespace } = chosen;
  const caData = cluster["certificate-authority-data"] ?? "";
  const caFile = cluster["certificate-authority"] ?? "";
  const ca = caData !== ""
    ? decode64(caData)
    : caFile !== ""
    ? await readPem(caFile, "certificate authority")
    : undefined;
  const serverName = cluster["tls-server-name"] ?? "";
  const proxyUrl = cluster["proxy-url"] ?? "";
  const headers = headersOf(chosen.user);
  return checkConnection({
    server: cluster.server,
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === "" ? {} : { serverName }),
    ...(proxyUrl === "" ? {} : { proxyUrl }),
    ...(cluster["insecure-skip-tls-verify"] === true ? { insecureSkipTlsVerify: true } : {}),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...await credentialsOf(chosen),
  }, `kubeconfig ${config.files.join(", ")}`);
};
