import { forEachEntry } from "../../../../core/table.ts";
import { formatTime, type Now } from "../../../../core/time.ts";
import { numberAt, objectsAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import { objectAt } from "../../objects.ts";
import type { ServerRequest } from "../../request.ts";
import { objectsOf } from "../../state.ts";
import { create, podPath, scheduler as actor, strategicPatch, tellOfScheduling } from "../ask.ts";
import type { Controller, View } from "../controller.ts";
import { podsOfNode } from "../pods_by_node.ts";
import { tolerationsOf } from "../tolerations.ts";
import { type Cluster, type News, noCluster, takeOf, withChanges, withTried } from "./cluster.ts";
import { explain, explainOwn, type Refusal } from "./explain.ts";
import { unfit, type Wanted } from "./filter.ts";
import { emptyNode, type NodeInfo, type Offer, withTake } from "./node_info.ts";
import { nodeWishesOf } from "./node_selector.ts";
import { obstaclesOf } from "./obstacle.ts";
import { isEmpty, keyAt, type Pending, pendingAt, pendingIn } from "./queue.ts";
import { bestOf, type Candidate } from "./score.ts";

const priorityOf = (pod: ApiObject): number => numberAt(pod, "spec", "priority") ?? 0;

const bound = (pod: ApiObject, node: string, { state }: View, now: Now): readonly ServerRequest[] => {
  const { name, namespace, uid } = pod.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  return [
    create(actor, `${podPath(pod)}/binding`, {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid },
      target: { apiVersion: "v1", kind: "Node", name: node },
    }),
    tellOfScheduling("Binding", { about: pod, type: "Normal", reason: "Scheduled", message }, state, now),
  ];
};

/** Says why a pod is not bound, unless it says so already. */
const unschedulable = (
  pod: ApiObject,
  message: string,
  { state }: View,
  now: Now,
): readonly ServerRequest[] => {
  const before = objectsAt(pod, "status", "conditions").find(({ type }) => type === "PodScheduled");
  const reason = "Unschedulable", isFalse = textAt(before, "status") === "False";
  if (isFalse && textAt(before, "reason") === reason && textAt(before, "message") === message) return [];
  const { uid, generation } = pod.metadata;
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason,
    message,
    lastTransitionTime: isFalse ? textAt(before, "lastTransitionTime") : formatTime(now.wall),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  const news = { about: pod, type: "Warning", reason: "FailedScheduling", message } as const;
  return [
    tellOfScheduling("Scheduling", news, state, now),
    strategicPatch(actor, `${podPath(pod)}/status`, {
      metadata: { uid },
      status: { conditions: [condition] },
    }),
  ];
};

/** The nodes as they will be when everything that this pass has decided is carried out. */
interface Pass {
  readonly view: View;
  readonly now: Now;
  readonly offers: readonly Offer[];
  readonly infos: Map<string, NodeInfo>;
}

const beginPass = ({ nodes }: Cluster, view: View, now: Now): Pass => {
  const offers: Offer[] = [], infos = new Map<string, NodeInfo>();
  forEachEntry(nodes, (name, info) => {
    infos.set(name, info);
    if (info.offer !== undefined) offers.push(info.offer);
  });
  return { view, now, offers, infos };
};

const infoOf = ({ infos }: Pass, { name }: Offer): NodeInfo => infos.get(name) ?? emptyNode;

const wantedBy = (pod: ApiObject, volumes: Wanted["volumes"]): Wanted => ({
  ...takeOf(pod),
  tolerations: tolerationsOf(pod),
  wishes: nodeWishesOf(pod),
  volumes,
});

const hasVictims = (pod: ApiObject, { name }: Offer, { view }: Pass): boolean =>
  podsOfNode(view.pods, name).some((other) => priorityOf(other) < priorityOf(pod));

