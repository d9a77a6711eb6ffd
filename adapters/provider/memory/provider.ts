import type { ObjectRef } from "../../../core/kubernetes/meta.ts";
import type { PodIntent } from "../../../core/pod/intent.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import { systemClock } from "../../clock.ts";
import type { BackendEvent, Clock, Provider } from "../../ports.ts";
import { ProviderError } from "../../provider_error.ts";
import { type Channel, makeChannel } from "../channel.ts";
import { MemoryPod, type MemoryWorld } from "./pod.ts";
import { type PodScript, scriptOfAnnotations } from "./script.ts";

/** What goes wrong in a {@link memoryProvider}: throw, or hang by returning a promise that never settles. */
export type MemoryFaults = Partial<
  Record<"create" | "update" | "delete" | "list" | "ping", (intent?: PodIntent) => void | Promise<void>>
>;

/** Everything has a default. */
export interface MemoryOptions {
  readonly clock?: Clock;
  /** What each pod does; by default what its annotations say ({@link scriptOfAnnotations}). */
  readonly script?: (intent: PodIntent) => PodScript;
  /** Called before each call of that name. */
  readonly faults?: MemoryFaults;
}

/** A {@link memoryProvider}, and a look inside. */
export interface MemoryProvider extends Provider {
  /** What it holds. */
  pods(): readonly ObservedPod[];
}

const ipOf = (count: number): string => `10.${count >> 16 & 255}.${count >> 8 & 255}.${count & 255}`;

/**
 * A back end without a back end: pods start, run, end, restart and stop by script and clock, nothing is executed. For
 * tests, simulations, and thousands of simulated nodes. It keeps nothing: pods are lost with the process.
 *
 * @example
 * ```ts
 * const provider = memoryProvider({ script: () => ({ containers: { "*": { runMs: 1000, exitCodes: [7] } } }) });
 * ```
 */
export const memoryProvider = (options: MemoryOptions = {}): MemoryProvider => {
  const { clock = systemClock, script = scriptOfAnnotations, faults = {} } = options;
  const pods = new Map<string, MemoryPod>();
  const channel: Channel<BackendEvent> = makeChannel();
  let count = 0;

  const world: MemoryWorld = {
    clock,
    changed: (pod) => channel.push(pod.uid, { _tag: "Changed", pod }),
  };

  const found = ({ uid, name }: ObjectRef): MemoryPod => {
    const pod = pods.get(uid);
    if (pod === undefined) throw new ProviderError("NotFound", `pod "${name}" does not exist`);
    return pod;
  };

  return {
    create: async (intent) => {
      await faults.create?.(intent);
      const { uid } = intent.pod.metadata;
      const known = pods.get(uid);
      if (known !== undefined) return known.observe();
      count += 1;
      const pod = new MemoryPod(intent, script(intent), ipOf(count), world);
      pods.set(uid, pod);
      return pod.observe();
    },
    update: async (intent) => {
      await faults.update?.(intent);
      const pod = pods.get(intent.pod.metadata.uid);
      if (pod === undefined) {
        throw new ProviderError("NotFound", `no pod ${intent.pod.metadata.uid} in memory`);
      }
      pod.update(intent);
      return pod.observe();
    },
    delete: async ({ uid }, { graceMs }) => {
      await faults.delete?.();
      const pod = pods.get(uid);
      pod?.stop(graceMs, () => {
        pod.drop();
        const last = pod.observe();
        pods.delete(uid);
        // what is read after this must still tell how it ended
        world.changed(last);
        channel.push(`${uid}/gone`, { _tag: "Gone", uid });
      });
    },
    list: async () => {
      await faults.list?.();
      return [...pods.values()].map((pod) => pod.observe());
    },
    watch: ({ signal }) => channel.read(signal),
    ping: async () => {
      await faults.ping?.();
    },
    logs: (ref, container, given) =>
      new Promise((resolve) => {
        resolve(found(ref).log(container, given));
      }),
    exec: async (ref, container, command, given) => await found(ref).run(container, command, given),
    attach: async (ref, container, given) => await found(ref).run(container, undefined, given),
    portForward: (ref, port) =>
      new Promise((resolve) => {
        resolve(found(ref).connect(port));
      }),
    pods: () => [...pods.values()].map((pod) => pod.observe()),
    close: () => {
      for (const pod of pods.values()) pod.drop();
      return Promise.resolve();
    },
  };
};
