import type { Uid } from "../kubernetes/meta.ts";
import type { Millis } from "../time.ts";

/**
 * The state of one container as a back end sees it. Times are Unix milliseconds.
 * An exit by signal is told as exit code 128 + signal, as container engines do.
 */
export type ContainerState = ContainerWaiting | ContainerRunning | ContainerTerminated;

/** Not started yet, or between two instances. */
export interface ContainerWaiting {
  readonly _tag: "Waiting";
  /** CamelCase, for example `ErrImagePull`. */
  readonly reason?: string;
  readonly message?: string;
}

/** An instance runs. */
export interface ContainerRunning {
  readonly _tag: "Running";
  readonly startedAt: Millis;
}

/** An instance has ended. */
export interface ContainerTerminated {
  readonly _tag: "Terminated";
  readonly exitCode: number;
  readonly signal?: number;
  /** CamelCase; when absent it follows from the exit code: `Completed` or `Error`. */
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: Millis;
  readonly finishedAt?: Millis;
  /** `scheme://id` of the instance that ended, where that is not the container's own `id`. */
  readonly id?: string;
}

/** One container (init containers too, by name) as a back end sees it. */
export interface ObservedContainer {
  readonly name: string;
  readonly state: ContainerState;
  /** How often it was started again: 0 for the first instance. */
  readonly restartCount: number;
  /** How the instance before this one ended. */
  readonly last?: ContainerTerminated;
  /** `scheme://id`, for example `process://4711`. */
  readonly id?: string;
  /** The image as the pod named it when this instance was started. */
  readonly image?: string;
  readonly imageID?: string;
  /** For back ends that probe: `false` holds back the Ready condition. Absent: ready while it runs. */
  readonly ready?: boolean;
  /** For back ends that probe: `false` until the startup probe passed. Absent: started while it runs. */
  readonly started?: boolean;
}

/** Whose pod it is: written on the back end's object at creation, and the condition for ever removing it. */
export interface Owner {
  readonly cluster: string;
  readonly node: string;
}

/** One pod as a back end sees it: facts only, the core derives `PodStatus` from them. */
export interface ObservedPod {
  readonly uid: Uid;
  readonly namespace: string;
  readonly name: string;
  /** The mark from {@link PodIntent}; without it a pod that the API does not know is never removed. */
  readonly owner?: Owner;
  readonly containers: readonly ObservedContainer[];
  readonly podIPs?: readonly string[];
  readonly hostIP?: string;
  /** The {@link PodIntent} `specHash` that it runs, for back ends that can update. */
  readonly specHash?: string;
  /** Why the pod as a whole waits or failed, when no container can tell. CamelCase. */
  readonly reason?: string;
  readonly message?: string;
  /** `true`: the back end gave the pod up (evicted, spot reclaimed, never schedulable). Final. */
  readonly failed?: boolean;
}

/** A container that holds or may hold resources: it runs. */
export const isLive = (container: ObservedContainer): boolean => container.state._tag === "Running";

/** Every container that the back end knows of has ended. */
export const allEnded = (pod: ObservedPod): boolean =>
  pod.containers.length > 0 && pod.containers.every((container) => container.state._tag === "Terminated");
