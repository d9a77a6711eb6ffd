import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { kubeletAuth } from "../kubelet/auth.ts";
import { kubeletHandler } from "../kubelet/handler.ts";
import {
  findClientCa,
  type KubeletServer,
  kubeletStreams,
  serveKubelet,
  type ServingCertificate,
} from "../kubelet/server.ts";
import type { AnyBackend } from "../perform.ts";
import type { ApiPort, Logger, Telemetry } from "../ports.ts";
import { isOwnAddress } from "./address.ts";
import type { RunSettings } from "./settings.ts";
import { SettingsError } from "./settings_error.ts";

/** What the kubelet API of a node is made of. */
export interface KubeletApiOptions {
  readonly settings: RunSettings;
  readonly api: ApiPort;
  /** The cluster's CA, in PEM. */
  readonly clusterCa: string | undefined;
  readonly address: string;
  readonly backend: AnyBackend;
  readonly pods: () => readonly Pod[];
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** Aborts when the program ends. */
  readonly life: AbortSignal;
  readonly logger: Logger;
  readonly telemetry: Telemetry | undefined;
}

/**
 * What says to the API server (1.36 and later) that this node's streams speak WebSocket: remote commands of v5, and port-forwards in a
 * tunnel. It then passes WebSockets on as they are, without a way back.
 */
export const extendWebSockets = "ExtendWebSocketsToKubelet";

const readPem = async (flag: string, path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code = "unknown error" } = error as { readonly code?: string };
    throw new SettingsError(`${flag}: ${path} cannot be read (${code}); give a readable PEM file`, {
      cause: error,
    });
  }
};

const certificateOf = async (settings: RunSettings): Promise<ServingCertificate | "self-signed"> => {
  const { tlsCertFile, tlsPrivateKeyFile } = settings;
  if (tlsCertFile === undefined || tlsPrivateKeyFile === undefined) return "self-signed";
  return {
    cert: await readPem("--tls-cert-file", tlsCertFile),
    key: await readPem("--tls-private-key-file", tlsPrivateKeyFile),
  };
};

const clientCaOf = async (options: KubeletApiOptions): Promise<string | undefined> => {
  const { settings: { clientCaFile }, api, clusterCa, signal, logger } = options;
  try {
    return (await findClientCa({ file: clientCaFile, api, clusterCa, signal, logger }))?.pem;
  } catch (error) {
    if (clientCaFile === undefined || signal.aborted) throw error;
    throw new SettingsError(`--client-ca-file: ${(error as Error).message}`, { cause: error });
  }
};

const listenOn = (address: string): string =>
  isOwnAddress(address) ? address : isIPv6(address) ? "::" : "0.0.0.0";

/** Serves the kubelet API as the settings say. Throws {@link SettingsError} for files that cannot be used. */
export const serveKubeletApi = async (options: KubeletApiOptions): Promise<KubeletServer> => {
  const { settings, api, address, backend, pods, life, logger, telemetry } = options;
  const { node: nodeName, kubeletAuth: mode } = settings;
  const common = { api, nodeName, now: () => performance.now(), logger, telemetry };
  const streams = {
    exec: backend.exec?.bind(backend),
    attach: backend.attach?.bind(backend),
    portForward: backend.portForward?.bind(backend),
  };
  return await serveKubelet({
    streams: kubeletStreams({ nodeName, pods, logger, ...streams }),
    handler: kubeletHandler({
      ...streams,
      nodeName,
      pods,
      logs: backend.logs?.bind(backend),
      runningPods: () => backend.list({ signal: life }),
      now: () => Date.now(),
      logger,
      telemetry,
    }),
    authorize: kubeletAuth(
      mode === "always-allow" ? { ...common, mode: "alwaysAllow" } : { ...common, mode },
    ),
    nodeName,
    address: settings.listenAddress ?? listenOn(address),
    port: settings.port,
    certificate: await certificateOf(settings),
    hosts: [address],
    clientCa: await clientCaOf(options),
    logger,
  });
};
