// What the life of a pod costs in our agent alone: everything but the network, in this process, with an API server that
// answers at once. Beside it, the parsing of the same watch events, which nobody can do without.
//   node test/bench/overhead.ts [PODS]       deno run -A test/bench/overhead.ts [PODS]
import process from "node:process";
import { setImmediate } from "node:timers";
import { fetchApi } from "../../adapters/kubernetes/fetch_api.ts";
import { kyApi } from "../../adapters/kubernetes/ky.ts";
import type { Answer, Fetch } from "../../adapters/kubernetes/body.ts";
import { memoryProvider } from "../../adapters/provider/memory/provider.ts";
import { startVirtualNode } from "../../adapters/virtual_node.ts";
import { nodeName, pending, podWire } from "./feed.ts";
import { note, title } from "./report.ts";

const pods = Number(process.argv[2] ?? 2_000);
const inFlight = 32;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines that come one after the other, as chunks of a watch. */
const makeStream = () => {
  const waiting: Uint8Array[] = [];
  let wake = (): void => {};
  async function* read(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    signal.addEventListener("abort", () => wake(), { once: true });
    while (!signal.aborted) {
      const chunk = waiting.shift();
      if (chunk !== undefined) yield chunk;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    read,
    push: (chunk: Uint8Array): void => {
      waiting.push(chunk);
      wake();
    },
  };
};

interface World {
  readonly fetch: Fetch;
  readonly done: Promise<void>;
  begin(): void;
  /** Spent in here, not in the agent. */
  readonly ownMs: number;
  /** Every event that was sent. */
  readonly sent: readonly Uint8Array[];
}

const makeWorld = (): World => {
  const stream = makeStream();
  const finished = Promise.withResolvers<void>();
  const objects = new Map<string, any>();
  const sent: Uint8Array[] = [];
  let version = 1;
  let next = 0;
  let gone = 0;
  let ownMs = 0;
  const timed = <A>(work: () => A): A => {
    const started = performance.now();
    try {
      return work();
    } finally {
      ownMs += performance.now() - started;
    }
  };
  const tell = (type: string, object: any): void => {
    object.metadata.resourceVersion = String(++version);
    const line = encoder.encode(`${JSON.stringify({ type, object })}\n`);
    sent.push(line);
    stream.push(line);
  };
  const create = (): void => {
    if (next >= pods) return;
    const object = podWire(next++, version, pending) as any;
    objects.set(object.metadata.name, object);
    tell("ADDED", object);
  };
  const ok: Answer = {
    status: 200,
    headers: { get: () => null },
    body: null,
    discard: () => Promise.resolve(),
  };
  const pod = (method: string, name: string, body: string): void => {
    const object = objects.get(name);
    if (method === "DELETE") {
      objects.delete(name);
      tell("DELETED", object);
      gone += 1;
      if (gone === pods) finished.resolve();
      return create();
    }
    object.status = { qosClass: "BestEffort", ...JSON.parse(body).status };
    tell("MODIFIED", object);
    if (object.metadata.deletionTimestamp !== undefined) return;
    object.metadata = {
      ...object.metadata,
      deletionTimestamp: "2026-01-01T00:00:00Z",
      deletionGracePeriodSeconds: 1,
    };
    tell("MODIFIED", object);
  };
  const answer = (url: string, method: string, body: string, signal: AbortSignal): Answer => {
    const { pathname, searchParams } = new URL(url);
    if (method === "GET" && searchParams.get("watch") === "true") {
      const chunks = pathname === "/api/v1/pods" ? stream.read(signal) : makeStream().read(signal);
      return { ...ok, body: chunks };
    }
    if (method === "GET") {
      const kind = pathname === "/api/v1/pods" ? "PodList" : "NodeList";
      const list = encoder.encode(JSON.stringify({ kind, metadata: { resourceVersion: "1" }, items: [] }));
      return {
        ...ok,
        body: (async function* () {
          yield list;
        })(),
      };
    }
    const name = /\/pods\/([^/]+)/.exec(pathname)?.[1];
    if (name !== undefined) pod(method, name, body);
    return ok;
  };
  return {
    fetch: async (url, { method, body = "", signal }) => {
      // as with a network, nothing is answered in the same turn
      await new Promise((resolve) => setImmediate(resolve));
      return timed(() => answer(url, method, body, signal));
    },
    done: finished.promise,
    begin: () => timed(() => Array.from({ length: inFlight }, create)),
    get ownMs() {
      return ownMs;
    },
    sent,
  };
};

const measure = async (label: string, open: typeof fetchApi): Promise<void> => {
  const world = makeWorld();
  const node = startVirtualNode({
    name: nodeName,
    api: open({ server: "https://api.invalid", fetch: world.fetch }),
    provider: memoryProvider(),
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = process.cpuUsage();
  world.begin();
  await world.done;
  const { user, system } = process.cpuUsage(before);
  await node.stop();
  const started = performance.now();
  for (const line of world.sent) JSON.parse(decoder.decode(line));
  const parse = (performance.now() - started) * 1000 / pods;
  const life = (user + system - world.ownMs * 1000) / pods;
  note(
    `${label}: ${life.toFixed(0)} µs of CPU for the life of a pod; parsing its ${
      world.sent.length / pods
    } events alone: ` +
      `${parse.toFixed(0)} µs`,
  );
};

title(`our agent without a network, ${pods} pods, ${process.versions.deno === undefined ? "Node" : "Deno"}`);
const only = process.argv[3];
if (only !== "fetch") await measure("over ky", kyApi);
if (only !== "ky") await measure("over fetch alone", fetchApi);
process.exit(0);
