import { isTerminal } from "../../../core/kubernetes/pod.ts";
import { earlier, type Millis, type Now } from "../../../core/time.ts";
import { numberAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf } from "../state.ts";
import { listed } from "../store.ts";
import { controllerManager, podPath, remove, strategicPatch } from "./ask.ts";
import { type Controller, isLatest, type View } from "./controller.ts";
import { disruptionTarget } from "./disruption_target.ts";
import { hasPods, nodeNameOf, podsOfNode } from "./pods_by_node.ts";

interface Memory {
  /** Nodes that pods are bound to and that do not exist: since when this is known. */
  readonly missing: Readonly<Record<string, Millis>>;
  /** How many pods have ended. */
  readonly ended: number;
  /** When those may be too many. */
  readonly countAt?: Millis | undefined;
}

const hasEnded = (pod: ApiObject): boolean => isTerminal(textAt(pod, "status", "phase"));

/** Ends a pod that nobody ends otherwise: its phase is told as `Failed` unless it had ended, then it goes at once. */
const collected = (pod: ApiObject, conditions: readonly JsonObject[]): readonly ServerRequest[] => {
  const { uid } = pod.metadata, path = podPath(pod);
  const status = { phase: "Failed", ...(conditions.length === 0 ? {} : { conditions }) };
  return [
    ...(hasEnded(pod)
      ? []
      : [strategicPatch(controllerManager, `${path}/status`, { metadata: { uid }, status })]),
    remove(controllerManager, path, { gracePeriodSeconds: 0, preconditions: { uid } }),
  ];
};

/** Deleted before it was bound, and something holds it: no kubelet will say that it has ended. */
const isUnboundAndEnding = (pod: ApiObject): boolean =>
  pod.metadata.deletionTimestamp !== undefined && nodeNameOf(pod) === "" && !hasEnded(pod);

const missingNodes = (
  before: Memory["missing"],
  { state, pods }: View,
  changes: readonly Change[],
  now: Now,
): Memory["missing"] => {
  const next: Record<string, Millis> = { ...before };
  const names = changes.map(({ resource, object }) =>
    resource === "nodes" ? object.metadata.name : nodeNameOf(object)
  );
  for (const name of new Set(names)) {
    if (name === "") continue;
    const isMissing = objectAt(objectsOf(state, "nodes"), name) === undefined && hasPods(pods, name);
    if (!isMissing) delete next[name];
    else next[name] ??= now.mono;
  }
  return next;
};

const endedBy = (before: number, changes: readonly Change[]): number =>
  changes.reduce((count, { resource, type, object, previous }) => {
    if (resource !== "pods") return count;
    const was = type !== "ADDED" && hasEnded(previous ?? object);
    const is = type !== "DELETED" && hasEnded(object);
    return count + Number(is) - Number(was);
  }, before);

const orphans = (missing: Memory["missing"], { pods, settings }: View, now: Now): readonly ServerRequest[] =>
  Object.entries(missing)
    .filter(([, since]) => since + settings.orphanQuarantineMs <= now.mono)
    .flatMap(([name]) => podsOfNode(pods, name))
    .flatMap((pod) =>
      collected(pod, [disruptionTarget(pod, "DeletionByPodGC", "PodGC: node no longer exists", now)])
    );

/** The oldest of those that have ended, as many as there are too many. */
const surplus = (view: View): readonly ServerRequest[] => {
  const ended = listed(view.state, "pods").filter(hasEnded);
  const order = (pod: ApiObject): string => `${pod.metadata.creationTimestamp} ${podPath(pod)}`;
  return ended
    .toSorted((a, b) => order(a) < order(b) ? -1 : 1)
    .slice(0, Math.max(0, ended.length - view.settings.terminatedPodThreshold))
    .filter(({ metadata }) => numberAt(metadata, "deletionGracePeriodSeconds") !== 0)
    .flatMap((pod) => collected(pod, []));
};

/**
 * Pods that no kubelet takes care of: of a node that has not existed for a while, deleted before they were bound, or ended and
 * one of too many.
 */
export const podGc: Controller<Memory> = {
  name: "pod-gc",
  looksAt: ["nodes", "pods"],
  start: { missing: {}, ended: 0 },
  reconcile: (memory, view, changes, now) => {
    const { terminatedPodThreshold, podGcPeriodMs, orphanQuarantineMs } = view.settings;
    const missing = missingNodes(memory.missing, view, changes, now);
    const ended = endedBy(memory.ended, changes);
    const unbound = changes
      .filter((change) => change.resource === "pods" && isLatest(view.state, change))
      .flatMap(({ object }) => isUnboundAndEnding(object) ? collected(object, []) : []);
    const isTooMany = terminatedPodThreshold > 0 && ended > terminatedPodThreshold;
    const isTime = isTooMany && (memory.countAt ?? now.mono) <= now.mono;
    const countAt = isTime ? now.mono + podGcPeriodMs : isTooMany ? memory.countAt : undefined;
    const requests = [...orphans(missing, view, now), ...unbound, ...(isTime ? surplus(view) : [])];
    // what was just asked for is gone, or looked at again as if it had just been found
    const rest = Object.fromEntries(
      Object.entries(missing).map(([name, since]) =>
        [name, since + orphanQuarantineMs <= now.mono ? now.mono : since] as const
      ),
    );
    const wakeAt = Object.values(rest).map((since) => since + orphanQuarantineMs).reduce(earlier, countAt);
    return { memory: { missing: rest, ended, countAt }, requests, wakeAt };
  },
};
