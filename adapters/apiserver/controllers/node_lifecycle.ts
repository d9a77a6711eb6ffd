import { emptyTable, insertAt, lookup, removeAt, type Table } from "../../../core/table.ts";
import { earlier, formatTime, type Millis, type Now } from "../../../core/time.ts";
import { objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";
import { objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { listed } from "../store.ts";
import { controllerManager, podPath, strategicPatch, tell } from "./ask.ts";
import { type Controller, isLatest, type View } from "./controller.ts";
import { conditionOf, isReady, readinessOf } from "./node_facts.ts";
import { silenced, silentUntil } from "./node_silence.ts";
import { taintChange } from "./node_taints.ts";
import { type Counts, countsAfter, evictionIn, sameZones, type Zones, zonesOf } from "./node_zones.ts";
import { nodeNameOf, podsOfNode } from "./pods_by_node.ts";

interface Memory {
  /** When each node was last heard of: its status or its lease was written. */
  readonly heard: Table<Millis>;
  readonly counts: Counts;
  readonly zones: Zones;
  /** No node is silent for too long before. */
  readonly lookAt: Millis | undefined;
}

const component = "node-controller";
const leaseNamespace = "kube-node-lease";

const heartbeatOf = (node: ApiObject): unknown => conditionOf(node, "Ready")?.lastHeartbeatTime;

/** The node that a change is a sign of life of. */
const aliveBy = ({ resource, type, object, previous }: Change): string | undefined => {
  const { name, namespace } = object.metadata;
  if (type === "DELETED") return undefined;
  if (resource === "nodes") {
    return previous === undefined || heartbeatOf(previous) !== heartbeatOf(object) ? name : undefined;
  }
  if (resource !== "leases.coordination.k8s.io" || namespace !== leaseNamespace) return undefined;
  const renewed = textAt(object, "spec", "renewTime");
  return previous === undefined || textAt(previous, "spec", "renewTime") !== renewed ? name : undefined;
};

const nodeOf = (state: ServerState, name: string): ApiObject | undefined =>
  objectAt(objectsOf(state, "nodes"), name);

const heardBy = (
  before: Table<Millis>,
  { state }: View,
  changes: readonly Change[],
  now: Now,
): Table<Millis> =>
  changes.reduce((heard, change) => {
    const { name } = change.object.metadata;
    if (change.resource === "nodes" && change.type === "DELETED") return removeAt(heard, name);
    const alive = aliveBy(change);
    return alive === undefined || nodeOf(state, alive) === undefined
      ? heard
      : insertAt(heard, alive, now.mono);
  }, before);

/** Pods that were ready are so no more: the node's kubelet cannot say it. */
const unreadyPods = (pods: readonly ApiObject[], { state }: View, now: Now): readonly ServerRequest[] =>
  pods.flatMap((pod) => {
    const ready = objectsAt(pod, "status", "conditions").find(({ type }) => type === "Ready");
    if (ready === undefined || ready["status"] !== "True") return [];
    const condition = { ...ready, status: "False", lastTransitionTime: formatTime(now.wall) };
    const body = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
    const news = {
      about: pod,
      type: "Warning",
      reason: "NodeNotReady",
      message: "Node is not ready",
    } as const;
    return [
      strategicPatch(controllerManager, `${podPath(pod)}/status`, body),
      tell(component, news, state, now),
    ];
  });

const eventOf = (
  node: ApiObject,
  reason: string,
  message: string,
  { state }: View,
  now: Now,
): ServerRequest => tell(component, { about: node, type: "Normal", reason, message }, state, now);

/** What is told and done once, because of a change: at the start everything is one. */
const byChange = (change: Change, view: View, now: Now): readonly ServerRequest[] => {
  const { resource, type, object, previous } = change, { name } = object.metadata;
  if (resource === "pods") {
    const isNewThere = previous === undefined || nodeNameOf(previous) !== nodeNameOf(object);
    if (!isNewThere || nodeNameOf(object) === "" || !isLatest(view.state, change)) return [];
    const node = nodeOf(view.state, nodeNameOf(object));
    return node === undefined || isReady(node) || readinessOf(node) === ""
      ? []
      : unreadyPods([object], view, now);
  }
  if (resource !== "nodes") return [];
  if (type === "DELETED") {
    return [
      eventOf(object, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`, view, now),
    ];
  }
  if (type === "ADDED") {
    return [
      eventOf(
        object,
        "RegisteredNode",
        `Node ${name} event: Registered Node ${name} in Controller`,
        view,
        now,
      ),
    ];
  }
  // a kubelet that says `False` itself also speaks for its pods
  const isLost = isReady(previous) && readinessOf(object) === "Unknown";
  if (!isLost || !isLatest(view.state, change)) return [];
  return [
    eventOf(object, "NodeNotReady", `Node ${name} status is now: NodeNotReady`, view, now),
    ...unreadyPods(podsOfNode(view.pods, name), view, now),
  ];
};

/** One write at a time: the taints follow from the conditions that are stored. */
const nodeRequests = (
  node: ApiObject,
  isSilent: boolean,
  zones: Zones,
  now: Now,
): readonly ServerRequest[] => {
  const conditions = isSilent ? silenced(node, now) : [];
  return conditions.length > 0 ? conditions : taintChange(node, evictionIn(zones, node), now);
};

const nodesOf = (state: ServerState): readonly ApiObject[] => listed(state, "nodes");

const nodesNamed = (state: ServerState, changes: readonly Change[]): readonly ApiObject[] => {
  const names = new Set(
    changes.filter(({ resource }) => resource === "nodes").map(({ object }) => object.metadata.name),
  );
  return [...names].flatMap((name) => nodeOf(state, name) ?? []);
};

/** When the first of the nodes has been silent for too long; those that are known to be silent are waited for no more. */
const firstSilence = (
  nodes: readonly ApiObject[],
  heard: Table<Millis>,
  { settings }: View,
  now: Now,
): Millis | undefined =>
  nodes
    .map((node) => silentUntil(node, lookup(heard, node.metadata.name) ?? now.mono, settings))
    .filter((at) => at > now.mono)
    .reduce(earlier, undefined as Millis | undefined);

/** A lease says that its node lives, and nothing else. */
const isRenewal = ({ resource }: Change): boolean => resource === "leases.coordination.k8s.io";

const nothing: readonly ServerRequest[] = [];

/**
 * Tells of nodes that are silent (`Ready` is `Unknown`), taints nodes as their conditions say, and takes the taints away again. Pods
 * leave by those taints (see `taint_eviction.ts`). Unlike the real one it taints all nodes at once, not one every ten seconds.
 */
export const nodeLifecycle: Controller<Memory> = {
  name: "node-lifecycle",
  looksAt: ["nodes", "leases.coordination.k8s.io", "pods"],
  start: { heard: emptyTable, counts: {}, zones: {}, lookAt: undefined },
  reconcile: (memory, view, changes, now) => {
    const counts = countsAfter(memory.counts, changes);
    const zones = counts === memory.counts ? memory.zones : zonesOf(counts, view.settings);
    const isNewZones = !sameZones(zones, memory.zones);
    const heard = heardBy(memory.heard, view, changes, now);
    const isDue = memory.lookAt !== undefined && memory.lookAt <= now.mono;
    if (!isDue && changes.every(isRenewal)) {
      return { memory: { ...memory, heard }, requests: nothing, wakeAt: memory.lookAt };
    }
    const isFull = isDue || isNewZones;
    const nodes = isFull ? nodesOf(view.state) : nodesNamed(view.state, changes);
    const isSilent = (node: ApiObject): boolean =>
      silentUntil(node, lookup(heard, node.metadata.name) ?? now.mono, view.settings) <= now.mono;
    const requests = [
      ...changes.flatMap((change) => byChange(change, view, now)),
      ...nodes.flatMap((node) => nodeRequests(node, isSilent(node), zones, now)),
    ];
    const first = firstSilence(nodes, heard, view, now);
    const lookAt = isFull ? first : earlier(memory.lookAt, first);
    return { memory: { heard, counts, zones, lookAt }, requests, wakeAt: lookAt };
  },
};
