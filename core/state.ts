import type { NodeFacts } from "./event.ts";
import { emptyRecorder, type EventSource, type RecorderMemory } from "./event_recorder.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { Node } from "./kubernetes/node.ts";
import type { Pod } from "./kubernetes/pod.ts";
import type { NodeDescription } from "./node/description.ts";
import { emptyNodeMemory, type NodeMemory } from "./node/memory.ts";
import { defaultNodePolicy, type NodePolicy } from "./node/policy.ts";
import type { ObjectKey } from "./objects/key.ts";
import { noObjects, type Objects } from "./objects/objects.ts";
import { defaultObjectPolicy, type ObjectPolicy } from "./objects/policy.ts";
import { emptyPodMemory, type PodMemory, type Retry } from "./pod/memory.ts";
import type { ObservedPod } from "./pod/observed.ts";
import { defaultPodPolicy, type PodPolicy } from "./pod/policy.ts";
import { noSamples, type Samples } from "./samples.ts";
import { type Seen, unknown } from "./seen.ts";
import { emptyTable, type Table } from "./table.ts";
import type { Millis } from "./time.ts";

/** One pod: what the API wants, what the back end has, and what we remember of it. */
export interface PodEntry {
  readonly desired: Seen<Pod>;
  readonly observed: Seen<ObservedPod>;
  /** What was told of it while `observed` is unknown: nothing to go by before a list, but not to be forgotten. */
  readonly heard: ObservedPod | undefined;
  /** When `observed` was last told, in the order of the back end's facts: an older list does not undo a newer fact. */
  readonly observedSeq: number;
  /**
   * That the back end has no such pod was only said once: a list that does not name it either makes it absent. A pod
   * that nobody has begun to run counts as absent before that, but is not let go on the strength of it.
   */
  readonly missed: boolean;
  readonly memory: PodMemory;
  /** What it refers to, while it may still be given something. */
  readonly refs: readonly ObjectKey[];
  /** The API has said that it was deleted, and so has no pod of this UID ever again. */
  readonly over: boolean;
  readonly wakeAt: Millis | undefined;
  /** Why the last plan was what it was. */
  readonly why: string;
}

/** What is known of the back end as a whole. */
export interface BackendEntry {
  /** There is one: a node alone has none. */
  readonly exists: boolean;
  /** It was listed at least once since the start, so what it did not name is positively absent. */
  readonly listed: boolean;
  /** A list is under way. */
  readonly listing: boolean;
  /** A list is due as soon as it may be. */
  readonly wanted: boolean;
  readonly nextListAt: Millis;
  readonly retry: Retry;
  /** Counts the facts that it told. */
  readonly seq: number;
}

/** How the whole node is run. */
export interface Policy {
  readonly pod: PodPolicy;
  readonly node: NodePolicy;
  readonly objects: ObjectPolicy;
  readonly source: EventSource;
  /** From one list of the back end to the next: its pace when it cannot be watched, a safety net when it can. */
  readonly listPeriodMs: Millis;
  /** The back end tells of changes by itself. */
  readonly watched: boolean;
}

/** The node: what it is to be, what the API has, and what we remember of it. */
export interface NodeEntry {
  readonly description: NodeDescription;
  readonly facts: NodeFacts;
  /** The description with the facts on top, and the lifecycle: as it was last looked at. */
  readonly desired: NodeDescription;
  readonly observed: Seen<Node>;
  readonly memory: NodeMemory;
  readonly wakeAt: Millis | undefined;
  /** Why the last plan was what it was. */
  readonly why: string;
}

/** Everything that the agent of one node knows. A value: `step` makes the next one. */
export interface State {
  readonly policy: Policy;
  readonly lifecycle: "running" | "draining" | "drained";
  /** The node's pods were listed at least once, so what was not named is positively absent. */
  readonly podsSynced: boolean;
  readonly pods: Table<PodEntry>;
  /**
   * What pods share their parts with.
   * @ignore
   */
  readonly samples: Samples;
  readonly node: NodeEntry;
  readonly backend: BackendEntry;
  /** What the pods refer to, as far as it is known. */
  readonly objects: Objects;
  /** @ignore */
  readonly deadlines: Deadlines;
  /** @ignore */
  readonly recorder: RecorderMemory;
}

/** What {@link initialState} is made of; everything but the description has defaults. */
export interface Setup {
  readonly description: NodeDescription;
  readonly backend?: boolean;
  readonly pod?: Partial<PodPolicy>;
  readonly node?: NodePolicy;
  /** By default nothing that pods refer to is read, and all of it counts as absent. */
  readonly objects?: Partial<ObjectPolicy>;
  readonly source?: EventSource;
  readonly listPeriodMs?: Millis;
  readonly watched?: boolean;
}

/** The state of an agent that has seen nothing yet. */
export const initialState = (setup: Setup): State => ({
  policy: {
    pod: {
      ...defaultPodPolicy,
      owner: { cluster: "", node: setup.description.name },
      ...setup.pod,
    },
    node: setup.node ?? defaultNodePolicy,
    objects: { ...defaultObjectPolicy, ...setup.objects },
    source: setup.source ?? { component: "virtual-kubelet", host: setup.description.name },
    listPeriodMs: setup.listPeriodMs ?? (setup.watched === true ? 300_000 : 5_000),
    watched: setup.watched ?? false,
  },
  lifecycle: "running",
  podsSynced: false,
  pods: emptyTable,
  samples: noSamples,
  node: {
    description: setup.description,
    facts: {},
    desired: setup.description,
    observed: unknown,
    memory: emptyNodeMemory,
    wakeAt: undefined,
    why: "",
  },
  backend: {
    exists: setup.backend ?? true,
    listed: false,
    listing: false,
    wanted: true,
    nextListAt: 0,
    retry: { attempt: 0, notBefore: 0 },
    seq: 0,
  },
  objects: noObjects(setup.objects?.read ?? defaultObjectPolicy.read),
  deadlines: undefined,
  recorder: emptyRecorder,
});

/** The entry of a pod that was not known: absent where that is positively known, unknown otherwise. */
export const newEntry = (state: State): PodEntry => ({
  desired: state.podsSynced ? { _tag: "Absent" } : unknown,
  observed: state.backend.listed ? { _tag: "Absent" } : unknown,
  heard: undefined,
  observedSeq: 0,
  missed: false,
  memory: emptyPodMemory,
  refs: [],
  over: false,
  wakeAt: undefined,
  why: "",
});

/** One {@link PodEntry} with its key. */
export interface Keyed {
  readonly uid: Uid;
  readonly entry: PodEntry;
}
