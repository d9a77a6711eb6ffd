// An agent that is killed and started again, and one that starts on a node with many pods.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Running, type runtimes, startAgent } from "./agents.ts";
import { type AuditLog, podWrites } from "./audit.ts";
import { type ChurnSettings, pause } from "./churn.ts";
import type { Client } from "./client.ts";
import { deleteCollection, observe, type Observer, registerNode } from "./observer.ts";
import { atMost, exactly, note, printRow, title } from "./report.ts";

type Commands = Awaited<ReturnType<typeof runtimes>>;
type Runtime = keyof Commands;

const boundMs = 120_000;

const indexes = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

const until = async (what: string, test: () => Promise<boolean>): Promise<void> => {
  const started = performance.now();
  while (!await test()) {
    if (performance.now() - started > boundMs) {
      throw new Error(`${what} did not come within ${boundMs / 1000} s`);
    }
    await pause(20);
  }
};

/** The times (Unix milliseconds) at which the API server has the node Ready, and its lease renewed, after `since`. */
interface Working {
  readonly ready: Promise<number>;
  readonly lease: Promise<number>;
}

const heartbeats = (client: Client, node: string, since: number): Working => {
  const ready = async (): Promise<number> => {
    await until(`${node} being Ready`, async () => {
      const { items } = await client.json("GET", `/api/v1/nodes?fieldSelector=metadata.name%3D${node}`);
      const conditions = items[0]?.status?.conditions ?? [];
      return conditions.some((one: any) => one.type === "Ready" && one.status === "True");
    });
    return Date.now();
  };
  const lease = async (): Promise<number> => {
    const path =
      `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases?fieldSelector=metadata.name%3D${node}`;
    await until(`a lease of ${node}`, async () => {
      const { items } = await client.json("GET", path);
      return Date.parse(items[0]?.spec?.renewTime ?? "") >= since;
    });
    return Date.now();
  };
  return { ready: ready(), lease: lease() };
};

interface Started {
  readonly running: Running;
  /** When the process was started, and when `startVirtualNode` was called in it: Unix milliseconds. */
  readonly at: number;
  readonly begun: number;
  readonly lease: number;
  readonly ready: number;
}

/** Starts an agent and waits until the API server knows of it. */
const start = async (client: Client, node: string, command: readonly string[]): Promise<Started> => {
  const died = Promise.withResolvers<never>();
  died.promise.catch(() => {});
  const at = Date.now();
  const running = startAgent(command, (why) => died.reject(new Error(why)));
  try {
    const work = async (): Promise<Started> => {
      const heard = heartbeats(client, node, at);
      const begun = Number((await running.said("begun")).split(" ")[1]);
      const [lease, ready] = await Promise.all([heard.lease, heard.ready]);
      return { running, at, begun, lease, ready };
    };
    return await Promise.race([work(), died.promise]);
  } catch (error) {
    await running.end("SIGKILL");
    throw error;
  }
};

interface Stage {
  readonly client: Client;
  readonly audit: AuditLog;
  readonly kubeconfig: string;
  readonly node: string;
  readonly observer: Observer;
  readonly file: string;
}

const onStage = async (
  { client, audit, kubeconfig }: ChurnSettings,
  node: string,
  work: (stage: Stage) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "vk-bench-"));
  const failed = Promise.withResolvers<never>();
  const observer = await observe(client, node, failed.reject);
  try {
    const stage = { client, audit, kubeconfig, node, observer, file: join(folder, "pods.json") };
    await Promise.race([work(stage), failed.promise]);
  } finally {
    observer.close();
    await deleteCollection(client, node, 0);
    await client.send("DELETE", `/api/v1/nodes/${node}`);
    await rm(folder, { recursive: true, force: true });
  }
};

/** Killed with `pods` running, and started again. */
const killed = (name: Runtime, pods: number, commands: Commands) => async (stage: Stage): Promise<void> => {
  const { client, audit, kubeconfig, node, observer, file } = stage;
  const command = commands[name]("agent.ts", kubeconfig, node, "ours", file);
  const first = await start(client, node, command);
  try {
    await observer.create(indexes(0, pods), 16, () => {});
    await observer.until("running", pods, boundMs);
    first.running.tell("save");
    await first.running.said("saved");
  } finally {
    await first.running.end("SIGKILL");
  }
  const mark = audit.mark();
  const second = await start(client, node, command);
  try {
    await observer.create([pods], 1, () => {});
    await observer.until("running", pods + 1, boundMs);
    const atWork = Date.now() - second.at;
    await second.running.said("ready");
    await pause(2_000);
    const written = podWrites(await audit.since(mark), `${node}-`).filter((one) =>
      one.name !== `${node}-${pods}`
    );
    note(
      `${name}: killed with ${pods} pods; after the new process began: startVirtualNode ${
        second.begun - second.at
      } ms, ` +
        `lease ${second.lease - second.at} ms, a new pod Running ${atWork} ms`,
    );
    printRow(
      atMost(
        `${name}, killed: from startVirtualNode to the lease`,
        (second.lease - second.begun) / 1000,
        0.5,
        " s",
      ),
    );
    const since = atWork - (second.begun - second.at);
    printRow(atMost(`${name}, killed: from startVirtualNode to a new pod Running`, since / 1000, 1, " s"));
    printRow(exactly(`${name}, killed: writes for unchanged pods`, String(written.length), "0"));
  } finally {
    await second.running.end("SIGKILL");
  }
};

/** Started on a node that many pods are bound to already. */
const crowded = (name: Runtime, held: number, commands: Commands) => async (stage: Stage): Promise<void> => {
  const { client, kubeconfig, node, observer } = stage;
  await registerNode(client, node);
  await observer.create(indexes(0, held), 16, () => {});
  const started = await start(client, node, commands[name]("agent.ts", kubeconfig, node));
  try {
    const known = (await started.running.said("ready")).split(" ")[1];
    const begun = started.begun - started.at;
    note(
      `${name}: ${held} pods bound; startVirtualNode ${begun} ms after the process began (unbuilt sources)`,
    );
    note(`${name}: all pods known ${known} ms after startVirtualNode`);
    const [ofProcess, ofNode] = [started.ready - started.at, started.ready - started.begun];
    printRow(atMost(`${name}, ${held} pods bound: process to Ready`, ofProcess / 1000, 0.5, " s"));
    printRow(atMost(`${name}, ${held} pods bound: startVirtualNode to Ready`, ofNode / 1000, 0.5, " s"));
  } finally {
    await started.running.end("SIGKILL");
  }
};

/** Runs and prints both. Rejects when an agent did not come to work. */
export const benchRestart = async (
  settings: ChurnSettings,
  commands: Commands,
  names: readonly Runtime[],
  held: number,
): Promise<void> => {
  title("killed and started again");
  for (const name of names) await onStage(settings, `killed-${name}`, killed(name, settings.pods, commands));
  title("started with many pods bound");
  for (const name of names) await onStage(settings, `crowded-${name}`, crowded(name, held, commands));
};
