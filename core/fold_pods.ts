import type { EmitEvent } from "./action.ts";
import type { BadItem } from "./kubernetes/decode.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { Pod } from "./kubernetes/pod.ts";
import { isFresh, miss, want } from "./fold_backend.ts";
import { combine, entryOf, type Folded, nothing, putDesired, touched } from "./folded.ts";
import { shareParts } from "./samples.ts";
import { absent, present, unknown } from "./seen.ts";
import type { State } from "./state.ts";
import { forEachEntry, lookup } from "./table.ts";
import type { Now } from "./time.ts";

const isMine = (state: State, pod: Pod): boolean => pod.spec.nodeName === state.node.description.name;

/** It comes to light after the back end was listed: one list that has not named it is not enough, should it have run. */
const comesToLight = (state: State, uid: Uid): boolean =>
  state.backend.listed && lookup(state.pods, uid) === undefined;

/** The API has this pod. */
export const applyPod = (state: State, pod: Pod, now: Now): Folded => {
  if (!isMine(state, pod)) return nothing(state);
  const uid = pod.metadata.uid;
  const entry = entryOf(state, uid);
  const before = entry.desired;
  // a UID never comes back: a watch that tells the past again
  const { gone } = entry.memory;
  if (entry.over || (before._tag === "Absent" && (gone === "event" || gone === "confirmed"))) {
    return nothing(state);
  }
  const same = before._tag === "Present" && pod.metadata.resourceVersion !== undefined &&
    before.value.metadata.resourceVersion === pod.metadata.resourceVersion;
  if (same) return nothing(state);
  const { samples, pod: shared } = shareParts(
    state.samples,
    before._tag === "Present" ? before.value : undefined,
    entry.memory.writing ?? entry.memory.written?.status,
    pod,
  );
  const applied = putDesired({ ...state, samples }, uid, entry, present(shared));
  // to create it although it is there would do no harm, but to let its object go would
  const isLeaving = shared.metadata.deletionTimestamp !== undefined && entry.observed._tag === "Absent" &&
    entry.missed;
  const isDoubtful = isLeaving || (comesToLight(state, uid) && !isFresh(shared));
  return touched(isDoubtful ? miss(applied, uid, now).state : applied, uid);
};

/** A pod that exists, but cannot be read, is not gone: nothing is done about it, and that is said. */
export const applyBad = (state: State, bad: BadItem, now: Now): Folded => {
  if (bad.uid === "") return nothing(state);
  const { uid } = bad;
  const ref = { namespace: bad.namespace, name: bad.name, uid };
  const message = `The pod could not be read and is left alone: ${bad.problems.join("; ")}`;
  const event: EmitEvent = {
    _tag: "EmitEvent",
    about: { kind: "Pod", ref },
    type: "Warning",
    reason: "Undecodable",
    message,
  };
  const noted = putDesired(state, uid, entryOf(state, uid), unknown);
  return touched(comesToLight(state, uid) ? miss(noted, uid, now).state : noted, uid, [event]);
};

/** The API has no such pod: the watch said so, or a complete list did not name it. */
export const gonePod = (state: State, uid: Uid, how: "event" | "list", now: Now): Folded => {
  const entry = lookup(state.pods, uid);
  if (entry === undefined || (entry.desired._tag === "Absent" && entry.memory.gone === "event")) {
    return nothing(state);
  }
  const memory = { ...entry.memory, gone: how, goneSince: entry.memory.goneSince ?? now.mono };
  const gone = putDesired(state, uid, { ...entry, memory }, absent);
  // an orphan, or only late news of what has ended: a list tells
  return touched(entry.observed._tag === "Present" ? want(gone) : gone, uid);
};

/** A complete list of the node's pods: what it does not name is gone. */
export const listPods = (state: State, pods: readonly Pod[], bad: readonly BadItem[], now: Now): Folded => {
  const named = new Set<Uid>([...pods.map((pod) => pod.metadata.uid), ...bad.map((item) => item.uid)]);
  const missing: Uid[] = [];
  forEachEntry(state.pods, (uid, entry) => {
    if (!named.has(uid) && entry.desired._tag !== "Absent") missing.push(uid);
  });
  return combine({ ...state, podsSynced: true }, [
    ...pods.map((pod) => (at: State) => applyPod(at, pod, now)),
    ...bad.map((item) => (at: State) => applyBad(at, item, now)),
    ...missing.map((uid) => (at: State) => gonePod(at, uid, "list", now)),
  ]);
};
