// Our API server beside the real one: the same requests by the same client, each server in processes of its own.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../tools/child.ts";
import { type Running, type runtimes, startAgent, usageOf } from "./agents.ts";
import { finalDelete, podBody, podsPath, runningStatus, statusPath, strategicMerge } from "./bodies.ts";
import { type Client, openClient } from "./client.ts";
import { atLeast, atMost, printRow, table, title } from "./report.ts";

type Commands = Awaited<ReturnType<typeof runtimes>>;
type Runtime = keyof Commands;

/** An API server to be asked, and what its processes have used. */
interface Server {
  readonly label: string;
  readonly kubeconfig: string;
  cpuMs(): number;
  close(): Promise<void>;
}

/** The API server with its etcd: without it, it could not answer. */
const realServer = (kubeconfig: string, dir: string): Server => {
  const pids = ["kube-apiserver", "etcd"].map((name) =>
    Number(readFileSync(join(dir, `${name}.pid`), "utf8"))
  );
  return {
    label: "real",
    kubeconfig,
    cpuMs: () => pids.reduce((sum, pid) => sum + usageOf(pid).cpuMs, 0),
    close: () => Promise.resolve(),
  };
};

const ourServer = async (commands: Commands, name: Runtime): Promise<Server> => {
  const dir = mkdtempSync(join(tmpdir(), "vk-bench-"));
  const child: Running = startAgent(commands[name]("api_server.ts", dir, "_"), (why) => {
    throw new Error(why);
  });
  const [, kubeconfig = ""] = (await child.said("ready")).split(" ");
  return {
    label: `ours, ${name}`,
    kubeconfig,
    cpuMs: () => child.usage().cpuMs,
    close: async () => {
      await child.end("gracefully");
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

interface Measured {
  readonly perSecond: number;
  readonly cpuMs: number;
}

/** All of `count` requests, `writers` at a time. */
const measure = async (
  server: Server,
  count: number,
  writers: number,
  send: (index: number) => Promise<number>,
): Promise<Measured> => {
  let next = 0;
  const cpu = server.cpuMs(), start = performance.now();
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const status = await send(index);
      if (status > 299) throw new Error(`${server.label}: HTTP ${status} at request ${index}`);
    }
  };
  await Promise.all(Array.from({ length: writers }, worker));
  return {
    perSecond: count * 1000 / (performance.now() - start),
    cpuMs: (server.cpuMs() - cpu) / count,
  };
};

const node = "bench-apiserver";
const nodesPath = "/api/v1/nodes";
const podPath = (index: number): string => `${podsPath}/${node}-${index}`;

type Step = readonly [
  what: string,
  count: (pods: number) => number,
  send: (client: Client, index: number, uids: readonly string[]) => Promise<number>,
];

const steps: readonly Step[] = [
  ["get a pod", (pods) => pods, (client, index) => client.send("GET", podPath(index))],
  [
    "patch its status",
    (pods) => pods,
    (client, index, uids) =>
      client.send(
        "PATCH",
        statusPath(`${node}-${index}`),
        runningStatus(uids[index] ?? ""),
        strategicMerge,
      ),
  ],
  [
    "list 500 of them",
    (pods) => Math.ceil(pods / 20),
    (client) => client.send("GET", `${podsPath}?limit=500`),
  ],
  [
    "delete a pod",
    (pods) => pods,
    (client, index, uids) => client.send("DELETE", podPath(index), finalDelete(uids[index] ?? "")),
  ],
];

const run = async (
  server: Server,
  pods: number,
  writers: number,
): Promise<ReadonlyMap<string, Measured>> => {
  const client = await openClient(server.kubeconfig, "vk-bench-apiserver");
  const results = new Map<string, Measured>();
  const uids: string[] = [];
  try {
    // what is bound to a node that is not there is collected as garbage, which on a slow machine comes into the middle
    await client.json("POST", nodesPath, { apiVersion: "v1", kind: "Node", metadata: { name: node } });
    const create = async (index: number): Promise<number> => {
      const { metadata } = await client.json("POST", podsPath, podBody(node, index));
      uids[index] = metadata.uid;
      return 201;
    };
    results.set("create a pod", await measure(server, pods, writers, create));
    for (const [what, count, send] of steps) {
      results.set(
        what,
        await measure(server, count(pods), writers, (index) => send(client, index, uids)),
      );
    }
    return results;
  } finally {
    await client.send("DELETE", `${nodesPath}/${node}`);
    await client.close();
  }
};

const cells = (what: string, all: readonly Measured[]): readonly string[] => [
  what,
  ...all.flatMap(({ perSecond, cpuMs }) => [`${perSecond.toFixed(0)}/s`, `${cpuMs.toFixed(2)} ms`]),
];

/** Prints requests a second and processor time a request of the real server and of ours, and their ratios. */
export const benchApiServer = async (
  real: { readonly kubeconfig: string; readonly dir: string },
  commands: Commands,
  names: readonly Runtime[],
  settings: { readonly pods: number; readonly writers: number },
): Promise<void> => {
  const { pods, writers } = settings;
  title(`the API server itself: ${pods} pods, ${writers} requests at a time`);
  const results: (readonly [string, ReadonlyMap<string, Measured>])[] = [];
  for (const name of ["real", ...names] as const) {
    const server = name === "real" ? realServer(real.kubeconfig, real.dir) : await ourServer(commands, name);
    try {
      results.push([server.label, await run(server, pods, writers)]);
    } finally {
      await server.close();
    }
  }
  const [first] = results;
  const whats = [...first?.[1].keys() ?? []];
  const of = (what: string): readonly Measured[] =>
    results.map(([, measured]) => measured.get(what) ?? { perSecond: NaN, cpuMs: NaN });
  table([
    ["request", ...results.flatMap(([label]) => [label, "CPU"])],
    ...whats.map((what) => cells(what, of(what))),
  ]);
  for (const [label, measured] of results.slice(1)) {
    for (const what of whats) {
      const [theirs, ours] = [first?.[1].get(what), measured.get(what)];
      if (theirs === undefined || ours === undefined) continue;
      printRow(
        atLeast(`${label}: ${what}, requests/s / the real one's`, ours.perSecond / theirs.perSecond, 1, " x"),
      );
      printRow(atMost(`${label}: ${what}, CPU / the real one's`, ours.cpuMs / theirs.cpuMs, 1, " x"));
    }
  }
};

/** Prints what a pod weighs in our server, and how long a list of all of them takes. */
export const benchApiServerMemory = async (
  commands: Commands,
  names: readonly Runtime[],
): Promise<void> => {
  title("memory of our API server for each further pod, from 1000 to 10000, and a list of all");
  for (const name of names) {
    const [command = "", ...args] = commands[name]("api_server_memory.ts", "1000", "10000");
    const at = args.findIndex((arg) => arg.endsWith("api_server_memory.ts"));
    const flag = name === "node" ? "--expose-gc" : "--v8-flags=--expose-gc";
    const said = await mustRun(command, [...args.slice(0, at), flag, ...args.slice(at)]);
    const { bytes, listMs, listBytes } = JSON.parse(said);
    printRow(atMost(`${name}: heap for each further pod`, bytes / 1024, 20, " KiB"));
    printRow(atMost(`${name}: a list of 10000 (${(listBytes / 1e6).toFixed(1)} MB)`, listMs, 1000, " ms"));
  }
};
