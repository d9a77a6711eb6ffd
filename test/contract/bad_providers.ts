import type { MemoryProvider } from "../../adapters/provider/memory/provider.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import type { BackendEvent, LogOptions, Provider } from "../../adapters/ports.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { ContainerTerminated, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";

/** What a provider does otherwise than a good one. */
export type Change = (good: MemoryProvider) => Partial<Provider>;

const withPods = (change: (pods: readonly ObservedPod[]) => readonly ObservedPod[]): Change => (good) => ({
  create: async (intent, options) => void await good.create(intent, options),
  list: async (options) => change(await good.list(options)),
});

const withPod = (change: (pod: ObservedPod) => ObservedPod): Change => withPods((pods) => pods.map(change));

const withContainers = (change: (container: ObservedContainer) => ObservedContainer): Change =>
  withPod((pod) => ({ ...pod, containers: pod.containers.map(change) }));

const withEnd = (end: Partial<ContainerTerminated>): Change =>
  withContainers((container) =>
    container.state._tag === "Terminated"
      ? { ...container, state: { ...container.state, ...end } }
      : container
  );

const withIntent = (change: (intent: PodIntent) => PodIntent): Change => (good) => ({
  create: (intent, options) => good.create(change(intent), options),
});

const withRestartPolicy = (restartPolicy: string): Change =>
  withIntent((intent) => ({
    ...intent,
    pod: { ...intent.pod, spec: { ...intent.pod.spec, restartPolicy } },
  }));

const withGrace = (change: (graceMs: number) => number): Change => (good) => ({
  delete: (ref, options) => good.delete(ref, { ...options, graceMs: change(options.graceMs) }),
});

const withNews = (change: (event: BackendEvent) => readonly BackendEvent[]): Change => (good) => ({
  watch: async function* (options) {
    for await (const event of good.watch!(options)) yield* change(event);
  },
});

const withLogs = (change: (options: LogOptions) => Partial<LogOptions>): Change => (good) => ({
  logs: (ref, container, options) => good.logs!(ref, container, { ...options, ...change(options) }),
});

const refusing = (field: string, message = "no"): Pick<Provider, "check"> => ({
  check: () => [{ field, message, fatal: true }],
});

const deaf = (): { readonly signal: AbortSignal } => ({ signal: new AbortController().signal });

const never = new Promise<never>(() => {});

/** Does not look for what is there already. */
const createsAnew: Change = (good) => {
  let count = 0;
  return {
    create: async (intent, options) => {
      const { metadata } = intent.pod;
      const uid = `${metadata.uid}/${++count}`;
      await good.create({ ...intent, pod: { ...intent.pod, metadata: { ...metadata, uid } } }, options);
    },
    list: async (options) =>
      (await good.list(options)).map((pod) => ({ ...pod, uid: pod.uid.replace(/\/\d+$/, "") })),
  };
};

const knowsNames: Change = (good) => {
  const uids = new Map<string, string>();
  return {
    create: (intent, options) => {
      const { name, uid } = intent.pod.metadata;
      if (!uids.has(name)) uids.set(name, uid);
      return good.create(intent, options);
    },
    delete: (ref, options) => good.delete({ ...ref, uid: uids.get(ref.name) ?? ref.uid }, options),
    list: async (options) => [...new Map((await good.list(options)).map((pod) => [pod.name, pod])).values()],
  };
};

const oneAtATime: Change = (good) => {
  let before = Promise.resolve();
  return {
    create: async (intent, options) => {
      await before;
      return await good.create(intent, options);
    },
    delete: async (ref, options) => {
      await good.delete(ref, options);
      if (options.graceMs > 60_000) before = never;
    },
  };
};

const revives: Change = (good) => ({
  create: async (intent, options) => {
    const { uid } = intent.pod.metadata;
    const had = good.pods().some((pod) => pod.uid === uid);
    if (had) await good.delete({ namespace: "default", name: "web", uid }, { ...options, graceMs: 0 });
    return await good.create(intent, options);
  },
});

const forgetsInAnOutage: Change = (good) => {
  const forgotten = new Set<string>();
  return {
    list: async (options) => {
      try {
        return (await good.list(options)).filter(({ uid }) => !forgotten.has(uid));
      } catch (error) {
        for (const { uid } of good.pods()) forgotten.add(uid);
        throw error;
      }
    },
  };
};

const saysAnotherThing: Change = () => {
  let count = 0;
  return { check: () => refusing("spec.hostNetwork", `no ${++count}`).check!({} as PodIntent) };
};

const watchesOnce: Change = (good) => {
  let count = 0;
  return { watch: (options) => good.watch!(++count > 1 ? { signal: AbortSignal.abort() } : options) };
};

const changesNames: Change = (good) => ({
  create: (intent, options) => {
    (intent.pod.metadata as { name: string }).name = "mine";
    return good.create(intent, options);
  },
});

const isEnded = ({ containers }: ObservedPod): boolean =>
  containers.every(({ state }) => state._tag === "Terminated");

const holds = (good: MemoryProvider, uid: string, is: (pod: ObservedPod) => boolean = () => true): boolean =>
  good.pods().some((pod) => pod.uid === uid && is(pod));

/** By the check that notices: providers with one thing wrong. */
export const badProviders: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  "what is created is listed, with its UID, names and owner": {
    "forgets names": withPod((pod) => ({ ...pod, name: "pod" })),
    "forgets whose it is": withPod(({ owner: _, ...pod }) => pod),
    "changes what it is given": changesNames,
  },
  "a pod is created once, however often and at once": { "does not look": createsAnew },
  "an end is told with its exit code and times": {
    "knows no exit codes": withEnd({ exitCode: 0 }),
    "has its times the wrong way round": withEnd({ startedAt: 2, finishedAt: 1 }),
  },
  "a pod that has ended is not run again": { "revives": revives },
  "containers of one pod are told apart": {
    "tells of one": withPod((pod) => ({ ...pod, containers: pod.containers.slice(0, 1) })),
  },
  "restartPolicy Never: a success stays as it is": { "always restarts": withRestartPolicy("Always") },
  "restartPolicy Never: a failure stays as it is": { "restarts failures": withRestartPolicy("OnFailure") },
  "restartPolicy OnFailure: a success stays as it is": { "always restarts": withRestartPolicy("Always") },
  "restartPolicy OnFailure: a failure is started again": { "never restarts": withRestartPolicy("Never") },
  "restartPolicy Always: a success is started again": {
    "restarts failures": withRestartPolicy("OnFailure"),
  },
  "restartPolicy Always: a failure is started again": {
    "never restarts": withRestartPolicy("Never"),
    "forgets how the last one ended": withContainers(({ last: _, ...container }) => container),
  },
  "pods of one name are told apart by their UIDs": { "knows names only": knowsNames },
  "names and UIDs survive the round trip": {
    "cuts long names": withPod((pod) => ({ ...pod, name: pod.name.slice(0, 63) })),
    "cuts long names of containers": withContainers((each) => ({ ...each, name: each.name.slice(0, 40) })),
  },
  "another node's pods are not taken for ours": {
    "takes all for its own": withPod((pod) => ({ ...pod, owner: { cluster: "contract", node: "memory" } })),
  },
  "a list is whole, however many there are": { "gives one page": withPods((pods) => pods.slice(0, 25)) },
  "delete lets a pod end, which is gone as soon as it has": {
    "does not delete": () => ({ delete: () => Promise.resolve() }),
  },
  "what is deleted may be deleted again, and what never was": {
    "does not know what it never had": (good) => ({
      delete: (ref, options) =>
        holds(good, ref.uid) ? good.delete(ref, options) : Promise.reject(new Error("no such pod")),
    }),
  },
  "a pod that has ended is gone at once": {
    "keeps what has ended": (good) => ({
      delete: (ref, options) => holds(good, ref.uid, isEnded) ? Promise.resolve() : good.delete(ref, options),
    }),
  },
  "what ignores the signal is killed after the grace": { "never kills": withGrace(() => 3_600_000) },
  "the grace is honoured, and a second deletion makes it shorter": {
    "kills at once": withGrace(() => 0),
    "keeps its first grace": (good) => {
      const asked = new Set<string>();
      return {
        delete: (ref, options) => {
          if (asked.has(ref.uid)) return Promise.resolve();
          asked.add(ref.uid);
          return good.delete(ref, options);
        },
      };
    },
  },
  "creating again what is being deleted runs nothing anew": { "revives": revives },
  "pods do not wait for each other": { "does one thing at a time": oneAtATime },
  "a call whose signal has aborted ends, and may be made again": {
    "hangs": (good) => ({ list: (options) => options.signal.aborted ? never : good.list(options) }),
  },
  "without its back end every call fails, and nothing is lost": {
    "lists nothing": (good) => ({ list: (options) => good.list(options).catch(() => []) }),
    "takes it for an absence": (good) => ({
      delete: (ref, options) =>
        good.delete(ref, options).catch(() => Promise.reject(new ProviderError("NotFound", "none"))),
    }),
    "takes it for a refusal": (good) => ({
      create: (intent, options) =>
        good.create(intent, options).catch(() => Promise.reject(new ProviderError("InvalidInput", "no"))),
    }),
    "forgets what it had": forgetsInAnOutage,
  },
  "it offers what it is said to offer": { "has no ping": () => ({ ping: undefined }) },
  "ping says that the back end is there": {
    "says that it is not": () => ({ ping: () => Promise.reject(new Error("away")) }),
  },
  "an update is told by its specHash, and the pod runs": {
    "forgets what it runs": withPod(({ specHash: _, ...pod }) => pod),
    "does not update": () => ({ update: () => Promise.resolve() }),
  },
  "an update of what is not there is NotFound, and creates nothing": {
    "creates it": (good) => ({ update: (intent, options) => good.create(intent, options) }),
    "says nothing": () => ({ update: () => Promise.resolve() }),
  },
  "check finds nothing wrong with what can be run": { "refuses all": () => refusing("spec.containers") },
  "check names the fields that it cannot honour": {
    "refuses nothing": () => ({ check: () => [] }),
    "does not say which": () => refusing("spec"),
    "does not say why": () => refusing("spec.hostNetwork", ""),
    "says another thing each time": saysAnotherThing,
    "fails as if it were away": () => ({
      ...refusing("spec.hostNetwork"),
      create: () => Promise.reject(new ProviderError("Unavailable", "no")),
    }),
    "creates what it refuses": (good) => ({
      ...refusing("spec.hostNetwork"),
      create: async (intent, options) => {
        await good.create(intent, options);
        throw new ProviderError("Unsupported", "no", { fields: ["spec.hostNetwork"] });
      },
    }),
  },
  "watch tells of the end and of the removal, and ends when its signal aborts": {
    "does not tell ends": withNews((event) => event._tag === "Changed" ? [] : [event]),
    "does not tell removals": withNews((event) => event._tag === "Gone" ? [] : [event]),
    "watches on": (good) => ({ watch: () => good.watch!(deaf()) }),
  },
  "watch tells what list shows": {
    "tells removals of what is there": withNews((event) =>
      event._tag === "Changed" ? [event, { _tag: "Gone", uid: event.pod.uid }] : [event]
    ),
    "tells all but removals": withNews((event) => event._tag === "Gone" ? [] : [event]),
  },
  "a watch may be opened again": { "watches once": watchesOnce },
  "logs: all of them, the last, and so many bytes": {
    "gives all lines": withLogs(() => ({ tailLines: undefined })),
    "gives all bytes": withLogs(() => ({ limitBytes: undefined })),
    "gives old lines": withLogs(() => ({ since: undefined })),
    "gives no times": withLogs(() => ({ timestamps: false })),
  },
  "logs: followed until it ends": {
    "does not follow": withLogs(() => ({ follow: false })),
    "goes on": (good) => ({
      logs: async (ref, container, options) =>
        options.follow ? new ReadableStream() : await good.logs!(ref, container, options),
    }),
  },
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
  "logs: of the instance before": {
    "has none": (good) => ({
      logs: (ref, container, options) =>
        options.previous
          ? Promise.reject(new ProviderError("InvalidInput", "none"))
          : good.logs!(ref, container, options),
    }),
  },
  "node tells at once what the node is, and ends when its signal aborts": {
    "tells nothing": () => ({
      // deno-lint-ignore require-yield
      node: async function* () {
        await never;
      },
    }),
    "does not end": () => ({
      node: async function* () {
        yield { capacity: {} };
        await never;
      },
    }),
  },
  "a new adapter finds what runs and what has ended, and runs nothing anew": {
    "forgets": (good) => {
      const own = new Set<string>();
      return {
        create: (intent, options) => {
          own.add(intent.pod.metadata.uid);
          return good.create(intent, options);
        },
        list: async (options) => (await good.list(options)).filter(({ uid }) => own.has(uid)),
      };
    },
  },
};
