import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "../../adapters/apiserver/server/start.ts";
import { type Agent, makeAgent } from "./agent.ts";
import { type Finished, runCommand } from "./child.ts";
import { killPodProcesses } from "./pod_processes.ts";
import { clusterSetting } from "./setting.ts";

/** An API server with a node, driven by kubectl. */
export interface Site {
  readonly name: "real" | "ours";
  readonly kubeconfig: string;
  readonly node: string;
  readonly agent: Agent;
  /** In the suite's namespace, with the bound of one command; `env` is added to the environment. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<Finished>;
  close(): Promise<void>;
}

export interface KubectlOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it before its bound. */
  readonly signal?: AbortSignal;
  readonly onStdout?: (stdout: string) => void;
}

const boundMs = 120_000;

const siteOf = (
  name: Site["name"],
  kubeconfig: string,
  settings: { readonly node: string; readonly namespace: string; readonly dir: string },
  end: () => Promise<void>,
): Site => {
  const { node, namespace, dir } = settings;
  const root = join(dir, `${name}-state`);
  const agent = makeAgent({ kubeconfig, node, provider: "process", root, log: join(dir, `${name}.log`) });
  const kubectl: Site["kubectl"] = (args, { env, signal, onStdout } = {}) => {
    const bound = AbortSignal.timeout(boundMs);
    return runCommand(clusterSetting("VK_TEST_KUBECTL", "cluster/kubectl"), [
      ...["--kubeconfig", kubeconfig, "-n", namespace, ...args],
    ], {
      env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: "true", ...env },
      signal: signal === undefined ? bound : AbortSignal.any([bound, signal]),
      ...(onStdout === undefined ? {} : { onStdout }),
    });
  };
  return {
    name,
    kubeconfig,
    node,
    agent,
    kubectl,
    close: async () => {
      await kubectl(["delete", "namespace", namespace, "--wait=false"]);
      // only then: a running agent registers its node again
      await agent.kill();
      killPodProcesses(root);
      await kubectl(["delete", "node", node, "--wait=false"]);
      await end();
    },
  };
};

/** The real API server of the runner's control plane, and ours: each with a node of its own that runs processes. */
export const openSites = async (node: string, namespace: string): Promise<{
  readonly real: Site;
  readonly ours: Site;
  readonly dir: string;
  close(): Promise<void>;
}> => {
  const dir = mkdtempSync(join(tmpdir(), "vk-kubectl-"));
  const settings = { node, namespace, dir };
  const server = await startApiServer({ dir: join(dir, "server") });
  const real = siteOf(
    "real",
    clusterSetting("VK_TEST_KUBECONFIG", "cluster/kubectl"),
    settings,
    () => Promise.resolve(),
  );
  const ours = siteOf("ours", server.kubeconfigFiles?.certificate ?? "", settings, server.close);
  return {
    real,
    ours,
    dir,
    close: async () => {
      await Promise.all([real.close(), ours.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
