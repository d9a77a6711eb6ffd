import type { Millis } from "../time.ts";
import type { LateField } from "./field_ref.ts";
import type { PodIntent, Problem } from "./intent.ts";
import type { Owner } from "./observed.ts";

/** What the pod reconciler is told of the node and its back end. All durations in milliseconds. */
export interface PodPolicy {
  /** `pods`: the back end runs whole pods. `containers`: it runs single containers, the core makes them a pod. */
  readonly kind: "pods" | "containers";
  /** The back end can change a pod in place. */
  readonly canUpdate: boolean;
  /** Our mark: what does not carry it is never removed. */
  readonly owner: Owner;
  /** Addresses that the back end puts into the environment by itself, with `bindEnv`. */
  readonly binds: readonly LateField[];
  /** The back end gives containers the files of their volumes. */
  readonly files: boolean;
  /** It pulls images by itself: it is given the credentials of `imagePullSecrets`. */
  readonly pulls: boolean;
  /** It takes new files while the pod runs. */
  readonly canUpdateFiles: boolean;
  /** Names the fields that the back end cannot honour. Pure. */
  readonly check: (intent: PodIntent) => readonly Problem[];
  /** `status.hostIP` when the back end does not tell one. */
  readonly hostIP: string | undefined;
  /** A pod that starts faster is never written as Pending: this saves a write. */
  readonly pendingStatusDelayMs: Millis;
  /** How long a pod that the API does not list is left alone before it is looked up and removed. */
  readonly orphanGraceMs: Millis;
  /** How long a pod that ran may be missing from the back end before it counts as lost. */
  readonly lostGraceMs: Millis;
  /** How long after the grace period a stop is repeated, without grace. */
  readonly stopSlackMs: Millis;
  /** The grace given to a pod whose object is already gone (force deletion). */
  readonly forcedGraceMs: Millis;
  /** How long we wait for the watch to show what we wrote before we believe that somebody undid it. */
  readonly echoHoldMs: Millis;
  /** `false` saves the terminal status of a pod that is being deleted. */
  readonly terminalStatus: boolean;
  /** Normal events too, not only warnings. */
  readonly normalEvents: boolean;
  /** Every pod is to be deleted gracefully: the node is being drained. */
  readonly draining: boolean;
}

/** A back end that runs pods, cannot update them and honours every field. */
export const defaultPodPolicy: PodPolicy = {
  kind: "pods",
  canUpdate: false,
  owner: { cluster: "", node: "" },
  binds: [],
  files: false,
  pulls: false,
  canUpdateFiles: false,
  check: () => [],
  hostIP: undefined,
  pendingStatusDelayMs: 1_000,
  orphanGraceMs: 30_000,
  lostGraceMs: 5_000,
  stopSlackMs: 10_000,
  forcedGraceMs: 2_000,
  echoHoldMs: 5_000,
  terminalStatus: true,
  normalEvents: false,
  draining: false,
};