const refusals = (pod: ApiObject, wanted: Wanted, pass: Pass): readonly Refusal[] =>
  pass.offers.flatMap((offer): readonly Refusal[] => {
    const why = unfit(wanted, offer, infoOf(pass, offer));
    // nobody looks for victims of pods that may not drive away others anyhow
    const mayPreempt = why?.isForPods === true && priorityOf(pod) > 0;
    return why === undefined ? [] : [{ unfit: why, hasVictims: mayPreempt && hasVictims(pod, offer, pass) }];
  });

interface Placed {
  readonly requests: readonly ServerRequest[];
  readonly wanted?: Wanted;
}

/** Decides on one pod. */
const place = (pod: ApiObject, pass: Pass): Placed => {
  const { view, now, offers } = pass;
  const { obstacle, terms } = obstaclesOf(pod, view.state);
  if (obstacle !== undefined) {
    return { requests: unschedulable(pod, explainOwn(offers.length, obstacle), view, now) };
  }
  const wanted = wantedBy(pod, terms);
  const candidates: Candidate[] = [];
  for (const offer of offers) {
    const info = infoOf(pass, offer);
    if (unfit(wanted, offer, info) === undefined) candidates.push({ offer, info });
  }
  const best = bestOf(wanted, candidates);
  if (best === undefined) {
    return { requests: unschedulable(pod, explain(refusals(pod, wanted, pass)), view, now), wanted };
  }
  pass.infos.set(best.offer.name, withTake(best.info, wanted));
  return { requests: bound(pod, best.offer.name, view, now), wanted };
};

/** Whether a pod that fitted nowhere fits on one of the nodes that pods have left. */
const fitsWhereFreed = ({ wanted }: Pending, freed: Iterable<string>, { infos }: Pass): boolean => {
  if (wanted === undefined) return false;
  for (const name of freed) {
    const info = infos.get(name);
    if (info?.offer !== undefined && unfit(wanted, info.offer, info) === undefined) return true;
  }
  return false;
};

/** Whether there is anything to be tried. */
const hasWork = ({ fresh, tried }: Cluster, { isAny, freed }: News): boolean =>
  !isEmpty(fresh) || ((isAny || freed.size > 0) && !isEmpty(tried));

/** The most urgent first, of both queues. */
const inOrder = ({ fresh, tried }: Cluster, { isAny, freed }: News): readonly string[] => {
  const places = [...pendingIn(fresh)].map(([place]) => place);
  if (!isAny && freed.size === 0) return places;
  const others = [...pendingIn(tried)].map(([place]) => place);
  return places.length === 0 ? others : [...places, ...others].toSorted();
};

/**
 * Binds pods to nodes, one after the other: the most urgent first, on the best of the nodes that can take it. A pod that no node can
 * take says why, and is looked at again when nodes or volumes have changed, or when it fits where other pods have left (until
 * then what it says may be what was so before). It never drives pods away, and leaves alone those that require what it does
 * not know (see `obstacle.ts`); wishes about other pods are not granted.
 */
export const scheduler: Controller<Cluster> = {
  name: "scheduler",
  looksAt: ["nodes", "pods", "persistentvolumeclaims", "persistentvolumes"],
  start: noCluster,
  reconcile: (memory, view, changes, now) => {
    const { cluster, news } = withChanges(memory, changes);
    if (!hasWork(cluster, news)) return { memory: cluster, requests: [] };
    const pass = beginPass(cluster, view, now);
    const requests: ServerRequest[] = [];
    let next = cluster;
    for (const at of inOrder(cluster, news)) {
      const tried = pendingAt(cluster.tried, at);
      if (tried !== undefined && !news.isAny && !fitsWhereFreed(tried, news.freed, pass)) continue;
      const pod = objectAt(objectsOf(view.state, "pods"), keyAt(at));
      if (pod === undefined) continue;
      const placed = place(pod, pass);
      requests.push(...placed.requests);
      next = withTried(next, at, placed.wanted);
    }
    return { memory: next, requests };
  },
};
