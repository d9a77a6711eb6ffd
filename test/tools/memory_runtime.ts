import type {
  BackendEvent,
  CallOptions,
  Clock,
  ContainerRun,
  ContainerRuntime,
} from "../../adapters/ports.ts";
import { makeChannel } from "../../adapters/provider/channel.ts";
import { Followers, logBytes, whole } from "../../adapters/provider/memory/log.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { Millis } from "../../core/time.ts";
import type { Behaviour } from "../contract/backend.ts";
import { behaviourOf } from "../contract/memory_pods.ts";

/** What an instance of a container does. */
export interface InstanceScript {
  /** `undefined`: until it is stopped. */
  readonly runMs?: Millis;
  readonly exitCode?: number;
  readonly ignoresStop?: boolean;
  readonly log?: string;
}

interface Instance {
  readonly script: InstanceScript;
  /** Of the instance before. */
  readonly logBefore: string | undefined;
  observed: ObservedContainer;
  readonly ended: Set<() => void>;
  kill: { readonly at: Millis; readonly cancel: () => void } | undefined;
}

interface HeldPod {
  readonly head: Omit<ObservedPod, "containers">;
  readonly instances: Map<string, Instance>;
}

const killed = 137;
const terminated = 143;

const missing = (what: string): ProviderError => new ProviderError("NotFound", what);

/** A back end of single containers that runs nothing: to prove what is said of all of them. */
export const memoryRuntime = (
  clock: Clock,
  scriptOf: (container: Container) => InstanceScript,
): ContainerRuntime => {
  const pods = new Map<string, HeldPod>();
  const channel = makeChannel<BackendEvent>();
  const followers = new Followers();
  const cancels = new Set<() => void>();

  const observe = ({ head, instances }: HeldPod): ObservedPod => ({
    ...head,
    containers: [...instances.values()].map(({ observed }) => observed),
  });
  const tell = (pod: HeldPod): void => channel.push(pod.head.uid, { _tag: "Changed", pod: observe(pod) });

  const end = (pod: HeldPod, instance: Instance, exitCode: number): void => {
    const { state } = instance.observed;
    if (state._tag !== "Running") return;
    const finishedAt = clock.now().wall;
    const ended = { _tag: "Terminated", exitCode, startedAt: state.startedAt, finishedAt } as const;
    instance.observed = { ...instance.observed, state: ended };
    instance.kill?.cancel();
    followers.look((id) => id !== instance.observed.id);
    for (const waiting of instance.ended) waiting();
    if (pods.get(pod.head.uid) === pod) tell(pod);
  };

  const hold = ({ intent: { pod: { metadata }, owner } }: ContainerRun): HeldPod => {
    const { uid, name, namespace = "" } = metadata;
    const known = pods.get(uid);
    if (known !== undefined) return known;
    const made: HeldPod = { head: { uid, name, namespace, owner }, instances: new Map() };
    pods.set(uid, made);
    return made;
  };

  const begin = (pod: HeldPod, { container, restartCount }: ContainerRun, before?: Instance): void => {
    const { name, image } = container;
    const script = scriptOf(container);
    const last = before?.observed.state._tag === "Terminated" ? before.observed.state : undefined;
    const id = `memory://${pod.head.uid}/${name}/${restartCount}`;
    const state = { _tag: "Running", startedAt: clock.now().wall } as const;
    const observed: ObservedContainer = { name, image, restartCount, last, id, state };
    const logBefore = before?.script.log;
    const instance: Instance = { script, logBefore, observed, ended: new Set(), kill: undefined };
    pod.instances.set(name, instance);
    if (script.runMs !== undefined) {
      cancels.add(clock.after(script.runMs, () => end(pod, instance, script.exitCode ?? 0)));
    }
    tell(pod);
  };

  const killAfter = (pod: HeldPod, instance: Instance, graceMs: Millis): void => {
    const at = clock.now().mono + graceMs;
    if (instance.kill !== undefined && instance.kill.at <= at) return;
    instance.kill?.cancel();
    const cancel = clock.after(graceMs, () => end(pod, instance, killed));
    cancels.add(cancel);
    instance.kill = { at, cancel };
  };

  const stopped = (instance: Instance, { signal }: CallOptions): Promise<void> =>
    new Promise((resolve, reject) => {
      if (instance.observed.state._tag !== "Running") return resolve();
      const abort = (): void => reject(signal.reason);
      instance.ended.add(() => {
        signal.removeEventListener("abort", abort);
        resolve();
      });
      signal.addEventListener("abort", abort, { once: true });
    });

  const find = ({ uid, name }: ObjectRef, container: string): Instance => {
    const pod = pods.get(uid);
    if (pod === undefined) throw missing(`pod "${name}" does not exist`);
    const found = pod.instances.get(container);
    if (found === undefined) throw missing(`container "${container}" not found in pod "${name}"`);
    return found;
  };

  return {
    start: (run) => {
      const pod = hold(run);
      const before = pod.instances.get(run.container.name);
      if (before !== undefined && before.observed.restartCount >= run.restartCount) {
        return Promise.resolve(observe(pod));
      }
      if (before?.observed.state._tag === "Running") {
        return Promise.reject(new ProviderError("Conflict", "the instance before it still runs"));
      }
      begin(pod, run, before);
      return Promise.resolve(observe(pod));
    },
    stop: async ({ uid }, container, options) => {
      const pod = pods.get(uid);
      const instance = pod?.instances.get(container);
      if (pod === undefined || instance?.observed.state._tag !== "Running") return;
      if (instance.script.ignoresStop === true) killAfter(pod, instance, options.graceMs);
      else end(pod, instance, terminated);
      await stopped(instance, options);
      return observe(pod);
    },
    remove: ({ uid }) => {
      if (pods.delete(uid)) channel.push(`${uid}/gone`, { _tag: "Gone", uid });
      return Promise.resolve();
    },
    list: () => Promise.resolve([...pods.values()].map(observe)),
    watch: ({ signal }) => channel.read(signal),
    ping: () => Promise.resolve(),
    close: () => {
      for (const cancel of cancels) cancel();
      return Promise.resolve();
    },
    logs: (ref, container, options) =>
      new Promise((resolve) => {
        const { observed: { state, last, id }, script, logBefore } = find(ref, container);
        const instance = options.previous ? last : state;
        if (instance === undefined || instance._tag === "Waiting") {
          const text = `previous terminated container "${container}" in pod "${ref.name}" not found`;
          throw new ProviderError("InvalidInput", text);
        }
        const bytes = logBytes(
          (options.previous ? logBefore : script.log) ?? "",
          instance.startedAt ?? 0,
          options,
        );
        const follow = options.follow && instance._tag === "Running";
        resolve(follow ? followers.open(bytes, id, options.signal) : whole(bytes));
      }),
  };
};

const scriptOfBehaviour = (behaviour: Behaviour): InstanceScript => ({
  log: (behaviour.lines ?? []).map((line) => `${line}\n`).join(""),
  ignoresStop: behaviour._tag === "Stubborn",
  ...(behaviour._tag === "Exit" ? { runMs: 0, exitCode: behaviour.code } : {}),
});

/** One whose containers behave as a contract wants them to. */
export const behavingRuntime = (clock: Clock): ContainerRuntime =>
  memoryRuntime(clock, (container) => scriptOfBehaviour(behaviourOf(container)));
