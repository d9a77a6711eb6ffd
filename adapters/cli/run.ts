import type { Pod } from "../../core/kubernetes/pod.ts";
import { describeNode } from "../../core/node/describe.ts";
import type { Millis } from "../../core/time.ts";
import { systemClock } from "../clock.ts";
import type { Connected, ConnectOptions } from "../kubernetes/connect.ts";
import { ConnectionError } from "../kubernetes/connection.ts";
import type { AnyBackend } from "../perform.ts";
import type { Logger, Telemetry } from "../ports.ts";
import { startVirtualNode, type VirtualNode } from "../virtual_node.ts";
import type { VirtualNodeOptions } from "../virtual_node_options.ts";
import { addressTowards } from "./address.ts";
import { clusterName } from "./cluster_name.ts";
import { extendWebSockets, serveKubeletApi } from "./kubelet_api.ts";
import { reachApi } from "./reach_api.ts";
import type { RunSettings } from "./settings.ts";
import { SettingsError } from "./settings_error.ts";

/** What a provider is made with. */
export interface ProviderContext<Extra = unknown> {
  /** The name of the node, as a node's and as the owner mark's. */
  readonly node: string;
  /** The name of the cluster, for the owner mark. */
  readonly cluster: string;
  /** The node's IP address. */
  readonly address: string;
  readonly settings: RunSettings & Extra;
  readonly logger: Logger;
  /** Aborts when the program ends. */
  readonly signal: AbortSignal;
}

/** Makes a back end. It may throw `SettingsError`: exit code 2; anything else: exit code 1. */
export type MakeProvider<Extra = unknown> = (
  context: ProviderContext<Extra>,
) => AnyBackend | Promise<AnyBackend>;

/** What {@link runNode} needs. */
export interface RunOptions<Extra> {
  readonly settings: RunSettings & Extra;
  readonly make: MakeProvider<Extra>;
  readonly connect: (options: ConnectOptions) => Promise<Connected>;
  readonly logger: Logger;
  readonly telemetry: Telemetry | undefined;
  /** Aborts when the node is to stop. */
  readonly signal: AbortSignal;
}

/** What is to be closed at the end, the last first. */
type Closers = (() => Promise<void> | void)[];

const open = async <Extra>({ settings, connect, telemetry }: RunOptions<Extra>): Promise<Connected> => {
  const { kubeconfig, context, inCluster } = settings;
  try {
    return await connect({ kubeconfig, context, telemetry, ...(inCluster ? { inCluster } : {}) });
  } catch (error) {
    if (error instanceof ConnectionError) throw new SettingsError(error.message, { cause: error });
    throw error;
  }
};

/** Rejects as soon as the signal aborts, for what does not take a signal. */
const abortable = <A>(work: Promise<A>, signal: AbortSignal): Promise<A> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
};

const nodeOptions = (
  settings: RunSettings,
  more: Pick<VirtualNodeOptions, "api" | "provider" | "cluster" | "logger" | "telemetry"> & {
    readonly address: string;
    readonly kubeletPort: number | undefined;
  },
): VirtualNodeOptions => {
  const { address, kubeletPort, ...rest } = more;
  const { node: name, provider, label, taint, capacity, os, arch, kubeletVersion, leaseDuration } = settings;
  const { statusPeriod, listPeriod, lean, normalEvents, webSockets } = settings;
  const declaredFeatures = kubeletPort !== undefined && webSockets ? [extendWebSockets] : [];
  const usual = describeNode({ name, provider }).capacity;
  return {
    ...rest,
    name,
    providerName: provider,
    node: {
      ...{ labels: label, taints: taint, os, arch, kubeletVersion, kubeletPort, declaredFeatures },
      capacity: { ...usual, ...capacity },
      addresses: [{ type: "InternalIP", address }],
    },
    listPeriodMs: listPeriod,
    podPolicy: { terminalStatus: !lean, normalEvents },
    nodePolicy: {
      leaseDurationSeconds: leaseDuration / 1000,
      leaseRenewMs: leaseDuration / 4,
      statusPeriodMs: statusPeriod,
      normalEvents,
    },
  };
};

/** The back end of the settings, open. */
const makeBackend = async <Extra>(
  { settings, make, logger, signal }: RunOptions<Extra>,
  place: { readonly cluster: string; readonly address: string; readonly life: AbortSignal },
  closers: Closers,
): Promise<AnyBackend> => {
  const { cluster, address, life } = place;
  const context = { node: settings.node, cluster, address, settings, logger, signal: life };
  const backend = await abortable(Promise.resolve(make(context)), signal);
  closers.push(async () => await backend.close?.());
  return backend;
};

