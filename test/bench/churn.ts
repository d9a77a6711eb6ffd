// Pods created by some writers and bound to the node of one agent, until all run; then all are deleted.
import type { Agent, Running, Usage } from "./agents.ts";
import { startAgent } from "./agents.ts";
import { type AuditLog, countRequests, podWrites } from "./audit.ts";
import { userAgentOf } from "./child_protocol.ts";
import type { Client } from "./client.ts";
import { deleteCollection, observe, type Observer, registerNode } from "./observer.ts";

export interface ChurnSettings {
  readonly client: Client;
  readonly audit: AuditLog;
  readonly kubeconfig: string;
  readonly pods: number;
  readonly writers: number;
  /** How long the audit log is read while nothing happens; 0: not. */
  readonly restMs: number;
}

/** Times in milliseconds. */
export interface Churn {
  readonly label: string;
  readonly allRunning: number;
  /** From the sending of the creation to seeing it run. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly drain: number;
  readonly cpuUp: number;
  readonly cpuDown: number;
  readonly rssMiB: number;
  /** Writes to the API for each pod. */
  readonly writes: number;
  /** Requests about pods by which an agent that is known by its user agent read: by kind, after the first list and watch. */
  readonly reads: number;
  /** What was asked while nothing happened, without the node and its lease. */
  readonly atRest: readonly string[] | undefined;
}

const boundMs = 180_000;
const settleMs = 500;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

const latencies = ({ created, runningAt }: Observer): readonly number[] =>
  [...runningAt].map(([name, when]) => when - (created.get(name) ?? NaN)).sort((a, b) => a - b);

const nodeKinds: readonly string[] = ["patch leases", "patch nodes/status", "watch pods", "watch nodes"];

/** What the agent asked while it had nothing to do. A watch that is opened anew is part of resting. */
const rest = async (settings: ChurnSettings, node: string): Promise<readonly string[] | undefined> => {
  if (settings.restMs === 0) return undefined;
  const mark = settings.audit.mark();
  await pause(settings.restMs);
  const asked = (await settings.audit.since(mark)).filter(({ userAgent }) => userAgent === userAgentOf(node));
  return [...countRequests(asked)].filter(([kind]) => !nodeKinds.includes(kind)).map(([kind, count]) =>
    `${kind} x ${count}`
  );
};

const readsOf = async (audit: AuditLog, mark: number, node: string): Promise<number> =>
  (await audit.since(mark)).filter(({ userAgent, verb, resource }) =>
    userAgent === userAgentOf(node) && resource === "pods" && (verb === "get" || verb === "list")
  ).length;

interface Up {
  readonly allRunning: number;
  readonly before: Usage;
  readonly after: Usage;
}

const bringUp = async (
  { pods, writers }: ChurnSettings,
  agent: Agent,
  running: Running,
  observer: Observer,
): Promise<Up> => {
  const before = running.usage();
  const started = performance.now();
  const indexes = Array.from({ length: pods }, (_, index) => index);
  await Promise.all([
    observer.create(indexes, writers, (name, uid) => {
      if (agent.blind === true) running.tell(`${name} ${uid}`);
    }),
    observer.until("running", pods, boundMs),
  ]);
  const allRunning = performance.now() - started;
  await pause(settleMs);
  return { allRunning, before, after: running.usage() };
};

const bringDown = async (
  { client, pods }: ChurnSettings,
  node: string,
  agent: Agent,
  running: Running,
  observer: Observer,
): Promise<number> => {
  const started = performance.now();
  if (agent.blind === true) running.tell("drain");
  await Promise.all([deleteCollection(client, node, 1), observer.until("gone", pods, boundMs)]);
  return performance.now() - started;
};

let runs = 0;

/** Measures one agent on a fresh node. Rejects when it did not do its work. */
export const churn = async (settings: ChurnSettings, agent: Agent): Promise<Churn> => {
  const { client, audit, kubeconfig, pods } = settings;
  const node = `bench-${++runs}`;
  const died = Promise.withResolvers<never>();
  died.promise.catch(() => {});
  if (!agent.registers) await registerNode(client, node);
  const running = startAgent(
    agent.command(kubeconfig, node),
    (why) => died.reject(new Error(`${agent.label}: ${why}`)),
  );
  const observer = await observe(client, node, died.reject);
  const measure = async (): Promise<Churn> => {
    await (agent.speaks ? running.said("ready") : pause(5_000));
    const mark = audit.mark();
    const up = await bringUp(settings, agent, running, observer);
    const atRest = agent.speaks ? await rest(settings, node) : undefined;
    const before = running.usage();
    const drain = await bringDown(settings, node, agent, running, observer);
    await pause(settleMs);
    const after = running.usage();
    const sorted = latencies(observer);
    return {
      label: agent.label,
      allRunning: up.allRunning,
      p50: at(sorted, 0.5),
      p99: at(sorted, 0.99),
      max: at(sorted, 1),
      drain,
      cpuUp: (up.after.cpuMs - up.before.cpuMs) / pods,
      cpuDown: (after.cpuMs - before.cpuMs) / pods,
      rssMiB: up.after.rssMiB,
      writes: podWrites(await audit.since(mark), `${node}-`).length / pods,
      reads: await readsOf(audit, mark, node),
      atRest,
    };
  };
  try {
    return await Promise.race([measure(), died.promise]);
  } finally {
    observer.close();
    await running.end("gracefully");
    await client.send("DELETE", `/api/v1/nodes/${node}`);
  }
};
