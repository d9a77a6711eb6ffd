import type { Pod } from "../kubernetes/pod.ts";
import type { Owner } from "./observed.ts";

/** One variable of a container's environment, resolved. */
export interface EnvValue {
  readonly name: string;
  readonly value: string;
}

/** What a back end is asked to run: nothing in it is left to look up in Kubernetes. */
export interface PodIntent {
  readonly pod: Pod;
  /** By container name (init containers too), in the order of the spec. */
  readonly env: Readonly<Record<string, readonly EnvValue[]>>;
  /** A hash of everything in the spec that an update may change. */
  readonly specHash: string;
  /** To be written on whatever the back end creates, and given back in `ObservedPod.owner`. */
  readonly owner: Owner;
}

/** A field of a pod that a back end cannot honour: refused (`fatal`) or only warned about. */
export interface Problem {
  /** The path, for example `spec.containers[0].securityContext`. */
  readonly field: string;
  readonly message: string;
  readonly fatal: boolean;
}
