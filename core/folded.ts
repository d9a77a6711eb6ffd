import type { EmitEvent } from "./action.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { Pod } from "./kubernetes/pod.ts";
import { refer } from "./objects/refer.ts";
import type { Seen } from "./seen.ts";
import { newEntry, type PodEntry, type State } from "./state.ts";
import { insertAt, lookup } from "./table.ts";

/** A state with a fact folded in, and what has to be looked at because of it. */
export interface Folded {
  readonly state: State;
  readonly pods: readonly Uid[];
  readonly events: readonly EmitEvent[];
}

/** Nothing has to be looked at. */
export const nothing = (state: State): Folded => ({ state, pods: [], events: [] });

/** The state with an entry replaced. */
export const put = (state: State, uid: Uid, entry: PodEntry): State => ({
  ...state,
  pods: insertAt(state.pods, uid, entry),
});

/** The state with what the API says of a pod replaced, and with what it refers to. */
export const putDesired = (state: State, uid: Uid, entry: PodEntry, desired: Seen<Pod>): State => {
  const [objects, refs] = refer(state.objects, uid, desired, state.policy.pod, entry.refs);
  return put(objects === state.objects ? state : { ...state, objects }, uid, { ...entry, desired, refs });
};

/** One pod has to be looked at. */
export const touched = (state: State, uid: Uid, events: readonly EmitEvent[] = []): Folded => ({
  state,
  pods: [uid],
  events,
});

/** The entry of a pod, known or new. */
export const entryOf = (state: State, uid: Uid): PodEntry => lookup(state.pods, uid) ?? newEntry(state);

/** Folds one part after the other. */
export const combine = (state: State, parts: Iterable<(state: State) => Folded>): Folded => {
  const pods: Uid[] = [];
  const events: EmitEvent[] = [];
  let at = state;
  for (const part of parts) {
    const folded = part(at);
    at = folded.state;
    pods.push(...folded.pods);
    events.push(...folded.events);
  }
  return { state: at, pods, events };
};
