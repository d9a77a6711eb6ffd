import { ProviderError } from "../../adapters/provider_error.ts";
import type { BackendEvent, ContainerRun, ContainerRuntime, LogOptions } from "../../adapters/ports.ts";
import type { ContainerTerminated, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";

/** What a container runtime does otherwise than a good one. */
export type Change = (good: ContainerRuntime) => Partial<ContainerRuntime>;

const withPod = (change: (pod: ObservedPod) => ObservedPod): Change => (good) => ({
  start: async (run, options) => change(await good.start(run, options)),
  list: async (options) => (await good.list(options)).map(change),
});

const withContainers = (change: (container: ObservedContainer) => ObservedContainer): Change =>
  withPod((pod) => ({ ...pod, containers: pod.containers.map(change) }));

const withEnd = (end: Partial<ContainerTerminated>): Change =>
  withContainers((container) =>
    container.state._tag === "Terminated"
      ? { ...container, state: { ...container.state, ...end } }
      : container
  );

const withGrace = (change: (graceMs: number) => number): Change => (good) => ({
  stop: (ref, container, options) =>
    good.stop(ref, container, { ...options, graceMs: change(options.graceMs) }),
});

const withNews = (change: (event: BackendEvent) => readonly BackendEvent[]): Change => (good) => ({
  watch: async function* (options) {
    for await (const event of good.watch!(options)) yield* change(event);
  },
});

const withLogs = (change: (options: LogOptions) => Partial<LogOptions>): Change => (good) => ({
  logs: (ref, container, options) => good.logs!(ref, container, { ...options, ...change(options) }),
});

const deaf = (): { readonly signal: AbortSignal } => ({ signal: new AbortController().signal });

/** Takes every start for another one. */
const startsAnew: Change = (good) => {
  let count = 0;
  const anew = (pod: ObservedPod): ObservedPod => ({
    ...pod,
    containers: pod.containers.map((container) => ({ ...container, id: `${container.id}/${++count}` })),
  });
  return { start: async (run, options) => anew(await good.start(run, options)) };
};

const stopsFirst: Change = (good) => ({
  start: async (run, options) => {
    const { intent: { pod: { metadata } }, container, restartCount } = run;
    const ref = { uid: metadata.uid, name: metadata.name, namespace: "default" };
    if (restartCount > 0) await good.stop(ref, container.name, { ...options, graceMs: 0 });
    return await good.start(run, options);
  },
});

const forgetsEnds: Change = (good) => ({
  start: async (run, options) => {
    const { uid } = run.intent.pod.metadata;
    const pod = (await good.list(options)).find((each) => each.uid === uid);
    const ref = { uid, name: "web", namespace: "default" };
    if (pod?.containers.some(({ state }) => state._tag === "Terminated") === true) {
      await good.remove(ref, options);
    }
    return await good.start(run, options);
  },
});

const byName = ({ intent, ...run }: ContainerRun): ContainerRun => {
  const { pod } = intent;
  const metadata = { ...pod.metadata, uid: pod.metadata.name };
  return { ...run, intent: { ...intent, pod: { ...pod, metadata } } };
};

const knowsNames: Change = (good) => ({ start: (run, options) => good.start(byName(run), options) });

const ofKnown = (good: ContainerRuntime, what: "stop" | "remove"): Partial<ContainerRuntime> => {
  const known = async (uid: string): Promise<void> => {
    const pods = await good.list(deaf());
    if (!pods.some((pod) => pod.uid === uid)) throw new Error("no such pod");
  };
  return what === "stop"
    ? {
      stop: (ref, container, options) => known(ref.uid).then(() => good.stop(ref, container, options)),
    }
    : { remove: (ref, options) => known(ref.uid).then(() => good.remove(ref, options)) };
};

/** By the check that notices: container runtimes with one thing wrong. */
export const badRuntimes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  "what is started is listed, with its UID, names and owner": {
    "forgets names": withPod((pod) => ({ ...pod, name: "pod" })),
    "forgets whose it is": withPod(({ owner: _, ...pod }) => pod),
    "has no ids": withContainers(({ id: _, ...container }) => container),
  },
  "an instance is started once, however often and at once": { "starts anew": startsAnew },
  "no instance is started while the one before it runs": {
    "stops that one": stopsFirst,
    "says another thing": (good) => ({
      start: (run, options) =>
        run.restartCount === 0
          ? good.start(run, options)
          : Promise.reject(new ProviderError("Unavailable", "later")),
    }),
  },
  "an end is told with its exit code and times": {
    "knows no exit codes": withEnd({ exitCode: 0 }),
    "has its times the wrong way round": withEnd({ startedAt: 2, finishedAt: 1 }),
  },
  "an instance that has ended is not started again": { "forgets ends": forgetsEnds },
  "the next instance remembers how the last one ended": { "forgets ends": forgetsEnds },
  "pods of one name are told apart by their UIDs": { "knows names": knowsNames },
  "names and UIDs survive the round trip": {
    "cuts long names": withPod((pod) => ({ ...pod, name: pod.name.slice(0, 63) })),
    "cuts long names of containers": withContainers((each) => ({ ...each, name: each.name.slice(0, 40) })),
  },
  "it offers what it is said to offer": { "has no ping": () => ({ ping: undefined }) },
  "ping says that the back end is there": {
    "says that it is not": () => ({ ping: () => Promise.reject(new Error("away")) }),
  },
  "stop ends it, and then again does nothing": {
    "does not stop": () => ({ stop: () => Promise.resolve() }),
    "kills": withEnd({ exitCode: 137 }),
  },
  "what ignores the signal is killed after the grace": { "never kills": withGrace(() => 3_600_000) },
  "the grace is honoured, and a second stop makes it shorter": {
    "kills at once": withGrace(() => 0),
    "keeps its first grace": withGrace(() => 3_600_000),
  },
  "an aborted stop ends the wait only": {
    "kills": (good) => ({
      stop: async (ref, container, options) => {
        const stopping = good.stop(ref, container, options);
        options.signal.addEventListener("abort", () => {
          void good.stop(ref, container, { graceMs: 0, ...deaf() });
        }, { once: true });
        return await stopping;
      },
    }),
    "waits on": (good) => ({
      stop: (ref, container, options) => good.stop(ref, container, { ...options, ...deaf() }),
    }),
  },
  "stop and remove of what is not there succeed": {
    "cannot stop": (good) => ofKnown(good, "stop"),
    "cannot remove": (good) => ofKnown(good, "remove"),
  },
  "what is removed is no longer listed": { "does not remove": () => ({ remove: () => Promise.resolve() }) },
  "watch tells of the end and of the removal, and ends when its signal aborts": {
    "does not tell ends": withNews((event) => event._tag === "Changed" ? [] : [event]),
    "does not tell removals": withNews((event) => event._tag === "Gone" ? [] : [event]),
    "watches on": (good) => ({ watch: () => good.watch!(deaf()) }),
  },
  "logs: all of them, the last, and so many bytes": {
    "gives all": withLogs(() => ({ tailLines: undefined })),
  },
  "logs: followed until it ends": { "does not follow": withLogs(() => ({ follow: false })) },
  "logs: following ends when its signal aborts": {
    "goes on": (good) => ({
      logs: (ref, container, options) => good.logs!(ref, container, { ...options, ...deaf() }),
    }),
  },
  "logs: none of an instance before the first": {
    "gives another's": withLogs(() => ({ previous: false })),
  },
  "logs: of a pod or container that is not there": {
    "gives an empty one": () => ({ logs: () => Promise.resolve(new Response("").body!) }),
  },
  "logs: of the instance before": { "gives the last": withLogs(() => ({ previous: false })) },
  // what it is on forgets everything when it is started again
  "a new adapter finds what runs and what has ended": { "forgets": () => ({}) },
};
