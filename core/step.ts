import type { Action, EmitEvent } from "./action.ts";
import { type Deadlines, nextDeadline, popDeadline, pushDeadline } from "./deadlines.ts";
import type { Event } from "./event.ts";
import { recordEvent } from "./event_recorder.ts";
import { fold } from "./fold.ts";
import { isMirror, isTerminal } from "./kubernetes/pod.ts";
import type { Uid } from "./kubernetes/meta.ts";
import { reconcileNode } from "./node/reconcile.ts";
import { lookAtObjects, objectsWakeAt } from "./objects/look.ts";
import type { Given } from "./pod/given.ts";
import { emptyPodMemory, type PodMemory } from "./pod/memory.ts";
import { allEnded } from "./pod/observed.ts";
import { isOurs } from "./pod/orphan.ts";
import { reconcilePod } from "./pod/reconcile.ts";
import type { PodEntry, State } from "./state.ts";
import { insertAt, lookup, removeAt, valuesOf } from "./table.ts";
import { earlier, type Millis, type Now } from "./time.ts";

/** What is to be done after an event, when to call again if nothing happens, and why. */
export interface StepPlan {
  readonly actions: readonly Action[];
  /** On the `mono` clock: a `Tick` is due then. */
  readonly wakeAt: Millis | undefined;
  /** For every pod that was looked at (and `node`): why its plan is what it is. */
  readonly why: readonly { readonly key: string; readonly why: string }[];
}

/** What a step gathers while it looks at one key after the other. */
interface Work {
  state: State;
  readonly actions: Action[];
  readonly why: { readonly key: string; readonly why: string }[];
}

const emit = (work: Work, actions: readonly (Action | EmitEvent)[], now: Now): void => {
  for (const action of actions) {
    if (action._tag !== "EmitEvent") {
      work.actions.push(action);
      continue;
    }
    const [recorder, request] = recordEvent(work.state.recorder, action, now, work.state.policy.source);
    work.state = { ...work.state, recorder };
    if (request !== undefined) work.actions.push({ _tag: "WriteEvent", request });
  }
};

/** Both sides have told that there is no such pod, and nothing of it is under way. */
const isOver = ({ desired, observed, memory }: PodEntry): boolean =>
  desired._tag === "Absent" && observed._tag === "Absent" && memory.ops.length === 0 &&
  memory.apiOp === undefined;

/** So long what comes late (a list begun before, a watch that tells the past again) does not bring a pod back. */
const rememberGoneMs: Millis = 300_000;

/** Of a pod that is over nothing is kept but that it was there; `undefined`: not even that any more. */
const remembered = (entry: PodEntry, now: Now): PodEntry | undefined => {
  const { gone, goneSince, created, ran } = entry.memory;
  const toldAt = Math.max(goneSince ?? 0, entry.memory.toldAt);
  const until = toldAt + rememberGoneMs;
  if (now.mono >= until) return undefined;
  const memory: PodMemory = { ...emptyPodMemory, created, ran, toldAt };
  const over = entry.over || gone === "event" || gone === "confirmed";
  return { ...entry, heard: undefined, memory, wakeAt: until, over };
};

const givenOf = ({ objects, node: { desired } }: State): Given => ({
  objects,
  allocatable: desired.allocatable ?? desired.capacity,
});

const lookAtPod = (work: Work, uid: Uid, now: Now): void => {
  const { state } = work;
  const entry = lookup(state.pods, uid);
  if (entry === undefined) return;
  const plan = reconcilePod(
    entry.desired,
    entry.observed,
    entry.memory,
    now,
    state.policy.pod,
    givenOf(state),
  );
  const planned: PodEntry = { ...entry, memory: plan.memory, wakeAt: plan.wakeAt, why: plan.why };
  const next = isOver(planned) ? remembered(planned, now) : planned;
  const same = next !== undefined && next.memory === entry.memory && next.wakeAt === entry.wakeAt &&
    next.why === entry.why;
  if (!same) {
    const at = next?.wakeAt === entry.wakeAt ? undefined : next?.wakeAt;
    work.state = {
      ...state,
      pods: next === undefined ? removeAt(state.pods, uid) : insertAt(state.pods, uid, next),
      deadlines: at === undefined ? state.deadlines : pushDeadline(state.deadlines, at, uid),
    };
  }
  work.why.push({ key: uid, why: plan.why });
  emit(work, plan.actions, now);
};

const lookAtNode = (work: Work, now: Now): void => {
  const { node, policy, lifecycle } = work.state;
  const desired = node.desired.lifecycle === lifecycle ? node.desired : { ...node.desired, lifecycle };
  const plan = reconcileNode(desired, node.observed, node.memory, now, policy.node);
  const { memory, wakeAt, why } = plan;
  work.state = { ...work.state, node: { ...node, desired, memory, wakeAt, why } };
  work.why.push({ key: "node", why });
  emit(work, plan.actions, now);
};

