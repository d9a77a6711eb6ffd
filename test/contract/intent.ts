import type { Container } from "../../core/kubernetes/container.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { PodSpec } from "../../core/kubernetes/pod.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { Owner } from "../../core/pod/observed.ts";

/** What a check wants to have run. */
export interface Wanted {
  readonly ref: ObjectRef;
  readonly owner: Owner;
  readonly containers: readonly Container[];
  /** `Never` unless told. */
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly specHash?: string;
  readonly spec?: Partial<PodSpec>;
}

const frozen = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

/** As the core makes it; frozen, so that a back end that changes what it is given is found out. */
export const intentOf = (wanted: Wanted): PodIntent => {
  const { ref, owner, containers, restartPolicy = "Never", specHash = "hash-1", spec } = wanted;
  return frozen({
    pod: {
      metadata: { uid: ref.uid, name: ref.name, namespace: ref.namespace },
      spec: { restartPolicy, containers, ...spec },
      status: {},
    },
    env: Object.fromEntries(containers.map(({ name }) => [name, []])),
    specHash,
    owner,
  });
};
