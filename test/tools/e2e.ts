import { K8s, kind } from "kubernetes-fluent-client";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { startApiServer } from "../../adapters/apiserver/server/start.ts";
import { type Agent, makeAgent } from "./agent.ts";
import { type Finished, mustRun, runCommand } from "./child.ts";
import { killPodProcesses, podProcesses } from "./pod_processes.ts";
import { until } from "./until.ts";
import { clusterSetting } from "./setting.ts";

const setting = (name: string): string => clusterSetting(name, "e2e");

/** Who the agent is for the API server: an administrator, or a node under NodeRestriction. */
export type Who = "admin" | "node";

/** Why agents cannot be given the identity of a node here, if so. */
export const noIdentity = (who: Who): string | undefined =>
  who === "admin" || process.env.VK_TEST_CONTROLPLANE_DIR !== undefined
    ? undefined
    : "VK_TEST_CONTROLPLANE and VK_TEST_CONTROLPLANE_DIR are not set: nothing to make a node's identity with";

/** Which API server: the runner's control plane, or ours in memory. */
export type Where = "real" | "memory";

export type Pod = InstanceType<typeof kind.Pod>;
export type Node = InstanceType<typeof kind.Node>;

/** A node of its own with its agent, and a namespace for its pods. */
export interface World {
  readonly who: Who;
  readonly node: string;
  readonly namespace: string;
  /** An administrator's. */
  readonly kubeconfig: string;
  /** For files of the test. */
  readonly dir: string;
  /** The agent's state directory. */
  readonly root: string;
  readonly agent: Agent;
  /** Since when it is there (`Date.now()`). */
  readonly since: number;
  /** In the namespace. Rejects unless its exit code is 0. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** The same, however it ends. */
  tryKubectl(...args: readonly string[]): Promise<Finished>;
  /** By `kubectl apply`. */
  apply(...objects: readonly object[]): Promise<void>;
  /** Those of the namespace, or those with a value of the label `app`. */
  pods(app?: string): Promise<readonly Pod[]>;
  /** `undefined` when there is none. */
  pod(name: string): Promise<Pod | undefined>;
  nodeObject(): Promise<Node | undefined>;
  /** Takes everything away, whatever state it is in. */
  close(): Promise<void>;
}

const orAbsent = async <A>(answer: Promise<A>): Promise<A | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  }
};

/** An API server, by the kubeconfigs of an administrator and of the agent. */
interface Server {
  readonly admin: string;
  readonly agent: string;
  close(): Promise<void>;
}

const realServer = async (who: Who, node: string): Promise<Server> => {
  const admin = setting("VK_TEST_KUBECONFIG");
  const folders = [setting("VK_TEST_CONTROLPLANE_DIR"), node];
  const agent = who === "admin"
    ? admin
    : (await mustRun(join(setting("VK_TEST_CONTROLPLANE"), "node-kubeconfig"), folders)).trim();
  return { admin, agent, close: () => Promise.resolve() };
};

const memoryServer = async (who: Who, node: string, dir: string): Promise<Server> => {
  const server = await startApiServer({ dir: join(dir, "server") });
  const admin = server.kubeconfigFiles?.certificate ?? "";
  const agent = who === "admin" ? admin : join(dir, "node.kubeconfig");
  const identity = { commonName: `system:node:${node}`, organizations: ["system:nodes"] };
  if (who === "node") writeFileSync(agent, await server.kubeconfig(identity), { mode: 0o600 });
  return { admin, agent, close: () => server.close() };
};

const kubectlMs = 120_000;

type Kubectl = Pick<World, "kubectl" | "tryKubectl" | "apply">;

const kubectlIn = (kubeconfig: string, namespace: string, dir: string): Kubectl => {
  const common = ["--kubeconfig", kubeconfig, "-n", namespace];
  const options = () => ({ signal: AbortSignal.timeout(kubectlMs) });
  const path = setting("VK_TEST_KUBECTL");
  const kubectl: World["kubectl"] = (...args) => mustRun(path, [...common, ...args], options());
  let files = 0;
  return {
    kubectl,
    tryKubectl: (...args) => runCommand(path, [...common, ...args], options()),
    apply: async (...items) => {
      const file = join(dir, `apply-${++files}.yaml`);
      writeFileSync(file, items.map((item) => JSON.stringify(item)).join("\n---\n"));
      await kubectl("apply", "-f", file);
    },
  };
};

type Reads = Pick<World, "pods" | "pod" | "nodeObject">;

/** By a client that is not ours. */
const readsOf = (namespace: string, node: string): Reads => ({
  pods: async (app) => {
    const { items } = await K8s(kind.Pod).InNamespace(namespace).Get();
    return app === undefined ? items : items.filter((pod) => pod.metadata?.labels?.app === app);
  },
  pod: (name) => orAbsent(K8s(kind.Pod).InNamespace(namespace).Get(name)),
  nodeObject: () => orAbsent(K8s(kind.Node).Get(node)),
});

const clean = async (world: Omit<World, "close">): Promise<void> => {
  const { agent, node, namespace, root } = world;
  await world.tryKubectl("delete", "deployments,statefulsets,jobs", "--all", "--wait=false");
  await world.tryKubectl("delete", "pods", "--all", "--force", "--grace-period=0", "--wait=false");
  if (agent.running) {
    await until("no process is left", () => podProcesses(root).length === 0, 20_000).catch(() => {});
  }
  await agent.kill();
  killPodProcesses(root);
  await world.tryKubectl("delete", "namespace", namespace, "--wait=false");
  await world.tryKubectl("delete", "node", node, "--wait=false");
};

/**
 * A namespace, and an agent that has not been started yet. `name` tells it from others in the cluster and may be part
 * of DNS names.
 */
export const openWorld = async (
  name: string,
  who: Who,
  options: {
    readonly provider?: "process" | "memory";
    readonly flags?: readonly string[];
    readonly where?: Where;
  } = {},
): Promise<World> => {
  const { where = "real" } = options;
  const node = `e2e-${name}-${who}${where === "real" ? "" : `-${where}`}-${process.pid}`;
  const dir = mkdtempSync(join(tmpdir(), `vk-${node}-`));
  const root = join(dir, "state");
  const server = await (where === "real" ? realServer(who, node) : memoryServer(who, node, dir));
  process.env.KUBECONFIG = server.admin; // where the client of `readsOf` looks
  const { provider = "process", flags = [] } = options;
  const agent = makeAgent({
    kubeconfig: server.agent,
    node,
    provider,
    root,
    log: join(dir, "agent.log"),
    flags,
  });
  const base: Omit<World, "close"> = {
    ...{ who, node, namespace: node, dir, root, agent, since: Date.now() },
    kubeconfig: server.admin,
    ...kubectlIn(server.admin, node, dir),
    ...readsOf(node, node),
  };
  await base.kubectl("create", "namespace", node);
  await until(
    "the namespace has its service account",
    () => orAbsent(K8s(kind.ServiceAccount).InNamespace(node).Get("default")),
  );
  const close = async (): Promise<void> => {
    await clean(base);
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { ...base, close };
};
