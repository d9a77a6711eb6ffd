// Speed against a real control plane, which is started and stopped: ours, the raw loop and the floor in one run.
//   deno task bench [--pods N] [--writers N] [--held N] [--only churn|restart|core|memory|apiserver]… [--runtime node|deno]…
//       [--agent floor|ours|raw|fetch|lean]… [--rounds N]
// `VK_TEST_KUBECONFIG` and `VK_TEST_CONTROLPLANE_DIR` name a control plane that runs already (audit on, no limits).
// `VK_BENCH_PEERS` names other agents (a line each, `LABEL=COMMAND` with `{kubeconfig}` and `{node}`), `VK_BENCH_NODE` the
// Node to use. Prints what was measured, what is to be held, and `ok` or `MISSED`; ends with 1 only when it could not
// measure. Absolute numbers move with the machine and its load: ratios within one run are what counts, best of several
// rounds (`--rounds`: the agents by turns, medians compared).
import { join } from "node:path";
import { loadavg } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Cluster, startCluster } from "../tools/cluster.ts";
import { peers, runtimes } from "./agents.ts";
import { auditLog } from "./audit.ts";
import { benchApiServer, benchApiServerMemory } from "./bench_apiserver.ts";
import { benchChurn, type Kind, kinds } from "./bench_churn.ts";
import { benchCore, benchMemory } from "./bench_core.ts";
import { benchRestart } from "./bench_restart.ts";
import { openClient } from "./client.ts";
import { note, title } from "./report.ts";

const parts = ["churn", "restart", "core", "memory", "apiserver"] as const;
type Part = typeof parts[number];

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    pods: { type: "string", default: "1000" },
    writers: { type: "string", default: "16" },
    held: { type: "string", default: "5000" },
    only: { type: "string", multiple: true, default: [...parts] },
    agent: { type: "string", multiple: true, default: [...kinds] },
    runtime: { type: "string", multiple: true, default: ["node", "deno"] },
    rest: { type: "string", default: "10" },
    rounds: { type: "string", default: "1" },
  },
});

const number = (name: "pods" | "writers" | "held" | "rest" | "rounds"): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name} wants a whole number, not ${values[name]}`);
};

const wants = (part: Part): boolean => values.only.includes(part);

const load = (): string => loadavg().map((each) => each.toFixed(1)).join(" ");

/** One that runs already, as the tests are told of it. */
const givenCluster = (): Cluster | undefined => {
  const { VK_TEST_KUBECONFIG, VK_TEST_CONTROLPLANE_DIR } = process.env;
  if (VK_TEST_KUBECONFIG === undefined || VK_TEST_CONTROLPLANE_DIR === undefined) return undefined;
  return { env: { VK_TEST_KUBECONFIG, VK_TEST_CONTROLPLANE_DIR }, stop: () => Promise.resolve() };
};

const commands = await runtimes();
const names = (["node", "deno"] as const).filter((name) => values.runtime.includes(name));

const agents: readonly Kind[] = kinds.filter((kind) => values.agent.includes(kind));

const onCluster = async (cluster: Cluster): Promise<void> => {
  const kubeconfig = cluster.env.VK_TEST_KUBECONFIG ?? "";
  const audit = auditLog(join(cluster.env.VK_TEST_CONTROLPLANE_DIR ?? "", "audit.log"));
  const client = await openClient(kubeconfig, "vk-bench-observer");
  const pods = number("pods");
  const settings = {
    client,
    audit,
    kubeconfig,
    pods,
    writers: number("writers"),
    restMs: number("rest") * 1000,
  };
  try {
    const dir = cluster.env.VK_TEST_CONTROLPLANE_DIR ?? "";
    if (wants("apiserver")) {
      await benchApiServer({ kubeconfig, dir }, commands, names, { pods, writers: number("writers") });
    }
    if (wants("churn")) await benchChurn(settings, commands, names, agents, peers(), number("rounds"));
    if (wants("restart")) await benchRestart(settings, commands, names, number("held"));
  } finally {
    await client.close();
  }
};

const main = async (): Promise<void> => {
  title(`load of the machine before: ${load()}`);
  if (wants("core")) await benchCore(commands, names);
  if (wants("memory")) await benchMemory(commands, names, number("held"));
  if (wants("apiserver")) await benchApiServerMemory(commands, names);
  if (wants("churn") || wants("restart") || wants("apiserver")) {
    const interrupt = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupt.abort());
    const cluster = givenCluster() ?? await startCluster(interrupt.signal, { CONTROLPLANE_UNLIMITED: "1" });
    const interrupted = new Promise<never>((_, reject) =>
      interrupt.signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true })
    );
    try {
      await Promise.race([onCluster(cluster), interrupted]);
    } finally {
      await cluster.stop();
    }
  }
  title(`load of the machine after: ${load()}`);
};

try {
  await main();
  process.exit(0);
} catch (error) {
  note(`could not measure: ${error instanceof Error ? error.stack ?? error.message : error}`);
  process.exit(1);
}
