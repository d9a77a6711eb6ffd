import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { mustRun } from "./child.ts";
import { root } from "./files.ts";

/** A running control plane: what the tests find in their environment, and how to end it. */
export interface Cluster {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The folder of the control plane's scripts: `CONTROLPLANE`, or the one beside the repository. */
const findScripts = (): string => {
  const folder = resolve(root, process.env.CONTROLPLANE ?? "../shared/controlplane");
  if (existsSync(join(folder, "up"))) return folder;
  throw new Error(
    `no control plane scripts in ${folder}: set CONTROLPLANE to the folder that holds \`up\`, \`down\` and \`kubectl\``,
  );
};

/**
 * Starts a control plane of its own in a new folder. Building it, on a machine's first run, takes about ten minutes.
 * The environment names its admin kubeconfig (`VK_TEST_KUBECONFIG`), kubectl (`VK_TEST_KUBECTL`), the folder of the
 * scripts (`VK_TEST_CONTROLPLANE`) and the folder of the instance (`VK_TEST_CONTROLPLANE_DIR`), in which the API server
 * writes `audit.log`, a line a request. `settings` is environment for its start.
 */
export const startCluster = async (
  signal: AbortSignal,
  settings: Readonly<Record<string, string>> = {},
): Promise<Cluster> => {
  const scripts = findScripts();
  const parent = await mkdtemp(join(tmpdir(), "vk-controlplane-"));
  const dir = join(parent, "instance");
  const stop = async (): Promise<void> => {
    if (existsSync(dir)) await mustRun(join(scripts, "down"), [dir, "--purge"]);
    await rm(parent, { recursive: true, force: true });
  };
  try {
    const said = await mustRun(join(scripts, "up"), [dir], {
      signal,
      env: {
        CONTROLPLANE_AUDIT: "1",
        // in MB: a log that is begun anew cannot be counted in (100 by default, some 20,000 pods)
        CONTROLPLANE_APISERVER_FLAGS: `--audit-log-maxsize=4096 ${
          process.env.CONTROLPLANE_APISERVER_FLAGS ?? ""
        }`,
        ...settings,
      },
    });
    const kubeconfig = said.trim().split("\n").at(-1) ?? "";
    const env = {
      VK_TEST_KUBECONFIG: kubeconfig,
      VK_TEST_KUBECTL: join(scripts, "kubectl"),
      VK_TEST_CONTROLPLANE: scripts,
      VK_TEST_CONTROLPLANE_DIR: dir,
    };
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Removes the nodes that a test file left: the scheduler would give the next one's pods to them. Says which. */
export const removeNodes = async (env: Readonly<Record<string, string>>): Promise<string | undefined> => {
  const { VK_TEST_KUBECTL = "", VK_TEST_KUBECONFIG = "" } = env;
  const kubectl = (...args: readonly string[]) =>
    mustRun(VK_TEST_KUBECTL, ["--kubeconfig", VK_TEST_KUBECONFIG, "--request-timeout=10s", ...args]);
  const nodes = (await kubectl("get", "nodes", "-o", "name")).split(/\s+/).filter((name) => name !== "");
  if (nodes.length === 0) return undefined;
  await kubectl("delete", ...nodes);
  return `it left nodes in the cluster: ${nodes.join(", ")}`;
};
