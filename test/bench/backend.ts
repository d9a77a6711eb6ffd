// A back end that survives its agent: what runs is kept in a file, as if it ran somewhere else.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { BackendEvent, Provider } from "../../adapters/ports.ts";
import { makeChannel } from "../../adapters/provider/channel.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";

export interface KeptBackend extends Provider {
  /** Writes what runs into the file. */
  save(): void;
}

/** What the file holds runs; a pod that is created runs at once, one that is deleted has ended at once. */
export const keptBackend = (file: string): KeptBackend => {
  const saved: readonly ObservedPod[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const pods = new Map<string, ObservedPod>(saved.map((pod) => [pod.uid, pod]));
  const channel = makeChannel<BackendEvent>();
  return {
    create: ({ pod, owner, specHash }) => {
      const { uid, namespace = "", name } = pod.metadata;
      const containers = pod.spec.containers.map((container) => ({
        name: container.name,
        state: { _tag: "Running", startedAt: Date.now() } as const,
        restartCount: 0,
        image: container.image,
        id: `kept://${uid}/${container.name}`,
      }));
      const observed: ObservedPod = {
        ...{ uid, namespace, name, owner, specHash, containers },
        podIPs: ["10.0.0.1"],
      };
      pods.set(uid, observed);
      return Promise.resolve(observed);
    },
    delete: ({ uid }) => {
      pods.delete(uid);
      channel.push(uid, { _tag: "Gone", uid });
      return Promise.resolve();
    },
    list: () => Promise.resolve([...pods.values()]),
    watch: ({ signal }) => channel.read(signal),
    save: () => writeFileSync(file, JSON.stringify([...pods.values()])),
  };
};
