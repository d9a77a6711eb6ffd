import type { PodAction } from "./action.ts";
import { equivalent } from "./equivalent.ts";
import type { Result } from "./event.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { Pod } from "./kubernetes/pod.ts";
import { combine, entryOf, type Folded, nothing, put, touched } from "./folded.ts";
import { mergeObserved } from "./pod/merge_observed.ts";
import type { ObservedPod } from "./pod/observed.ts";
import { statusShowsRun } from "./pod/status.ts";
import { absent, present, type Seen, unknown } from "./seen.ts";
import type { PodEntry, State } from "./state.ts";
import { forEachEntry, lookup } from "./table.ts";
import type { Now } from "./time.ts";

type Observation = Pick<PodEntry, "observed" | "heard">;

/** A single piece of news may be older than what made the pod unknown: only a list makes it known again. */
const told = (entry: PodEntry, observed: Seen<ObservedPod>, complete: boolean): Observation => {
  const before = entry.observed._tag === "Present" ? entry.observed.value : entry.heard;
  if (observed._tag === "Unknown") return { observed, heard: before };
  if (observed._tag === "Absent") return { observed, heard: undefined };
  const merged = before === undefined ? observed.value : mergeObserved(before, observed.value, complete);
  return entry.observed._tag === "Unknown" && !complete
    ? { observed: unknown, heard: merged }
    : { observed: present(merged), heard: undefined };
};

/** What the back end said of a pod; news that came late do not undo what is known. `complete`: it was a list. */
export const observe = (
  state: State,
  uid: Uid,
  observed: Seen<ObservedPod>,
  now: Now,
  complete = false,
): Folded => {
  const entry = entryOf(state, uid);
  const seq = state.backend.seq + 1;
  const said = told(entry, observed, complete);
  const waits = said.observed._tag === "Unknown" && observed._tag !== "Unknown";
  const next: PodEntry = {
    ...entry,
    ...said,
    observedSeq: waits ? entry.observedSeq : seq,
    missed: false,
    memory: { ...entry.memory, toldAt: now.mono },
  };
  const folded = put({ ...state, backend: { ...state.backend, seq } }, uid, next);
  const same = entry.observed._tag === next.observed._tag && equivalent(entry.observed, next.observed);
  return same ? nothing(folded) : touched(folded, uid);
};

/** The back end has to be listed. */
export const want = (state: State): State => ({ ...state, backend: { ...state.backend, wanted: true } });

/** That there is no such pod was only said once. */
const once = (folded: Folded, uid: Uid): Folded => ({
  ...folded,
  state: put(folded.state, uid, { ...entryOf(folded.state, uid), missed: true }),
});

/** Unknown until a list is the second to say so. */
export const miss = (state: State, uid: Uid, now: Now): Folded =>
  once(observe(want(state), uid, unknown, now), uid);

/** As far as the API tells, nobody has begun to run it. */
export const isFresh = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && !statusShowsRun(status);

/** A pod that nobody has begun to run: to create it although it is there does no harm, as all calls are idempotent. */
const isNew = ({ desired, observed, heard, memory }: PodEntry): boolean =>
  observed._tag === "Unknown" && heard === undefined && !memory.created && !memory.ran &&
  desired._tag === "Present" && isFresh(desired.value);

/**
 * A list: what it does not name is absent, unless a newer fact, or an operation in flight, knows better. Back ends that
 * say they gave everything may be wrong for a moment, so nothing that may run is believed gone before a second list.
 */
export const listBackend = (state: State, seq: number, pods: readonly ObservedPod[], now: Now): Folded => {
  const named = new Set<Uid>(pods.map((pod) => pod.uid));
  const [missing, fresh, missed]: [Uid[], Uid[], Uid[]] = [[], [], []];
  forEachEntry(state.pods, (uid, entry) => {
    const newer = entry.observedSeq > seq || entry.memory.ops.length > 0;
    if (named.has(uid) || newer || (entry.observed._tag === "Absent" && !entry.missed)) return;
    (entry.missed ? missing : isNew(entry) ? fresh : missed).push(uid);
  });
  const told = pods.filter((pod) => (lookup(state.pods, pod.uid)?.observedSeq ?? 0) <= seq);
  const backend = {
    ...state.backend,
    listed: true,
    listing: false,
    nextListAt: now.mono + state.policy.listPeriodMs,
    retry: { attempt: 0, notBefore: 0 },
  };
  return combine({ ...state, backend }, [
    ...told.map((pod) => (at: State) => observe(at, pod.uid, present(pod), now, true)),
    ...missing.map((uid) => (at: State) => observe(at, uid, absent, now, true)),
    ...fresh.map((uid) => (at: State) => once(observe(at, uid, absent, now, true), uid)),
    ...missed.map((uid) => (at: State) => miss(at, uid, now)),
  ]);
};

const stillLive = (observed: Seen<ObservedPod>, container: string): boolean =>
  observed._tag === "Present" &&
  observed.value.containers.some((each) => each.name === container && each.state._tag === "Running");

/** What a successful operation tells of the back end; where it tells nothing, the back end is asked. */
export const observeResult = (
  state: State,
  action: PodAction,
  result: Result,
  before: PodEntry,
  now: Now,
): Folded => {
  const { uid } = action;
  const { observed } = before;
  switch (action._tag) {
    case "CreatePod": {
      if (result._tag === "SawPod") return observe(state, uid, present(result.pod), now);
      if (observed._tag === "Present") return nothing(state);
      const { namespace, name } = action.intent.pod.metadata;
      const pod: ObservedPod = {
        uid,
        namespace: namespace ?? "",
        name,
        owner: action.intent.owner,
        containers: [],
      };
      return observe(state.policy.watched ? state : want(state), uid, present(pod), now);
    }
    case "UpdatePod":
      if (result._tag === "SawPod") return observe(state, uid, present(result.pod), now);
      return nothing(state.policy.watched ? state : want(state));
    case "StartContainer":
      if (result._tag === "SawPod") return observe(state, uid, present(result.pod), now);
      return nothing(want(state));
    case "StopContainer":
      if (result._tag === "SawPod") return observe(state, uid, present(result.pod), now);
      return stillLive(observed, action.container) ? observe(want(state), uid, unknown, now) : nothing(state);
    case "RemovePod":
      return observe(state, uid, absent, now);
    case "DeletePod": {
      // repeated, or of a pod that only late news may have brought up: its end will not be told
      const expected = state.policy.watched && before.memory.deleteSent === undefined &&
        before.desired._tag !== "Absent";
      return nothing(expected ? state : want(state));
    }
    default:
      return nothing(state);
  }
};
