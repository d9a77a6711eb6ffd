import { join } from "node:path";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import type { Millis } from "../../core/time.ts";
import { kubeletAuth } from "../kubelet/auth.ts";
import { kubeletHandler } from "../kubelet/handler.ts";
import { type KubeletServer, kubeletStreams, serveKubelet } from "../kubelet/server.ts";
import { type AnyBackend, isRuntime } from "../perform.ts";
import type { ApiPort, Backend, ContainerRuntime, Logger } from "../ports.ts";
import { ProviderError } from "../provider_error.ts";
import { startVirtualNode, type VirtualNode } from "../virtual_node.ts";

/** What nodes are made of. */
export interface NodesOptions {
  readonly provider: "process" | "memory";
  readonly count: number;
  /** For the pods' folders. */
  readonly folder: string;
  readonly api: ApiPort;
  /** PEM: whose client certificates the nodes' own API accepts. */
  readonly clientCa: string;
  readonly logger: Logger;
}

/** The demo's nodes. */
export interface Nodes {
  /** Stops the nodes, then everything that runs on them: with `graceMs` to end by itself, or less when it is called again. */
  stop(graceMs: Millis): Promise<void>;
  /** Frees what is left after `stop`; the pods' records too, unless they are kept. */
  close(keep: boolean): Promise<void>;
}

const host = "127.0.0.1";
const boundMs = 15_000;

interface Running {
  readonly node: VirtualNode;
  readonly backend: AnyBackend;
}

const makeBackend = async (options: NodesOptions, name: string): Promise<AnyBackend> => {
  const { provider, folder, logger } = options;
  if (provider === "memory") {
    return (await import("../provider/memory/provider.ts")).memoryProvider();
  }
  const { processRuntime } = await import("../provider/process/runtime.ts");
  return processRuntime({ root: join(folder, "pods"), cluster: "demo", node: name, address: host, logger });
};

/** One kubelet API for all nodes: it finds out itself whose pod is asked for. */
const serve = (
  { api, clientCa, logger }: NodesOptions,
  nodes: readonly Running[],
): Promise<KubeletServer> => {
  const pods = () => nodes.flatMap(({ node }) => node.pods());
  const backendOf = (uid: string): AnyBackend | undefined =>
    nodes.find(({ node }) => node.pods().some(({ metadata }) => metadata.uid === uid))?.backend;
  const runningPods = async (): Promise<readonly ObservedPod[]> => {
    const signal = AbortSignal.timeout(boundMs);
    return (await Promise.all(nodes.map(({ backend }) => backend.list({ signal })))).flat();
  };
  /** What the pod's own back end offers. */
  const of = <K extends "logs" | "exec" | "attach" | "portForward">(
    pod: ObjectRef,
    what: K,
  ): NonNullable<Backend[K]> => {
    const backend = backendOf(pod.uid);
    const offered = backend?.[what];
    if (backend === undefined || offered === undefined) {
      throw new ProviderError("Unsupported", `no node of the demo has ${what} for pod ${pod.name}`);
    }
    return offered.bind(backend) as NonNullable<Backend[K]>;
  };
  const streams: Pick<Backend, "exec" | "attach" | "portForward"> = {
    exec: (pod, ...rest) => of(pod, "exec")(pod, ...rest),
    attach: (pod, ...rest) => of(pod, "attach")(pod, ...rest),
    portForward: (pod, ...rest) => of(pod, "portForward")(pod, ...rest),
  };
  return serveKubelet({
    streams: kubeletStreams({ nodeName: "demo", pods, logger, ...streams }),
    handler: kubeletHandler({
      ...streams,
      nodeName: "demo",
      pods,
      runningPods,
      logs: (pod, ...rest) => of(pod, "logs")(pod, ...rest),
      now: () => Date.now(),
      logger,
    }),
    authorize: kubeletAuth({
      mode: "certificate",
      api,
      nodeName: "demo",
      now: () => performance.now(),
      logger,
    }),
    nodeName: "demo",
    address: host,
    port: 0,
    certificate: "self-signed",
    clientCa,
    logger,
  });
};

const refOf = ({ namespace, name, uid }: ObservedPod): { namespace: string; name: string; uid: string } => ({
  ...{ namespace, name, uid },
});

/** Ends all containers of a back end whose containers outlive this process. */
const endContainers = async (runtime: ContainerRuntime, graceMs: Millis): Promise<void> => {
  const signal = AbortSignal.timeout(graceMs + boundMs);
  const pods = await runtime.list({ signal });
  await Promise.all(
    pods.flatMap((pod) =>
      pod.containers.map(({ name }) => runtime.stop(refOf(pod), name, { graceMs, signal }))
    ),
  );
};

const removePods = async (runtime: ContainerRuntime): Promise<void> => {
  const signal = AbortSignal.timeout(boundMs);
  for (const pod of await runtime.list({ signal })) await runtime.remove(refOf(pod), { signal });
};

/** Starts the nodes `virtual-1`, `virtual-2`, …; they become ready in their own time. */
export const startNodes = async (options: NodesOptions): Promise<Nodes> => {
  const { api, provider, count, logger } = options;
  const nodes: Running[] = [];
  const kubelet = await serve(options, nodes);
  for (let at = 1; at <= count; at++) {
    const name = `virtual-${at}`;
    const backend = await makeBackend(options, name);
    const node = startVirtualNode({
      ...{ name, api, provider: backend, providerName: provider, cluster: "demo", logger },
      // nothing keeps a newcomer's pods away
      node: { taints: [], kubeletPort: kubelet.port, addresses: [{ type: "InternalIP", address: host }] },
      podPolicy: { normalEvents: true },
    });
    nodes.push({ node, backend });
  }
  const runtimes = (): readonly ContainerRuntime[] =>
    nodes.flatMap(({ backend }) => isRuntime(backend) ? [backend] : []);
  return {
    stop: async (graceMs) => {
      await Promise.all(nodes.map(({ node }) => node.stop("leave")));
      await Promise.all(runtimes().map((runtime) => endContainers(runtime, graceMs)));
    },
    close: async (keep) => {
      if (!keep) await Promise.all(runtimes().map(removePods));
      await Promise.all(nodes.map(({ backend }) => backend.close?.()));
      await kubelet.close();
    },
  };
};
