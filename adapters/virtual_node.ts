import type { Event, NodeFacts } from "../core/event.ts";
import type { Fault } from "../core/fault.ts";
import { decodeNode, type Node } from "../core/kubernetes/node.ts";
import { decodePod, type Pod } from "../core/kubernetes/pod.ts";
import { saysShutdown } from "../core/node/ready.ts";
import type { State } from "../core/state.ts";
import { forEachEntry } from "../core/table.ts";
import type { Millis } from "../core/time.ts";
import { watchConfig } from "../core/watch/config.ts";
import { followBackend, followNode } from "./backend_source.ts";
import { systemClock } from "./clock.ts";
import { makeObjectWatches, type ObjectWatches } from "./object_watches.ts";
import { type Driver, makeDriver } from "./driver.ts";
import { reflect } from "./kubernetes/reflector.ts";
import type { Clock, Logger } from "./ports.ts";
import { nodeEvent, podEvent } from "./reflected.ts";
import { noLogger, noTelemetry } from "./silent.ts";
import { guarded } from "./telemetry/guarded.ts";
import { until } from "./until.ts";
import { stateOf, type VirtualNodeOptions } from "./virtual_node_options.ts";

/** How a node stops: leave the node and its pods as they are, or delete the pods gracefully and say NotReady. */
export type StopMode = "leave" | "drain";

/** A running virtual node. */
export interface VirtualNode {
  readonly name: string;
  /** The node is Ready in the API, and the pods of both sides are known. Rejects when it stops before. */
  readonly ready: Promise<void>;
  /** Resolves when it has stopped; rejects when it broke down. */
  readonly done: Promise<void>;
  /** Stops it and resolves when that is done. `timeoutMs` bounds a drain (default 5 min): it leaves then. */
  stop(mode?: StopMode, options?: { readonly timeoutMs?: Millis }): Promise<void>;
  /** The pods bound to this node, as the API has them. */
  pods(): readonly Pod[];
  /** Says something new of the node, as a provider's `node` does. */
  setNode(facts: NodeFacts): void;
  /** Everything that is known, as a value. */
  state(): State;
}

const defaultCallTimeoutMs = 120_000;
const defaultDrainMs = 300_000;
/** How long writes under way may still take when the agent stops. */
const settleMs = 5_000;

const isReady = (state: State): boolean => {
  const { node, backend, podsSynced } = state;
  if (node.observed._tag !== "Present") return false;
  const ready = node.observed.value.status.conditions?.find((condition) => condition.type === "Ready");
  return ready?.status === "True" && (!backend.exists || (backend.listed && podsSynced));
};

/** A drain is over when the API says so, too. */
const isDrained = (state: State): boolean =>
  state.lifecycle === "drained" && state.node.observed._tag === "Present" &&
  saysShutdown(state.node.observed.value);

const boundPods = (state: State): readonly Pod[] => {
  const pods: Pod[] = [];
  forEachEntry(state.pods, (_uid, { desired }) => {
    if (desired._tag === "Present") pods.push(desired.value);
  });
  return pods;
};

/** The writes of the node and its lease. */
const nodeWrites: ReadonlySet<string> = new Set([
  "CreateNode",
  "PatchNode",
  "PatchNodeStatus",
  "CreateLease",
  "RenewLease",
]);

/** Reads the API's pods of this node, and the node itself, until the signal aborts. */
const reflectAll = (
  options: VirtualNodeOptions,
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
  dispatch: (event: Event) => void,
): readonly Promise<void>[] => {
  const { api, name, telemetry } = options;
  const common = { api, clock, signal, telemetry, logger };
  const query = { fieldSelector: `metadata.name=${name}` };
  const node = reflect<Node>({
    ...common,
    config: watchConfig({ kind: "Node", path: "/api/v1/nodes", query, decode: decodeNode }),
    onOutput: (output) => {
      const event = nodeEvent(output, logger);
      if (event !== undefined) dispatch(event);
    },
  });
  if (options.provider === undefined) return [node.done];
  const bound = { fieldSelector: `spec.nodeName=${name}` };
  const pods = reflect<Pod>({
    ...common,
    config: watchConfig({ kind: "Pod", path: "/api/v1/pods", query: bound, decode: decodePod }),
    onOutput: (output) => dispatch(podEvent(output)),
  });
  return [node.done, pods.done];
};

/** A handler of the user's that throws, or rejects, stops nothing. */
const tellFailure = (
  { onNodeWriteFailed }: VirtualNodeOptions,
  fault: Fault,
  logger: Logger,
): void => {
  const told = async (): Promise<void> => await onNodeWriteFailed?.(fault);
  told().catch((error: unknown) => logger.log("error", "onNodeWriteFailed failed", { error: String(error) }));
};