/** Everything up to the running node. */
const start = async <Extra>(options: RunOptions<Extra>, closers: Closers): Promise<VirtualNode> => {
  const { settings, logger, telemetry, signal } = options;
  const connected = await abortable(open(options), signal);
  closers.push(connected.close);
  const { api, connection: { server, proxyUrl, ca } } = connected;
  await reachApi({ api, server, node: settings.node, clock: systemClock, logger, signal });
  const address = settings.address ?? await addressTowards(proxyUrl ?? server, signal, logger);
  const cluster = settings.cluster ?? clusterName(server, ca);
  const ending = new AbortController();
  const life = ending.signal;
  closers.push(() => ending.abort());
  const backend = await makeBackend(options, { cluster, address, life }, closers);
  const running: { node?: VirtualNode } = {};
  const pods = (): readonly Pod[] => running.node?.pods() ?? [];
  const kubelet = settings.kubelet
    ? await serveKubeletApi({
      settings,
      api,
      address,
      backend,
      signal,
      life,
      logger,
      telemetry,
      clusterCa: ca,
      pods,
    })
    : undefined;
  if (kubelet !== undefined) {
    closers.push(() => kubelet.close());
    logger.log("info", "the kubelet API listens", { address: kubelet.address, port: kubelet.port });
  }
  signal.throwIfAborted();
  const { node: name, provider } = settings;
  logger.log("info", `node ${name} joins the cluster`, { server, cluster, provider, address });
  const given = { api, provider: backend, cluster, logger, telemetry, address, kubeletPort: kubelet?.port };
  return running.node = startVirtualNode(nodeOptions(settings, given));
};

const closeMs: Millis = 6_000;

/** Closes all, whatever happens on the way; what takes too long is left. */
const closeAll = async (closers: Closers, logger: Logger): Promise<void> => {
  for (const close of closers.reverse()) {
    const late = Promise.withResolvers<void>();
    const cancel = systemClock.after(closeMs, () => late.reject(new Error(`not closed after ${closeMs} ms`)));
    await Promise.race([Promise.resolve().then(close), late.promise]).catch((error: unknown) =>
      logger.log("warn", "something could not be closed", { error })
    ).finally(cancel);
  }
};

/** Rejects when the node is not ready in time; 0 waits for ever. */
const deadline = (
  settings: RunSettings,
): { readonly passed: Promise<never>; readonly cancel: () => void } => {
  const { node, startupTimeout } = settings;
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  if (startupTimeout === 0) return { passed: promise, cancel: () => {} };
  const late = new Error(`node ${node} was not ready ${startupTimeout} ms after the start`);
  return { passed: promise, cancel: systemClock.after(startupTimeout, () => reject(late)) };
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });

/** Resolves when the node has stopped, after it was asked to. */
const keepRunning = async (
  node: VirtualNode,
  passed: Promise<never>,
  { settings, logger, signal }: Pick<RunOptions<unknown>, "settings" | "logger" | "signal">,
): Promise<void> => {
  await Promise.race([node.ready, node.done, passed, aborted(signal)]);
  if (!signal.aborted) logger.log("info", `node ${settings.node} is ready`);
  await Promise.race([node.done, passed, aborted(signal)]);
  const { drainOnStop, drainTimeout: timeoutMs } = settings;
  if (drainOnStop) logger.log("info", "the node's pods are being deleted", { timeoutMs });
  await node.stop(drainOnStop ? "drain" : "leave", { timeoutMs });
  await node.done;
  logger.log("info", `node ${settings.node} has stopped`);
};

/**
 * Runs a node from its settings until `signal` aborts; then it is stopped, and all is closed. Rejects when it cannot be
 * started or breaks down; with {@link SettingsError} when another setting would help.
 */
export const runNode = async <Extra>(options: RunOptions<Extra>): Promise<void> => {
  const { settings, logger, signal } = options;
  const closers: Closers = [];
  const { passed, cancel } = deadline(settings);
  const startup = new AbortController();
  const starting = start({ ...options, signal: AbortSignal.any([signal, startup.signal]) }, closers);
  try {
    const node = await Promise.race([starting, passed]).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (node === undefined) return;
    closers.push(() => node.stop());
    node.ready.then(cancel, () => {});
    await keepRunning(node, passed, options);
  } finally {
    cancel();
    startup.abort(new Error("not ready in time"));
    await starting.catch(() => {});
    await closeAll(closers, logger);
  }
};