const listAt = (state: State): Millis | undefined => {
  const { exists, listing, wanted, nextListAt, retry } = state.backend;
  if (!exists || listing) return undefined;
  return Math.max(wanted ? 0 : nextListAt, retry.notBefore);
};

const lookAtBackend = (work: Work, now: Now): void => {
  const at = listAt(work.state);
  if (at === undefined || at > now.mono) return;
  const backend = { ...work.state.backend, listing: true, wanted: false };
  work.state = { ...work.state, backend };
  work.actions.push({ _tag: "ListBackend", seq: backend.seq });
};

/** Drops deadlines that their pod no longer asks for. */
const current = (state: State): Deadlines => {
  let deadlines = state.deadlines;
  for (;;) {
    const next = nextDeadline(deadlines);
    if (next === undefined || lookup(state.pods, next.key)?.wakeAt === next.at) return deadlines;
    deadlines = popDeadline(deadlines);
  }
};

const noneDue: readonly Uid[] = [];

const dueKeys = (work: Work, now: Now): readonly Uid[] => {
  const first = nextDeadline(work.state.deadlines);
  if (first === undefined || first.at > now.mono) return noneDue;
  const keys: Uid[] = [];
  for (;;) {
    const deadlines = current(work.state);
    work.state = { ...work.state, deadlines };
    const next = nextDeadline(deadlines);
    if (next === undefined || next.at > now.mono) return keys;
    keys.push(next.key);
    const entry = lookup(work.state.pods, next.key);
    const pods = entry === undefined
      ? work.state.pods
      : insertAt(work.state.pods, next.key, { ...entry, wakeAt: undefined });
    work.state = { ...work.state, pods, deadlines: popDeadline(deadlines) };
  }
};

/** Most events touch one pod, and nothing is due. */
const distinct = (touched: readonly Uid[], due: readonly Uid[]): Iterable<Uid> =>
  touched.length < 2 && due.length === 0 ? touched : new Set([...touched, ...due]);

const isDone = (state: State, entry: PodEntry): boolean => {
  if (isOver(entry)) return true;
  const { desired, observed, memory } = entry;
  if (desired._tag === "Absent") {
    if (observed._tag !== "Present") return false;
    const over = allEnded(observed.value) && memory.ops.length === 0;
    return over || !isOurs(observed.value, memory, state.policy.pod.owner);
  }
  if (desired._tag === "Unknown") return false;
  const { metadata, status } = desired.value;
  return isMirror(desired.value) || (isTerminal(status.phase) && metadata.deletionTimestamp === undefined);
};

/** A drain has ended when nothing is left but pods that had finished by themselves, or that are not ours. */
const drained = (state: State): State =>
  state.lifecycle === "draining" && state.podsSynced &&
    valuesOf(state.pods).every((entry) => isDone(state, entry))
    ? { ...state, lifecycle: "drained" }
    : state;

/**
 * Folds an event into the state and calls the reconcilers for what the event touched, and for what is due. The cost of
 * an event does not depend on the number of pods. Same state, event and time: same result, on every runtime.
 *
 * @example
 * ```ts
 * const [next, plan] = step(state, { _tag: "Tick" }, { mono: 0, wall: Date.UTC(2026, 0, 1) });
 * plan.actions; // what to do now
 * ```
 */
export const step = (state: State, event: Event, now: Now): readonly [State, StepPlan] => {
  const folded = fold(state, event, now);
  const work: Work = { state: folded.state, actions: [], why: [] };
  const nodeDue = folded.state.node !== state.node || (state.node.wakeAt ?? Infinity) <= now.mono ||
    folded.state.lifecycle !== state.lifecycle || event._tag === "Tick";
  // before anything else: the lease must not wait behind pods
  if (nodeDue) lookAtNode(work, now);
  emit(work, folded.events, now);
  for (const uid of distinct(folded.pods, dueKeys(work, now))) lookAtPod(work, uid, now);
  if (work.state.lifecycle === "draining") {
    work.state = drained(work.state);
    if (work.state.lifecycle === "drained") lookAtNode(work, now);
  }
  lookAtBackend(work, now);
  const plan = lookAtObjects(work.state.objects, work.state.policy.objects, now);
  if (plan.objects !== work.state.objects) work.state = { ...work.state, objects: plan.objects };
  work.actions.push(...plan.actions);
  const deadlines = current(work.state);
  if (deadlines !== work.state.deadlines) work.state = { ...work.state, deadlines };
  const others = earlier(listAt(work.state), objectsWakeAt(work.state.objects));
  const wakeAt = earlier(nextDeadline(deadlines)?.at, earlier(work.state.node.wakeAt, others));
  return [work.state, { actions: work.actions, wakeAt, why: work.why }];
};
