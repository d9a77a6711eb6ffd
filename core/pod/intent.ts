import type { Pod } from "../kubernetes/pod.ts";
import type { ResolvedMount, ResolvedVolume } from "../volume/volume.ts";
import type { LateField } from "./field_ref.ts";
import type { Owner } from "./observed.ts";
import type { PullCredential } from "./pull_credentials.ts";

/** A part of a value: text, or an address that the back end puts in its place. */
export type EnvPiece = string | { readonly field: LateField };

/**
 * One variable of a container's environment, resolved. One whose value comes from a Secret can be read, but its value is
 * never printed, spread or sent along: name it (`({ name, value }) => …`).
 */
export interface EnvValue {
  readonly name: string;
  readonly value: string;
  /** Only for back ends that say so (`binds`): a value with addresses that only they know, for `bindEnv`. */
  readonly pieces?: readonly EnvPiece[];
}

/** What a back end is asked to run: nothing in it is left to look up in Kubernetes. */
export interface PodIntent {
  readonly pod: Pod;
  /**
   * By container name (init containers too): first `envFrom` in the order of the spec, each by key, then `env` in the order
   * of the spec, then the services. Of a runtime's intent only the container to be started is sure to be in it.
   */
  readonly env: Readonly<Record<string, readonly EnvValue[]>>;
  /** By name, those that a container mounts. Only for back ends that say that they take them (`files`). */
  readonly volumes?: Readonly<Record<string, ResolvedVolume>>;
  /** By container name, in the order of the spec. Only together with `volumes`. */
  readonly mounts?: Readonly<Record<string, readonly ResolvedMount[]>>;
  /** Of `imagePullSecrets`, in their order. Only for back ends that say that they pull images (`pulls`). */
  readonly pullCredentials?: readonly PullCredential[];
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
