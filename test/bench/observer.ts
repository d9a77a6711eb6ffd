// What an independent client sees of the pods of one node, and what it does to them.
import { podBody, podsPath } from "./bodies.ts";
import type { Client, WatchedEvent } from "./client.ts";

export interface Observer {
  /** By pod name: when its creation was sent, and when it was first seen to run. */
  readonly created: ReadonlyMap<string, number>;
  readonly runningAt: ReadonlyMap<string, number>;
  readonly goneAt: ReadonlyMap<string, number>;
  /** Creates pods with a number of writers at a time; calls back for each one that was created. */
  create(
    indexes: readonly number[],
    writers: number,
    made: (name: string, uid: string) => void,
  ): Promise<void>;
  /** Resolves when so many pods were seen to run, or to be gone. */
  until(what: "running" | "gone", count: number, boundMs: number): Promise<void>;
  close(): void;
}

const selectorOf = (node: string): string => `fieldSelector=spec.nodeName%3D${node}`;

/** Deletes all pods of a node gracefully, in one call. */
export const deleteCollection = async (client: Client, node: string, graceSeconds: number): Promise<void> => {
  const body = { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: graceSeconds };
  await client.json("DELETE", `${podsPath}?${selectorOf(node)}`, body);
};

/** Begins to watch the pods of a node. `fail` is told when that cannot go on. */
export const observe = async (
  client: Client,
  node: string,
  fail: (error: Error) => void,
): Promise<Observer> => {
  const stop = new AbortController();
  const created = new Map<string, number>();
  const runningAt = new Map<string, number>();
  const goneAt = new Map<string, number>();
  const watchers = new Set<() => void>();
  const query = `${selectorOf(node)}&limit=1`;
  const list = await client.json("GET", `${podsPath}?${query}`);
  const version = list.metadata.resourceVersion;

  const note = ({ type, object }: WatchedEvent): void => {
    const { name } = object.metadata;
    const now = performance.now();
    if (type === "DELETED") goneAt.set(name, now);
    else if (object.status.phase === "Running" && !runningAt.has(name)) runningAt.set(name, now);
    watchers.forEach((look) => look());
  };

  const follow = async (): Promise<void> => {
    // a label, not the node: for watches of one node the server buffers only ten events
    const path = `${podsPath}?labelSelector=node%3D${node}`;
    for await (const event of client.watch(path, version, stop.signal)) note(event);
  };
  follow().catch(fail);

  return {
    created,
    runningAt,
    goneAt,
    create: async (indexes, writers, made) => {
      const waiting = [...indexes].reverse();
      const writer = async (): Promise<void> => {
        for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
          created.set(`${node}-${index}`, performance.now());
          const pod = await client.json("POST", podsPath, podBody(node, index));
          made(pod.metadata.name, pod.metadata.uid);
        }
      };
      await Promise.all(Array.from({ length: writers }, writer));
    },
    until: (what, count, boundMs) =>
      new Promise((resolve, reject) => {
        const seen = what === "running" ? runningAt : goneAt;
        const finish = (): void => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        const timer = setTimeout(() => {
          finish();
          reject(new Error(`only ${seen.size} of ${count} pods were ${what} after ${boundMs / 1000} s`));
        }, boundMs);
        const look = (): void => {
          if (seen.size < count) return;
          finish();
          resolve();
        };
        watchers.add(look);
        look();
      }),
    close: () => stop.abort(),
  };
};

/** Registers a node for an agent that does not. */
export const registerNode = async (client: Client, name: string): Promise<void> => {
  await client.json("POST", "/api/v1/nodes", {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, annotations: { "kwok.x-k8s.io/node": "fake" } },
  });
};
