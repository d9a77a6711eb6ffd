import { type ApiRequest, podPath } from "../kubernetes/request.ts";
import type { ObjectRef } from "../kubernetes/meta.ts";
import type { Now } from "../time.ts";
import type { PodMemory } from "./memory.ts";
import type { ObservedPod, Owner } from "./observed.ts";
import { because, type PodPlan, rest, wakeBy, withApiOp } from "./plan.ts";
import type { PodPolicy } from "./policy.ts";
import { removePod, stopPod, tightened } from "./stop.ts";

/** It carries our mark, or this process made it. */
export const isOurs = (observed: ObservedPod, memory: PodMemory, owner: Owner): boolean =>
  memory.created || (observed.owner !== undefined && observed.owner.cluster === owner.cluster &&
    observed.owner.node === owner.node);

/**
 * A live read that a node's own identity may make as well: the Node authorizer refuses to `get` a pod that does not
 * exist, but allows lists that select the node.
 */
export const readPodRequest = (ref: ObjectRef, node: string): ApiRequest => ({
  method: "GET",
  path: podPath(ref.namespace, "").replace(/\/$/, ""),
  query: { fieldSelector: `spec.nodeName=${node},metadata.name=${ref.name}` },
});

const remove = (
  ref: ObjectRef,
  observed: ObservedPod,
  memory: PodMemory,
  now: Now,
  policy: PodPolicy,
): PodPlan => {
  const context = { ref, observed, now, policy };
  const graceMs = Math.min(policy.forcedGraceMs, memory.kill?.graceMs ?? policy.forcedGraceMs);
  const { plan, stopped } = stopPod(context, memory, tightened(memory.kill, graceMs, now));
  return because(stopped ? removePod(context, plan) : plan, "RemoveOrphan");
};

/**
 * The API positively has no pod of this UID, but the back end has. It is removed only with our ownership mark, and,
 * unless the watch itself told of the deletion, only after a grace window and a confirming live read.
 */
export const removeOrphan = (
  observed: ObservedPod,
  memory: PodMemory,
  now: Now,
  policy: PodPolicy,
): PodPlan => {
  const ref: ObjectRef = { namespace: observed.namespace, name: observed.name, uid: observed.uid };
  const goneSince = memory.goneSince ?? now.mono;
  const noted: PodMemory = { ...memory, gone: memory.gone ?? "list", goneSince };
  if (!isOurs(observed, noted, policy.owner)) return rest(noted, "Foreign");
  if (noted.gone !== "list") return remove(ref, observed, noted, now, policy);
  if (noted.apiOp !== undefined) return rest(noted, "Confirming");
  const at = Math.max(goneSince + policy.orphanGraceMs, noted.api.notBefore);
  if (now.mono < at) return wakeBy(rest(noted, "OrphanGrace"), at);
  const request = readPodRequest(ref, policy.owner.node);
  return withApiOp(rest(noted, "ConfirmGone"), { _tag: "ReadPod", uid: ref.uid, ref, request }, "read");
};
