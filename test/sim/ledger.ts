import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import { canonicalJson } from "../../core/hash.ts";
import { isTerminal } from "../../core/kubernetes/pod.ts";
import type { Millis } from "../../core/time.ts";
import { phaseOf } from "./edges.ts";
import type { Speaker } from "./node.ts";

/** What became of one pod's object in the API. */
export interface PodRecord {
  /** As it is, or was last. */
  object: ApiObject;
  goneAt: Millis | undefined;
  /** Since when its phase is final, and which agent said so, if an agent did. */
  terminalAt: Millis | undefined;
  terminalBy: string | undefined;
  /** Since when its status shows that a container has run. */
  ranAt: Millis | undefined;
  /** The grace that its deletion began with. */
  firstGraceMs: Millis | undefined;
  /** When its grace ends at the earliest, by all that was said. */
  graceEndsAt: Millis | undefined;
  /** Its containers were changed. */
  wasEdited: boolean;
}

/** Everything that the API server knows of pods and nodes, and since when: what the checks go by. */
export interface Ledger {
  readonly pods: ReadonlyMap<string, PodRecord>;
  /** Since when there has been a node of this name; `undefined`: there is none. */
  nodeSince(name: string): Millis | undefined;
  onChange(change: Change, speaker: Speaker | undefined): void;
}

const containersOf = (pod: ApiObject): unknown => ((pod.spec ?? {}) as JsonObject).containers;

const showsRun = (pod: ApiObject): boolean => {
  const { containerStatuses = [] } = (pod.status ?? {}) as {
    readonly containerStatuses?: readonly {
      readonly restartCount?: number;
      readonly state?: { readonly waiting?: unknown };
    }[];
  };
  return containerStatuses.some(({ restartCount = 0, state }) =>
    restartCount > 0 || (state !== undefined && state.waiting === undefined)
  );
};

export const makeLedger = (now: () => Millis): Ledger => {
  const pods = new Map<string, PodRecord>();
  const nodes = new Map<string, Millis>();

  const onPod = ({ type, object, previous }: Change, speaker: Speaker | undefined): void => {
    const { uid } = object.metadata;
    const record: PodRecord = pods.get(uid) ?? {
      object,
      goneAt: undefined,
      terminalAt: undefined,
      terminalBy: undefined,
      ranAt: undefined,
      firstGraceMs: undefined,
      graceEndsAt: undefined,
      wasEdited: false,
    };
    pods.set(uid, record);
    record.object = object;
    if (type === "DELETED") record.goneAt = now();
    const { deletionGracePeriodSeconds: seconds } = object.metadata;
    if (seconds !== undefined && seconds !== previous?.metadata.deletionGracePeriodSeconds) {
      record.firstGraceMs ??= seconds * 1000;
      record.graceEndsAt = Math.min(record.graceEndsAt ?? Infinity, now() + seconds * 1000);
    }
    if (record.ranAt === undefined && showsRun(object)) record.ranAt = now();
    if (record.terminalAt === undefined && isTerminal(phaseOf(object))) {
      record.terminalAt = now();
      record.terminalBy = speaker?.name;
    }
    if (previous !== undefined && containersOf(previous) !== containersOf(object)) {
      record.wasEdited ||= canonicalJson(containersOf(previous)) !== canonicalJson(containersOf(object));
    }
  };

  return {
    pods,
    nodeSince: (name) => nodes.get(name),
    onChange: (change, speaker) => {
      if (change.resource === "pods") onPod(change, speaker);
      if (change.resource !== "nodes") return;
      const { name } = change.object.metadata;
      if (change.type === "ADDED") nodes.set(name, now());
      if (change.type === "DELETED") nodes.delete(name);
    },
  };
};
