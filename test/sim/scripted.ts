import type { BackendEvent, CallOptions, ContainerRuntime, Provider } from "../../adapters/ports.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import type { NodeFacts } from "../../core/event.ts";
import type { PodIntent, Problem } from "../../core/pod/intent.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import type { ResolvedVolume } from "../../core/volume/volume.ts";
import { type Broadcast, makeBroadcast } from "./broadcast.ts";
import type { Instances } from "./instances.ts";
import type { Marks } from "./marks.ts";
import type { NodeShape } from "./shape.ts";

/** A back end whose pods live by the seed's scripts, and which never fails by itself. */
export interface ScriptedBackend {
  readonly adapter: Provider | ContainerRuntime;
  changed(pod: ObservedPod): void;
  gone(uid: string): void;
  tellFacts(facts: NodeFacts): void;
  /** What is in the volumes of a pod, by their names: one text each. */
  filesOf(uid: string): Readonly<Record<string, string>>;
}

/** Images that it will never run, that it cannot run (and says so early, or late), and that it runs in another way than asked. */
export const images = {
  good: "sim",
  refused: "sim/refused",
  unable: "sim/unable",
  unsupported: "sim/unsupported",
  warned: "sim/warned",
} as const;

const isOf = (image: string, { pod }: PodIntent): boolean =>
  pod.spec.containers.some((container) => container.image === image);

const checked = (marks: Marks) => (intent: PodIntent): readonly Problem[] => {
  const problem = (message: string, fatal: boolean): Problem => ({
    field: "spec.containers[0].image",
    message: `sim: ${message}`,
    fatal,
  });
  if (isOf(images.unsupported, intent)) {
    marks.hit("back end: refuses a field");
    return [problem("no such image", true)];
  }
  if (!isOf(images.warned, intent)) return [];
  marks.hit("back end: warns of a field");
  return [problem("another image is run", false)];
};

/** What it will never run is refused before anything is done. */
const admitted = async <A>(intent: PodIntent, marks: Marks, act: () => A | Promise<A>): Promise<A> => {
  const [isRefused, isUnable] = [isOf(images.refused, intent), isOf(images.unable, intent)];
  if (!isRefused && !isUnable) return await act();
  marks.hit("back end: refuses the pod");
  throw isRefused
    ? new ProviderError("InvalidInput", "sim: this will never run")
    : new ProviderError("Unsupported", "sim: not on these machines", {
      fields: ["spec.containers[0].image"],
    });
};

type Hold = (uid: string, volumes: PodIntent["volumes"]) => void;

/** One text for each volume with files: what is in all of them. */
const textsOf = (volumes: Readonly<Record<string, ResolvedVolume>>): Readonly<Record<string, string>> => {
  const texts: Record<string, string> = {};
  for (const [name, volume] of Object.entries(volumes)) {
    if (volume._tag !== "Files") continue;
    texts[name] = volume.files.map(({ path, content }) => `${path}=${new TextDecoder().decode(content)}`)
      .join();
  }
  return texts;
};

const startOn = (instances: Instances, { pod }: PodIntent, container: string, count: number): ObservedPod => {
  const seen = instances.start(pod, container, count);
  if (seen === undefined) throw new ProviderError("Conflict", "sim: the instance before it still runs");
  return seen;
};

const providerOf = (
  common: Partial<Provider>,
  shape: NodeShape,
  instances: () => Instances,
  marks: Marks,
  hold: Hold,
) => ({
  ...common,
  list: () => Promise.resolve(instances().list()),
  create: (intent) =>
    admitted(intent, marks, () => {
      if (instances().of(intent.pod.metadata.uid) === undefined) {
        hold(intent.pod.metadata.uid, intent.volumes);
      }
      return instances().create(intent.pod, intent.specHash);
    }),
  ...(shape.canUpdate
    ? {
      update: (intent: PodIntent) =>
        admitted(intent, marks, () => instances().update(intent.pod.metadata.uid, intent.specHash)),
    }
    : {}),
  delete: ({ uid }, { graceMs }) => Promise.resolve(instances().stop(uid, undefined, graceMs, () => {})),
} satisfies Provider);

const runtimeOf = (common: Partial<Provider>, instances: () => Instances, marks: Marks, hold: Hold) => ({
  ...common,
  list: () => Promise.resolve(instances().list()),
  start: ({ intent, container, restartCount }) =>
    admitted(intent, marks, () => {
      const seen = startOn(instances(), intent, container.name, restartCount);
      hold(intent.pod.metadata.uid, intent.volumes);
      return seen;
    }),
  stop: ({ uid }, container, { graceMs }) =>
    new Promise((resolve) => instances().stop(uid, container, graceMs, () => resolve(instances().of(uid)))),
  remove: ({ uid }) => Promise.resolve(instances().remove(uid)),
} satisfies ContainerRuntime);

export const scriptedBackend = (
  shape: NodeShape,
  instances: () => Instances,
  marks: Marks,
): ScriptedBackend => {
  const news: Broadcast<BackendEvent> = makeBroadcast();
  const facts: Broadcast<NodeFacts> = makeBroadcast();
  const held = new Map<string, Readonly<Record<string, string>>>();
  const hold: Hold = (uid, volumes = {}) => void held.set(uid, { ...held.get(uid), ...textsOf(volumes) });
  const common: Partial<Provider> = {
    files: true,
    updateFiles: ({ uid }, volumes) => Promise.resolve(hold(uid, volumes)),
    check: checked(marks),
    watch: ({ signal }: CallOptions) => news.follow(signal),
    ...(shape.hasPing ? { ping: () => Promise.resolve() } : {}),
    ...(shape.tellsFacts ? { node: ({ signal }: CallOptions) => facts.follow(signal) } : {}),
  };
  return {
    adapter: shape.kind === "pods"
      ? providerOf(common, shape, instances, marks, hold)
      : runtimeOf(common, instances, marks, hold),
    filesOf: (uid) => held.get(uid) ?? {},
    changed: (pod) => news.tell({ _tag: "Changed", pod }),
    gone: (uid) => news.tell({ _tag: "Gone", uid }),
    tellFacts: facts.tell,
  };
};
