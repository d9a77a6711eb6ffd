import { isTerminal } from "../../../../core/kubernetes/pod.ts";
import { emptyTable, insertAt, lookup, removeAt, type Table } from "../../../../core/table.ts";
import { canonicalJson } from "../../../../core/hash.ts";
import { at, listAt, numberAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import type { Change } from "../../response.ts";
import { nodeNameOf } from "../pods_by_node.ts";
import { podRequests } from "./amounts.ts";
import type { Wanted } from "./filter.ts";
import { hostPortsOf } from "./host_ports.ts";
import { emptyNode, type NodeInfo, offerOf, type Take, withoutTake, withTake } from "./node_info.ts";
import { emptyQueue, pendingAt, placeOfPod, type Queue, withoutPending, withPending } from "./queue.ts";

/** What the scheduler knows of the cluster. It follows from the objects alone. */
export interface Cluster {
  /** Nodes by name, also those of which only pods are known. */
  readonly nodes: Table<NodeInfo>;
  /** Pods that were not looked at yet. */
  readonly fresh: Queue;
  /** Pods that fitted nowhere. */
  readonly tried: Queue;
}

export const noCluster: Cluster = { nodes: emptyTable, fresh: emptyQueue, tried: emptyQueue };

/** What may be otherwise for pods that fitted nowhere. */
export interface News {
  /** Nodes or volumes have changed. */
  readonly isAny: boolean;
  /** Pods have left these nodes. */
  readonly freed: ReadonlySet<string>;
}

export const takeOf = (pod: ApiObject): Take => ({ requests: podRequests(pod), ports: hostPortsOf(pod) });

const hasEnded = (pod: ApiObject): boolean => isTerminal(textAt(pod, "status", "phase"));

/** The node on which a pod takes something. */
const placeOf = (pod: ApiObject | undefined): string | undefined =>
  pod === undefined || nodeNameOf(pod) === "" || hasEnded(pod) ? undefined : nodeNameOf(pod);

const waits = (pod: ApiObject): boolean =>
  nodeNameOf(pod) === "" && !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined &&
  textAt(pod, "spec", "schedulerName") === "default-scheduler" &&
  listAt(pod, "spec", "schedulingGates").length === 0;

const generationOf = ({ metadata }: ApiObject): number => numberAt(metadata, "generation") ?? 0;

/** Nearly all writes of a node are heartbeats, which leave all that it is read from the same values. */
const sameOffer = (a: ApiObject, b: ApiObject): boolean =>
  (a["spec"] === b["spec"] && a.metadata.labels === b.metadata.labels &&
    at(a, "status", "allocatable") === at(b, "status", "allocatable")) ||
  canonicalJson(offerOf(a)) === canonicalJson(offerOf(b));

type Nodes = Cluster["nodes"];

const withInfo = (nodes: Nodes, name: string, change: (info: NodeInfo) => NodeInfo): Nodes => {
  const info = change(lookup(nodes, name) ?? emptyNode);
  return info.offer === undefined && info.pods === 0 ? removeAt(nodes, name) : insertAt(nodes, name, info);
};

/** The same nodes when what is offered is the same. */
const withNode = (nodes: Nodes, { type, object, previous }: Change): Nodes => {
  if (type === "MODIFIED" && previous !== undefined && sameOffer(previous, object)) return nodes;
  const offer = type === "DELETED" ? undefined : offerOf(object);
  return withInfo(nodes, object.metadata.name, (info) => ({ ...info, offer }));
};

interface Moved {
  readonly nodes: Nodes;
  /** The node that the pod has left. */
  readonly left?: string;
}

/** A pod takes the same of its node for as long as its spec is the same. */
const withPod = (nodes: Nodes, { type, object, previous }: Change): Moved => {
  const was = type === "DELETED" ? previous ?? object : previous;
  const from = placeOf(was), to = type === "DELETED" ? undefined : placeOf(object);
  const isSame = from === to && (was === undefined || generationOf(was) === generationOf(object));
  if (isSame) return { nodes };
  const without = from === undefined || was === undefined
    ? nodes
    : withInfo(nodes, from, (info) => withoutTake(info, takeOf(was)));
  const next = to === undefined ? without : withInfo(without, to, (info) => withTake(info, takeOf(object)));
  return { nodes: next, ...(from === undefined ? {} : { left: from }) };
};

type Queues = Pick<Cluster, "fresh" | "tried">;

const withWaiting = ({ fresh, tried }: Queues, { type, object }: Change): Queues => {
  const place = placeOfPod(object);
  if (type === "DELETED" || !waits(object)) {
    return { fresh: withoutPending(fresh, place), tried: withoutPending(tried, place) };
  }
  const { uid } = object.metadata, generation = generationOf(object);
  const known = pendingAt(tried, place);
  if (known?.uid === uid && known.generation === generation) return { fresh, tried };
  return { fresh: withPending(fresh, place, { uid, generation }), tried: withoutPending(tried, place) };
};

/** What is known after changes, and what they may mean for pods that fitted nowhere. */
export const withChanges = (
  { nodes: before, ...queues }: Cluster,
  changes: readonly Change[],
): { readonly cluster: Cluster; readonly news: News } => {
  const freed = new Set<string>();
  let nodes = before, waiting: Queues = queues, isAny = false;
  for (const change of changes) {
    if (change.resource === "nodes") {
      const next = withNode(nodes, change);
      isAny ||= next !== nodes;
      nodes = next;
    } else if (change.resource === "pods") {
      const moved = withPod(nodes, change);
      nodes = moved.nodes;
      if (moved.left !== undefined) freed.add(moved.left);
      waiting = withWaiting(waiting, change);
    } else isAny = true;
  }
  return { cluster: { nodes, ...waiting }, news: { isAny, freed } };
};

/** A pod has been looked at. */
export const withTried = (cluster: Cluster, place: string, wanted: Wanted | undefined): Cluster => {
  const pending = pendingAt(cluster.fresh, place) ?? pendingAt(cluster.tried, place);
  if (pending === undefined) return cluster;
  const { uid, generation } = pending;
  return {
    ...cluster,
    fresh: withoutPending(cluster.fresh, place),
    tried: withPending(cluster.tried, place, { uid, generation, wanted }),
  };
};
