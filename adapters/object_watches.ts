import type { Event } from "../core/event.ts";
import { type ObjectKey, type ReferredObject, sourceOfKey } from "../core/objects/key.ts";
import { watchConfig } from "../core/watch/config.ts";
import { reflect, type ReflectorOutput } from "./kubernetes/reflector.ts";
import type { ApiPort, Clock, Logger, Telemetry } from "./ports.ts";

/** The watches of what pods refer to, one a key. */
export interface ObjectWatches {
  /** Tells of the key until it is no longer watched. Twice is as once. */
  watch(key: ObjectKey): void;
  unwatch(key: ObjectKey): void;
  /** Resolves when the signal has aborted and all watches have ended. Rejects when the listener threw. */
  readonly done: Promise<void>;
}

export interface ObjectWatchesOptions {
  readonly api: ApiPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Aborted: all watches end, and no new one begins. */
  readonly signal: AbortSignal;
  readonly dispatch: (event: Event) => void;
}

const eventOf = (key: ObjectKey, output: ReflectorOutput<ReferredObject>): Event => {
  switch (output._tag) {
    case "Replaced":
      return { _tag: "ObjectsListed", key, items: output.items, bad: output.bad };
    case "Applied":
      return { _tag: "ObjectApplied", key, item: output.item };
    case "Undecodable":
      return { _tag: "ObjectUndecodable", key, bad: output.bad };
    case "Deleted":
      return { _tag: "ObjectDeleted", key, name: output.ref.name };
  }
};

/** No watches yet. */
export const makeObjectWatches = (options: ObjectWatchesOptions): ObjectWatches => {
  const { signal, dispatch, ...common } = options;
  const watches = new Map<ObjectKey, AbortController>();
  const open = new Set<Promise<void>>();
  const done = Promise.withResolvers<void>();

  const end = (): void => {
    for (const controller of watches.values()) controller.abort();
    watches.clear();
    void Promise.allSettled(open).then(() => done.resolve());
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();

  return {
    watch: (key) => {
      const source = sourceOfKey(key);
      if (signal.aborted || watches.has(key) || source === undefined) return;
      const controller = new AbortController();
      watches.set(key, controller);
      const reflector = reflect<ReferredObject>({
        ...common,
        signal: controller.signal,
        config: watchConfig(source),
        onOutput: (output) => dispatch(eventOf(key, output)),
      });
      const ended = reflector.done.catch(done.reject).finally(() => open.delete(ended));
      open.add(ended);
    },
    unwatch: (key) => {
      watches.get(key)?.abort();
      watches.delete(key);
    },
    done: done.promise,
  };
};
