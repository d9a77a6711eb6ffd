import type { Action } from "./action.ts";
import type { BadItem } from "./kubernetes/decode.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { Node, NodeAddress, NodeCondition, ResourceList } from "./kubernetes/node.ts";
import type { Pod } from "./kubernetes/pod.ts";
import type { Fault } from "./fault.ts";
import type { ObjectKey, ReferredObject } from "./objects/key.ts";
import type { ObservedPod } from "./pod/observed.ts";

/** What the back end says of the node; absent fields keep what the description says. */
export interface NodeFacts {
  readonly capacity?: ResourceList;
  readonly allocatable?: ResourceList;
  readonly conditions?: readonly NodeCondition[];
  readonly addresses?: readonly NodeAddress[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an action brought back, where it brings back anything. */
export type Result =
  | { readonly _tag: "Nothing" }
  /** Of CreatePod, UpdatePod, StartContainer and StopContainer: what the back end sees of the pod then. */
  | { readonly _tag: "SawPod"; readonly pod: ObservedPod }
  /** Of ListBackend. */
  | { readonly _tag: "Listed"; readonly pods: readonly ObservedPod[] }
  /** Of ReadPod: the pod, or that there is none of this UID. */
  | { readonly _tag: "ReadPod"; readonly pod: Pod | undefined }
  /** Of ReadObject: all that there is of its key. */
  | {
    readonly _tag: "ReadObject";
    readonly items: readonly ReferredObject[];
    readonly bad: readonly BadItem[];
  };

/** A past fact. Events fold into the state; they never become an action directly. */
export type Event =
  /** A complete list of the node's pods: what is not in it is gone. */
  | { readonly _tag: "PodsListed"; readonly pods: readonly Pod[]; readonly bad: readonly BadItem[] }
  | { readonly _tag: "PodApplied"; readonly pod: Pod }
  | { readonly _tag: "PodUndecodable"; readonly bad: BadItem }
  | { readonly _tag: "PodDeleted"; readonly uid: Uid }
  /** All that there is of a key that is watched. */
  | {
    readonly _tag: "ObjectsListed";
    readonly key: ObjectKey;
    readonly items: readonly ReferredObject[];
    readonly bad: readonly BadItem[];
  }
  | { readonly _tag: "ObjectApplied"; readonly key: ObjectKey; readonly item: ReferredObject }
  | { readonly _tag: "ObjectUndecodable"; readonly key: ObjectKey; readonly bad: BadItem }
  | { readonly _tag: "ObjectDeleted"; readonly key: ObjectKey; readonly name: string }
  | { readonly _tag: "NodeApplied"; readonly node: Node }
  | { readonly _tag: "NodeAbsent" }
  | { readonly _tag: "BackendChanged"; readonly pod: ObservedPod }
  | { readonly _tag: "BackendGone"; readonly uid: Uid }
  /** News of the back end may have been missed, or a poll is due. */
  | { readonly _tag: "BackendReset" }
  | { readonly _tag: "NodeFactsChanged"; readonly facts: NodeFacts }
  | { readonly _tag: "ActionDone"; readonly action: Action; readonly result: Result }
  | { readonly _tag: "ActionFailed"; readonly action: Action; readonly fault: Fault }
  /** Nothing but time has passed. */
  | { readonly _tag: "Tick" }
  /** Stop: `leave` everything as it is, or `drain`: delete the pods gracefully, then say NotReady. */
  | { readonly _tag: "Shutdown"; readonly mode: "leave" | "drain" };
