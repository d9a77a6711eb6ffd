import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";
import { isTerminal } from "../../core/kubernetes/pod.ts";
import { valuesOf } from "../../core/table.ts";
import type { Millis } from "../../core/time.ts";
import { foreign } from "./call_rules.ts";
import { hangMark } from "./backend.ts";
import { phaseOf } from "./edges.ts";
import { mountedVolume } from "./inputs.ts";
import { images } from "./scripted.ts";
import { nodeCapacity } from "./shape.ts";
import { nodeOf, podsOf } from "./user.ts";
import type { SimNode } from "./node.ts";
import type { Run } from "./truth.ts";
import type { World } from "./world.ts";

/** Two instances of one container at a time, or one that was run again after the pod's end. */
export const doubledRuns = ({ instances, wasDoubled }: SimNode): readonly string[] => {
  const found: string[] = [];
  const byKey = new Map<string, (typeof instances.runs)[number][]>();
  for (const run of instances.runs) {
    const key = `${run.uid}/${run.container}`;
    const before = byKey.get(key) ?? [];
    if (before.some((other) => other.to === undefined || other.to > run.from)) {
      found.push(`promise 1: two at a time: ${key}`);
    }
    const excused = wasDoubled || instances.lost.has(run.uid);
    if (!excused && before.some((other) => other.restartCount === run.restartCount)) {
      found.push(`promise 2: instance ${run.restartCount} twice: ${key}`);
    }
    byKey.set(key, [...before, run]);
  }
  return found;
};

const whyOf = ({ agent }: SimNode, uid: string): string | undefined =>
  valuesOf(agent.node.state().pods).find((entry) =>
    entry.desired._tag === "Present" && entry.desired.value.metadata.uid === uid
  )?.why;

interface Spec {
  readonly containers: readonly { readonly name: string; readonly image: string }[];
}

const refusedImages: readonly string[] = [images.refused, images.unable, images.unsupported];

/** Another kubelet runs it. */
const isMirror = ({ metadata: { annotations } }: ApiObject): boolean =>
  annotations?.["kubernetes.io/config.mirror"] !== undefined;

/** It is not to run at all: its back end refuses it, or it hangs for ever. */
const isKept = ({ metadata: { annotations }, spec }: ApiObject): boolean =>
  annotations?.[hangMark] !== undefined ||
  (spec as unknown as Spec).containers.some(({ image }) => refusedImages.includes(image));

const isReady = (conditions: unknown): boolean =>
  ((conditions ?? []) as readonly JsonObject[]).find(({ type }) => type === "Ready")?.status === "True";

/** What has started just now may not have been told yet. */
const newsMs: Millis = 10_000;

/** A deadline is a time of the wall: where that is wrong, by all that it may be wrong. */
const lateMs: Millis = 5 * 60_000;
const veryLateMs: Millis = 4 * 3_600_000;

/** A back end for pods heeds the deadline itself. */
const isOverdue = (
  { timeline }: World,
  { shape, wasSkewed }: SimNode,
  { spec }: ApiObject,
  live: readonly Run[],
): boolean => {
  const { activeDeadlineSeconds: seconds } = spec as { readonly activeDeadlineSeconds?: number };
  if (shape.kind !== "containers" || seconds === undefined) return false;
  const mostMs = seconds * 1000 + (wasSkewed ? veryLateMs : lateMs);
  return live.some(({ from }) => timeline.now - from > mostMs);
};

