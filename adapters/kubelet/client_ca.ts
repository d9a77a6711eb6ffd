import { readFile } from "node:fs/promises";
import * as E from "fp-ts/lib/Either.js";
import { clientCaConfigMap, decodeClientCa } from "../../core/kubelet/client_ca.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import type { ApiPort, Logger } from "../ports.ts";

/** Where the client CA may come from, the first that there is. */
export interface ClientCaOptions {
  /** A PEM file, as the kubelet's `--client-ca-file`. When it is given nothing else is tried. */
  readonly file?: string;
  readonly api?: ApiPort;
  /** The cluster CA of the kubeconfig, in PEM: often, but not always, the CA of the clients too. */
  readonly clusterCa?: string;
  readonly signal: AbortSignal;
  readonly logger?: Logger;
}

/** The CA whose client certificates the kubelet API accepts, in PEM, and where it is from. */
export interface ClientCa {
  readonly pem: string;
  readonly source: string;
}

/** The certificates of a PEM text, one by one. */
export const certificatesOf = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];

const fromFile = async (file: string, signal: AbortSignal): Promise<ClientCa> => {
  const advice = "give a readable PEM file, or none to use the cluster's own client CA";
  const pem = await readFile(file, { encoding: "utf8", signal }).catch((error: unknown) => {
    throw new Error(`the client CA ${file} cannot be read: ${advice}`, { cause: error });
  });
  if (certificatesOf(pem).length === 0) {
    throw new Error(`the client CA ${file} holds no certificate: ${advice}`);
  }
  return { pem, source: file };
};

const fromConfigMap = async (api: ApiPort, signal: AbortSignal): Promise<E.Either<string, ClientCa>> => {
  const answer = await api.send(clientCaConfigMap, signal);
  if (E.isLeft(answer)) return E.left(answer.left.message);
  const { status, text, retryAfterMs } = answer.right;
  if (status !== 200) return E.left(faultOfStatus(status, parseStatus(text), retryAfterMs).message);
  const pem = decodeClientCa(text);
  if (E.isLeft(pem)) return pem;
  return E.right({ pem: pem.right, source: "ConfigMap kube-system/extension-apiserver-authentication" });
};

/**
 * Finds the CA that the API server's own client certificate is checked against: the file; else what the API server publishes
 * (it needs the Role extension-apiserver-authentication-reader; node identities may not read it); else the kubeconfig's cluster
 * CA. Says in the log which. `undefined`: none, so that only bearer tokens can authenticate, and `kubectl logs` cannot work.
 * Throws when the file is not usable.
 */
export const findClientCa = async (options: ClientCaOptions): Promise<ClientCa | undefined> => {
  const { file, api, clusterCa, signal, logger } = options;
  const found = (ca: ClientCa): ClientCa => {
    logger?.log("info", "client certificates of this CA are accepted by the kubelet API", {
      source: ca.source,
    });
    return ca;
  };
  if (file !== undefined) return found(await fromFile(file, signal));
  if (api !== undefined) {
    const published = await fromConfigMap(api, signal);
    if (E.isRight(published)) return found(published.right);
    logger?.log("debug", "the API server's client CA cannot be read", { error: published.left });
  }
  if (clusterCa !== undefined && certificatesOf(clusterCa).length > 0) {
    return found({ pem: clusterCa, source: "the kubeconfig's cluster CA" });
  }
  logger?.log(
    "warn",
    "no client CA: the API server cannot authenticate, so kubectl logs will fail; give a client CA file",
  );
  return undefined;
};
