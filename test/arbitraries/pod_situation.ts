import fc from "fast-check";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { specHashOf } from "../../core/pod/spec_hash.ts";
import { present, type Seen } from "../../core/seen.ts";
import type { Now } from "../../core/time.ts";
import { midSeconds, momentOf } from "./moment.ts";
import { anyObservedPodOf } from "./observed.ts";
import { anyPodOf } from "./pod.ts";
import { anyPodMemoryOf } from "./pod_memory.ts";
import { anyPodPolicyOf } from "./pod_policy.ts";
import { anyOf, anyRecord } from "./record.ts";
import { anySeen } from "./seen.ts";

/** Everything that `reconcilePod` is given. */
export interface PodSituation {
  readonly desired: Seen<Pod>;
  readonly observed: Seen<ObservedPod>;
  readonly memory: PodMemory;
  readonly now: Now;
  readonly policy: PodPolicy;
}

/** The pod of every {@link PodSituation}. */
export const situated: ObjectRef = { namespace: "shop", name: "web", uid: "u-1" };

/** Stands for the hash of the pod's own spec, which is drawn at the same time. */
const own = "own";
const hashes = [own, own, "other"];

/** With the pod's own hash in its place, and now and then the status of the pod as what was written last. */
const coherent = (situation: PodSituation, echoes: boolean): PodSituation => {
  const { desired, observed, memory } = situation;
  const hash = desired._tag === "Present" ? specHashOf(desired.value) : "none";
  const real = (text: string): string => text === own ? hash : text;
  const { rejected, warnedOf, appliedHash, written } = memory;
  const shown = desired._tag === "Present" && echoes ? desired.value.status : undefined;
  return {
    ...situation,
    observed: observed._tag === "Present" && observed.value.specHash !== undefined
      ? present({ ...observed.value, specHash: real(observed.value.specHash) })
      : observed,
    memory: {
      ...memory,
      rejected: rejected === undefined ? undefined : { ...rejected, specHash: real(rejected.specHash) },
      warnedOf: warnedOf === undefined ? undefined : real(warnedOf),
      appliedHash: appliedHash === undefined ? undefined : real(appliedHash),
      written: written === undefined ? undefined : { ...written, status: shown ?? written.status },
    },
  };
};

/** Any situation of one pod on a back end of this kind, in the middle of the time in which all else happens. */
export const anyPodSituationOf = (kind: PodPolicy["kind"]): fc.Arbitrary<PodSituation> =>
  fc.tuple(
    anyRecord({
      desired: anySeen(anyPodOf({ ref: situated })),
      observed: anySeen(anyObservedPodOf({ ref: situated, hashes })),
      memory: anyPodMemoryOf({ kind, ref: situated, hashes }),
      now: fc.constant(momentOf(midSeconds)),
      policy: anyPodPolicyOf(kind),
    }),
    anyOf(false, false, true),
  ).map(([situation, echoes]) => coherent(situation, echoes));

/** Any situation of one pod. */
export const anyPodSituation: fc.Arbitrary<PodSituation> = anyOf("pods", "containers").chain(
  anyPodSituationOf,
);