interface Volumes {
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

/** Files that are not those of the ConfigMap as it is by now. */
const staleFiles = (
  { server }: World,
  { instances }: SimNode,
  { metadata, spec }: ApiObject,
): string | undefined => {
  const { volumes = [] } = spec as unknown as Volumes;
  const name = volumes.find((volume) => volume.name === mountedVolume)?.configMap?.name;
  const held = instances.filesOf?.(metadata.uid)[mountedVolume];
  if (name === undefined || held === undefined) return undefined;
  const { data = {} } = server.get(`/api/v1/namespaces/default/configmaps/${name}`) ?? {};
  const entries = Object.entries(data as Record<string, string>).sort();
  const wanted = entries.map(([key, text]) => `${key}=${text}`).join();
  return held === wanted ? undefined : `the files ${held}, not ${wanted}`;
};

const podProblems = (world: World, node: SimNode, pod: ApiObject): readonly string[] => {
  const { name, uid, deletionTimestamp } = pod.metadata;
  const phase = phaseOf(pod);
  const live = node.instances.live().filter((run) => run.uid === uid);
  const { containers } = pod.spec as unknown as Spec;
  const { isWatched, listPeriodMs } = node.shape;
  const toldMs = newsMs + (isWatched ? 0 : listPeriodMs);
  const isOld = (run: Run): boolean => run.from < world.timeline.now - toldMs;
  const allRun = containers.every((container) =>
    live.some((run) => run.container === container.name && isOld(run))
  );
  const ready = isReady((pod.status as JsonObject).conditions);
  const stale = live.length > 0 && !isTerminal(phase) ? staleFiles(world, node, pod) : undefined;
  const what = `${name} ${uid} on ${node.name} (${phase}, ${whyOf(node, uid)})`;
  if (isMirror(pod)) return [];
  return [
    ...stale === undefined ? [] : [`promise 8: has ${stale}: ${what}`],
    ...deletionTimestamp === undefined ? [] : [`promise 5: still terminating: ${what}`],
    ...isTerminal(phase) && live.length > 0 ? [`promise 8: runs although it has ended: ${what}`] : [],
    ...isOverdue(world, node, pod, live) ? [`promise 8: runs past its deadline: ${what}`] : [],
    ...phase === "Pending" && !isKept(pod) ? [`promise 7: never started: ${what}`] : [],
    ...allRun && !ready && !isTerminal(phase) ? [`promise 6: runs but is not Ready: ${what}`] : [],
    // what flaps may be between two instances: the scripted ones do so no more
    ...phase === "Running" && live.length === 0 && !node.isOwn && !isKept(pod)
      ? [`promise 8: does not run: ${what}`]
      : [],
  ];
};

const nodeProblems = (world: World, node: SimNode): readonly string[] => {
  const object = world.server.get(`/api/v1/nodes/${node.name}`);
  if (object === undefined) return [`promise 8: ${node.name} is not there`];
  const { conditions, capacity } = object.status;
  const os = object.metadata.labels["kubernetes.io/os"];
  const uids = new Set(podsOf(world).map(({ metadata }) => metadata.uid));
  return [
    ...isReady(conditions) ? [] : [`promise 8: ${node.name} is not Ready: ${JSON.stringify(conditions)}`],
    ...os === "linux" ? [] : [`promise 6: ${node.name} is still labelled as others like it: ${os}`],
    ...node.shape.tellsFacts || capacity.cpu === nodeCapacity.cpu
      ? []
      : [`promise 6: ${node.name} still has the capacity that others gave it: ${JSON.stringify(capacity)}`],
    ...node.instances.list().filter(({ uid }) => !uids.has(uid) && !uid.startsWith(foreign))
      .map(({ uid }) => `promise 8: ${node.name} holds what has no pod: ${uid}`),
    // a provider of one's own lists only what is its node's
    ...(node.isOwn ? [] : ["node", "cluster", "nobody"]).map((whose) => `${foreign}${whose}-${node.name}`)
      .filter((uid) => node.instances.of(uid) === undefined)
      .map((uid) => `promise 3: ${node.name} removed ${uid}`),
  ];
};

/** Everything that is not as it should be when nothing has gone wrong for long enough. */
export const unsettled = (world: World): readonly string[] => [
  ...world.nodes.flatMap((node) => [...doubledRuns(node), ...nodeProblems(world, node)]),
  ...podsOf(world).flatMap((pod) => {
    const node = nodeOf(world, pod);
    if (node === undefined && isTerminal(phaseOf(pod))) return [];
    return node === undefined
      ? [`promise 8: on no node: ${pod.metadata.name} ${JSON.stringify(pod.status)}`]
      : podProblems(world, node, pod);
  }),
];
