import fc from "fast-check";
import type {
  Action,
  NodeAction,
  PodAction,
  PodApiAction,
  ProviderAction,
  RuntimeAction,
} from "../../core/action.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import {
  createEvent,
  createLease,
  createNode,
  deletePod,
  patchLease,
  patchNode,
  patchNodeStatus,
} from "../../core/kubernetes/request.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import { readPodRequest } from "../../core/pod/orphan.ts";
import { specHashOf } from "../../core/pod/spec_hash.ts";
import { statusPatch } from "../../core/pod/status_patch.ts";
import { ourMark } from "./observed.ts";
import { anyNewPodOf, anyPodOf } from "./pod.ts";
import { anyPodStatusOf } from "./pod_status.ts";
import { anyOf, anyRecord } from "./record.ts";

const graceMs = anyOf(0, 1_000, 30_000);

/** What a back end is asked to run of this pod, with nothing in its environment. */
export const intentOf = (pod: Pod): PodIntent => ({
  pod,
  env: Object.fromEntries(
    [...pod.spec.initContainers ?? [], ...pod.spec.containers].map(({ name }) => [name, []]),
  ),
  specHash: specHashOf(pod),
  owner: ourMark,
});

/** What a back end may be asked to run. */
export const anyIntent: fc.Arbitrary<PodIntent> = anyNewPodOf().map(intentOf);

/** Asked of a back end that runs pods, about this one. */
export const anyProviderActionOf = (ref: ObjectRef): fc.Arbitrary<ProviderAction> =>
  fc.oneof(
    anyRecord({ _tag: anyOf("CreatePod", "UpdatePod"), pod: anyNewPodOf({ ref }) }).map(
      ({ _tag, pod }): ProviderAction => ({ _tag, uid: ref.uid, intent: intentOf(pod) }),
    ),
    graceMs.map((graceMs): ProviderAction => ({ _tag: "DeletePod", uid: ref.uid, ref, graceMs })),
  );

/** Asked of a back end that runs containers, about this pod. */
export const anyRuntimeActionOf = (ref: ObjectRef): fc.Arbitrary<RuntimeAction> =>
  fc.oneof(
    fc.tuple(anyPodOf({ ref }), anyOf(0, 1, 4)).map(([pod, restartCount]): RuntimeAction => ({
      _tag: "StartContainer",
      uid: ref.uid,
      intent: intentOf(pod),
      container: pod.spec.containers[0] ?? { name: "a" },
      restartCount,
    })),
    fc.tuple(anyOf("i", "a", "b"), graceMs).map(([container, graceMs]): RuntimeAction => ({
      _tag: "StopContainer",
      uid: ref.uid,
      ref,
      container,
      graceMs,
    })),
    fc.constant<RuntimeAction>({ _tag: "RemovePod", uid: ref.uid, ref }),
  );

/** Asked of the API about this pod. */
export const anyPodApiActionOf = (ref: ObjectRef): fc.Arbitrary<PodApiAction> => {
  const { namespace, name, uid } = ref;
  return fc.oneof(
    anyPodStatusOf(["a"]).map((status): PodApiAction => ({
      _tag: "PatchPodStatus",
      uid,
      ref,
      status,
      request: statusPatch(ref, status, {}, "1"),
    })),
    anyOf<PodApiAction>(
      { _tag: "FinalizePod", uid, ref, request: deletePod(namespace, name, uid, 0) },
      { _tag: "EvictPod", uid, ref, request: deletePod(namespace, name, uid, undefined) },
      { _tag: "ReadPod", uid, ref, request: readPodRequest(ref, "n") },
    ),
  );
};

/** Anything that may be asked about this pod. */
export const anyPodActionOf = (ref: ObjectRef): fc.Arbitrary<PodAction> =>
  fc.oneof(anyProviderActionOf(ref), anyRuntimeActionOf(ref), anyPodApiActionOf(ref));

/** Anything that may be asked about node `n`. */
export const anyNodeAction: fc.Arbitrary<NodeAction> = anyOf<NodeAction>(
  { _tag: "RenewLease", request: patchLease("n", { spec: {} }, 10_000) },
  { _tag: "CreateLease", request: createLease({ spec: {} }, 10_000) },
  { _tag: "CreateNode", request: createNode({ metadata: { name: "n" } }) },
  { _tag: "PatchNode", request: patchNode("n", { metadata: {} }) },
  { _tag: "PatchNodeStatus", request: patchNodeStatus("n", { status: {} }) },
  { _tag: "PingBackend" },
);

/** Anything that may be asked for about these pods, their node, or the back end as a whole. */
export const anyActionOf = (refs: readonly ObjectRef[]): fc.Arbitrary<Action> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...refs.map(anyPodActionOf)) },
    { weight: 2, arbitrary: anyNodeAction },
    { weight: 1, arbitrary: fc.nat(20).map((seq): Action => ({ _tag: "ListBackend", seq })) },
    {
      weight: 1,
      arbitrary: fc.constant<Action>({
        _tag: "WriteEvent",
        request: createEvent("shop", { metadata: { name: "e" } }),
      }),
    },
  );