/** What a running node is made of. */
interface Parts {
  readonly options: VirtualNodeOptions;
  readonly clock: Clock;
  readonly driver: Driver;
  readonly objects: ObjectWatches;
  /** Aborted: nothing new is heard. */
  readonly sources: AbortController;
  /** Aborted: nothing more is decided or done. */
  readonly decisions: AbortController;
  /** Looked at after every step. */
  readonly watchers: Set<() => void>;
  readonly ready: PromiseWithResolvers<void>;
  readonly done: PromiseWithResolvers<void>;
}

const makeParts = (options: VirtualNodeOptions, clock: Clock, logger: Logger): Parts => {
  const { api, provider, source, telemetry = noTelemetry } = options;
  const state = stateOf(options);
  const [decisions, sources, watchers] = [
    new AbortController(),
    new AbortController(),
    new Set<() => void>(),
  ];
  const [ready, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const objects = makeObjectWatches({
    ...{ api, clock, logger, telemetry, signal: sources.signal },
    dispatch: (event) => driver.dispatch(event),
  });
  let wasReady = false;
  const driver: Driver = makeDriver({
    state,
    hands: {
      api,
      backend: provider,
      objects,
      ping: provider?.ping?.bind(provider) ?? source?.ping?.bind(source),
      clock,
      callTimeoutMs: options.callTimeoutMs ?? defaultCallTimeoutMs,
      pingTimeoutMs: state.policy.node.pingTimeoutMs,
    },
    logger,
    telemetry,
    signal: decisions.signal,
    onStep: (next) => {
      if (!wasReady && isReady(next)) {
        wasReady = true;
        ready.resolve();
      }
      if (watchers.size > 0) { for (const look of [...watchers]) look(); }
    },
    onFailed: (action, { left: fault }) => {
      if (nodeWrites.has(action._tag)) tellFailure(options, fault, logger);
    },
  });
  return { options, clock, driver, objects, sources, decisions, watchers, ready, done };
};

/** Hears all that there is to hear, until `sources` aborts. */
const hear = async (
  { options, clock, driver, objects, sources: { signal } }: Parts,
  logger: Logger,
): Promise<void> => {
  const { provider, source } = options;
  const { dispatch } = driver;
  const following = { clock, logger, signal, dispatch };
  const facts = provider?.node?.bind(provider) ?? source?.node?.bind(source);
  await Promise.all([
    ...reflectAll(options, clock, logger, signal, dispatch),
    provider === undefined ? undefined : followBackend(provider, following),
    followNode(facts, following),
    objects.done,
  ]);
};

/** The one way to stop, however often and by whomever it is asked for. */
const stopOf = (parts: Parts, hearing: Promise<void>): VirtualNode["stop"] => {
  const { options, clock, driver, sources, decisions, watchers, ready, done } = parts;
  const leave = async (): Promise<void> => {
    sources.abort();
    await until(() => driver.load === 0, watchers, clock, settleMs);
    decisions.abort();
    await hearing;
  };
  const drain = async (timeoutMs: Millis): Promise<void> => {
    driver.dispatch({ _tag: "Shutdown", mode: "drain" });
    await until(() => isDrained(driver.state), watchers, clock, timeoutMs);
    await leave();
  };
  const onAbort = (): void => void stop();
  const end = (): void => {
    options.signal?.removeEventListener("abort", onAbort);
    ready.reject(new Error(`node ${options.name} was stopped before it was ready`));
  };
  let stopping: Promise<void> | undefined;
  const stop: VirtualNode["stop"] = (mode = "leave", { timeoutMs = defaultDrainMs } = {}) =>
    stopping ??= (mode === "drain" ? drain(timeoutMs) : leave()).then(done.resolve, done.reject).finally(end);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  return stop;
};

/**
 * Joins a virtual node to the cluster behind `api` and runs the pods bound to it on `provider`, until it is stopped.
 * Never gives up: what fails is tried again with back-off, and told to `logger`.
 * Throws at once when the options contradict each other.
 *
 * @example
 * ```ts
 * const node = startVirtualNode({ name: "virtual-1", api, provider: memoryProvider() });
 * await node.ready;
 * await node.stop();
 * ```
 */
export const startVirtualNode = (given: VirtualNodeOptions): VirtualNode => {
  const options = guarded(given);
  const { name, clock = systemClock, logger = noLogger } = options;
  const parts = makeParts(options, clock, logger);
  const { driver, ready, done } = parts;
  // whoever does not ask is not told
  ready.promise.catch(() => {});
  done.promise.catch(() => {});
  driver.dispatch({ _tag: "Tick" });
  const hearing = hear(parts, logger);
  const stop = stopOf(parts, hearing);
  const breakDown = (error: unknown): void => {
    done.reject(error);
    void stop();
  };
  driver.broken.catch(breakDown);
  hearing.catch(breakDown);
  return {
    name,
    ready: ready.promise,
    done: done.promise,
    stop,
    pods: () => boundPods(driver.state),
    setNode: (next) => driver.dispatch({ _tag: "NodeFactsChanged", facts: next }),
    state: () => driver.state,
  };
};
