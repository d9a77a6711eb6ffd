import type { Container } from "./kubernetes/container.ts";
import type { ObjectRef, Uid } from "./kubernetes/meta.ts";
import type { ApiRequest } from "./kubernetes/request.ts";
import type { ObjectKey } from "./objects/key.ts";
import type { PodStatus } from "./kubernetes/pod_status.ts";
import type { PodIntent } from "./pod/intent.ts";
import type { Millis } from "./time.ts";
import type { FilesVolume } from "./volume/volume.ts";

/** Done by a back end that runs pods. Idempotent by UID. */
export type ProviderAction =
  | { readonly _tag: "CreatePod"; readonly uid: Uid; readonly intent: PodIntent }
  | { readonly _tag: "UpdatePod"; readonly uid: Uid; readonly intent: PodIntent }
  | { readonly _tag: "DeletePod"; readonly uid: Uid; readonly ref: ObjectRef; readonly graceMs: Millis };

/** Done by a back end that runs containers. Idempotent by UID, container and restart count. */
export type RuntimeAction =
  | {
    readonly _tag: "StartContainer";
    readonly uid: Uid;
    readonly intent: PodIntent;
    readonly container: Container;
    readonly restartCount: number;
  }
  | {
    readonly _tag: "StopContainer";
    readonly uid: Uid;
    readonly ref: ObjectRef;
    readonly container: string;
    readonly graceMs: Millis;
  }
  | { readonly _tag: "RemovePod"; readonly uid: Uid; readonly ref: ObjectRef };

/** Done by a back end of either kind. Idempotent: the same files again change nothing. */
export interface UpdateFiles {
  readonly _tag: "UpdateFiles";
  readonly uid: Uid;
  readonly ref: ObjectRef;
  /** By name of the volume: all of its files, as they are to be. */
  readonly volumes: Readonly<Record<string, FilesVolume>>;
  readonly version: string;
}

/** Done on a pod's object in the API; every one carries the UID as its precondition. */
export type PodApiAction =
  | {
    readonly _tag: "PatchPodStatus";
    readonly uid: Uid;
    readonly ref: ObjectRef;
    /** What the status is to be, in full, of what we own. */
    readonly status: PodStatus;
    readonly request: ApiRequest;
  }
  /** Removes the object: everything of the pod has ended. */
  | { readonly _tag: "FinalizePod"; readonly uid: Uid; readonly ref: ObjectRef; readonly request: ApiRequest }
  /** Asks for the pod's graceful deletion, as a drain does. */
  | { readonly _tag: "EvictPod"; readonly uid: Uid; readonly ref: ObjectRef; readonly request: ApiRequest }
  /** A live read, to confirm that a pod is really gone before its instance is removed. */
  | { readonly _tag: "ReadPod"; readonly uid: Uid; readonly ref: ObjectRef; readonly request: ApiRequest };

/** Everything that the pod reconciler may ask for. */
export type PodAction = ProviderAction | RuntimeAction | UpdateFiles | PodApiAction;

/** Done on the node and its lease. */
export type NodeAction =
  | { readonly _tag: "RenewLease"; readonly request: ApiRequest }
  | { readonly _tag: "CreateLease"; readonly request: ApiRequest }
  | { readonly _tag: "CreateNode"; readonly request: ApiRequest }
  | { readonly _tag: "PatchNode"; readonly request: ApiRequest }
  | { readonly _tag: "PatchNodeStatus"; readonly request: ApiRequest }
  /** Asks the back end whether it is there. */
  | { readonly _tag: "PingBackend" };

/** A Kubernetes Event to be recorded about an object; best-effort. */
export interface EmitEvent {
  readonly _tag: "EmitEvent";
  readonly about: { readonly kind: "Pod" | "Node"; readonly ref: ObjectRef };
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** What `step` makes of an {@link EmitEvent} that the recorder lets through. */
export interface WriteEvent {
  readonly _tag: "WriteEvent";
  readonly request: ApiRequest;
}

/** Asks the back end for everything it holds. `seq` orders the answer among other facts. */
export interface ListBackend {
  readonly _tag: "ListBackend";
  readonly seq: number;
}

/** Done about what pods refer to: ConfigMaps, Secrets, services. */
export type ObjectAction =
  /** Tell of it, and of every change, until it is no longer watched. */
  | { readonly _tag: "WatchObject"; readonly key: ObjectKey }
  | { readonly _tag: "UnwatchObject"; readonly key: ObjectKey }
  /** Reads it now. */
  | { readonly _tag: "ReadObject"; readonly key: ObjectKey; readonly request: ApiRequest };

/** Something to be done, as data: printable, comparable, replayable. What is secret in it is never printed. */
export type Action = PodAction | NodeAction | ListBackend | WriteEvent | ObjectAction;

/** What a reconciler wants: the actions, what it will remember, when to look again, and why. */
export interface Plan<Memory, Wanted, Why extends string = string> {
  readonly actions: readonly (Wanted | EmitEvent)[];
  readonly memory: Memory;
  /** On the `mono` clock; `undefined`: only a new fact can change anything. */
  readonly wakeAt: Millis | undefined;
  /** For logs and tables: a stable, short reason. */
  readonly why: Why;
}
