import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { systemClock } from "../clock.ts";
import { kubeletAuth } from "../kubelet/auth.ts";
import { checkCertificate } from "../kubelet/certificate.ts";
import { followCertificate } from "../kubelet/certificate_files.ts";
import { kubeletHandler } from "../kubelet/handler.ts";
import {
  findClientCa,
  keepServingCertificate,
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

/** Reads the operator's files; `undefined`: none are given. Rejects with {@link SettingsError} when they cannot be served. */
const fileReader = (settings: RunSettings): (() => Promise<ServingCertificate>) | undefined => {
  const { tlsCertFile, tlsPrivateKeyFile } = settings;
  if (tlsCertFile === undefined || tlsPrivateKeyFile === undefined) return undefined;
  return async () => {
    const certificate = {
      cert: await readPem("--tls-cert-file", tlsCertFile),
      key: await readPem("--tls-private-key-file", tlsPrivateKeyFile),
    };
    try {
      checkCertificate(certificate);
    } catch (error) {
      const what = `--tls-cert-file and --tls-private-key-file: ${tlsCertFile} and ${tlsPrivateKeyFile}`;
      throw new SettingsError(
        `${what} are no certificate and its key in PEM (${
          (error as Error).message
        }); give a pair that belongs together`,
        { cause: error },
      );
    }
    return certificate;
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

/**
 * Serves the kubelet API as the settings say, and keeps its certificate good until `life` aborts: the operator's files as they change,
 * else the cluster's, where it gives one. Throws {@link SettingsError} for files that cannot be used. */
export const serveKubeletApi = async (options: KubeletApiOptions): Promise<KubeletServer> => {
  const { settings, api, address, backend, pods, life, logger, telemetry } = options;
  const { node: nodeName, kubeletAuth: mode } = settings;
  const common = { api, nodeName, now: () => performance.now(), logger, telemetry };
  const streams = {
    exec: backend.exec?.bind(backend),
    attach: backend.attach?.bind(backend),
    portForward: backend.portForward?.bind(backend),
  };
  const readFiles = fileReader(settings);
  const first = await readFiles?.();
  const server = await serveKubelet({
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
    certificate: first ?? "self-signed",
    hosts: [address],
    clientCa: await clientCaOf(options),
    logger,
  });
  const keep = { serve: server.setCertificate, clock: systemClock, signal: life, logger };
  if (readFiles !== undefined && first !== undefined) {
    void followCertificate({ ...keep, read: readFiles, first });
  } else void keepServingCertificate({ ...keep, api, nodeName, addresses: [address] });
  return server;
};
