import { isRuntime } from "../../adapters/perform.ts";
import type { Clock, ContainerRuntime, Provider } from "../../adapters/ports.ts";
import type { ObservedContainer, ObservedPod, Owner } from "../../core/pod/observed.ts";
import type { Millis } from "../../core/time.ts";
import { intentOf } from "../contract/intent.ts";
import type { Run, Truth } from "./truth.ts";

/** What a provider under simulation lives in. */
export interface ProviderWorld {
  /** The only time there is: what waits in another way holds up the simulation, or is never waited for. */
  readonly clock: Clock;
  /** From 0 (included) to 1 (excluded), following from the seed: the only chance there is. */
  random(): number;
  /** The mark of what is to be run here: the node's name, and its cluster's. */
  readonly owner: Owner;
  /**
   * What outlives the agents: the back end itself. Made by the first adapter of a node, and given to all that follow when
   * the agent is started again.
   */
  keep<A>(make: () => A): A;
}

/** Makes an adapter: at each start of an agent, and once for the one who judges. */
export type MakeProvider = (world: ProviderWorld) => Provider | ContainerRuntime;

export interface OwnBackend {
  readonly truth: Truth;
  readonly hasPing: boolean;
  /** An adapter for an agent. */
  connect(): Provider | ContainerRuntime;
  /** It has been called: it may not be as it was. */
  touch(): void;
}

export interface OwnBackendOptions {
  readonly make: MakeProvider;
  readonly clock: Clock;
  readonly random: () => number;
  readonly owner: Owner;
  readonly fail: (what: string) => void;
}

const calm = { signal: new AbortController().signal };
const atOnce = { ...calm, graceMs: 0 };

const startOf = ({ state }: ObservedContainer): Millis | undefined =>
  state._tag === "Running" ? state.startedAt : undefined;

/** Instances as lists show them one after another. */
const makeSightings = (now: () => Millis, fail: (what: string) => void) => {
  const runs: Run[] = [];
  const open = new Map<string, { readonly run: Run; readonly instance: string }>();
  const look = (pods: readonly ObservedPod[]): void => {
    const seen = new Set<string>();
    for (const { uid, containers } of pods) {
      for (const container of containers) {
        const key = `${uid}/${container.name}`;
        if (seen.has(key)) fail(`listed twice: ${key}`);
        if (container.state._tag !== "Running") continue;
        seen.add(key);
        const instance = `${container.restartCount} ${container.id} ${startOf(container)}`;
        const before = open.get(key);
        if (before?.instance === instance) continue;
        if (before !== undefined) before.run.to = now();
        const { name, restartCount } = container;
        const run: Run = { uid, container: name, restartCount, from: now(), to: undefined };
        runs.push(run);
        open.set(key, { run, instance });
      }
    }
    for (const [key, { run }] of open) {
      if (seen.has(key)) continue;
      run.to = now();
      open.delete(key);
    }
  };
  return { runs, look };
};

/** Somebody's own back end, with a look at it that no fault gets in the way of. */
export const makeOwnBackend = (options: OwnBackendOptions): OwnBackend => {
  const { make, random, owner, fail } = options;
  let kept: { readonly value: unknown } | undefined;
  // it changes when it is called, and when its time has come: to look at all its pods at each moment would take long
  let isTouched = true;
  const touch = (): void => {
    isTouched = true;
  };
  const clock: Clock = {
    now: options.clock.now,
    after: (ms, callback) =>
      options.clock.after(ms, () => {
        touch();
        callback();
      }),
  };
  const connect = (): Provider | ContainerRuntime =>
    make({
      clock,
      random,
      owner,
      keep: <A>(first: () => A): A => (kept ??= { value: first() }).value as A,
    });
  const judge = connect();
  const { runs, look } = makeSightings(() => clock.now().mono, fail);
  let pods: readonly ObservedPod[] = [];
  const lost = new Set<string>();
  const doing = (what: string, done: Promise<unknown>): void =>
    void done.catch((error: unknown) => fail(`${what} failed, although nothing is wrong: ${error}`));

  const drop = async ({ uid, namespace, name, containers }: ObservedPod): Promise<void> => {
    const ref = { uid, namespace, name };
    if (!isRuntime(judge)) return await judge.delete(ref, atOnce);
    for (const container of containers) await judge.stop(ref, container.name, atOnce);
    await judge.remove(ref, calm);
  };

  const list = async (): Promise<void> => {
    try {
      pods = await judge.list(calm);
    } catch (error) {
      fail(`a list failed, although nothing is wrong: ${error}`);
    }
    look(pods);
  };

  return {
    connect,
    touch,
    hasPing: judge.ping !== undefined,
    truth: {
      runs,
      lost,
      live: () => runs.filter((run) => run.to === undefined),
      isLive: (uid) => runs.some((run) => run.uid === uid && run.to === undefined),
      list: () => pods,
      of: (uid) => pods.find((pod) => pod.uid === uid),
      lose: (uid) => {
        touch();
        lost.add(uid);
        const found = pods.find((pod) => pod.uid === uid);
        if (found !== undefined) doing("a deletion", drop(found));
      },
      plant: ({ uid, namespace, name, owner, containers }) => {
        touch();
        const specs = containers.map((container) => ({ name: container.name, image: "sim" }));
        const intent = intentOf({
          ref: { uid, namespace, name },
          owner: owner ?? options.owner,
          containers: specs,
          restartPolicy: "Always",
        });
        if (!isRuntime(judge)) return doing("a creation", judge.create(intent, calm));
        for (const container of specs) {
          doing("a start", judge.start({ intent, container, restartCount: 0 }, calm));
        }
      },
      look: () => {
        if (!isTouched) return undefined;
        isTouched = false;
        return list();
      },
    },
  };
};
