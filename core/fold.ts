import type { Action, ObjectAction, PodAction } from "./action.ts";
import { backoffMs, faultBackoff } from "./backoff.ts";
import type { Event, NodeFacts, Result } from "./event.ts";
import { forgetSeries } from "./event_recorder.ts";
import type { Fault } from "./fault.ts";
import { listBackend, miss, observe, observeResult, want } from "./fold_backend.ts";
import { foldObjects } from "./fold_objects.ts";
import { applyBad, applyPod, gonePod, listPods } from "./fold_pods.ts";
import { type Folded, nothing, put, touched } from "./folded.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { Pod } from "./kubernetes/pod.ts";
import { mergeFacts } from "./node/describe.ts";
import { recordNodeDone, recordNodeFault } from "./node/outcome.ts";
import { readDone, readFailed, toldAll, toldBad, toldGone, toldOne } from "./objects/tell.ts";
import { isLive, type ObservedPod } from "./pod/observed.ts";
import { recordPodDone, recordPodFault } from "./pod/record.ts";
import { absent, present, type Seen, unknown } from "./seen.ts";
import type { NodeEntry, PodEntry, State } from "./state.ts";
import { forEachEntry, lookup } from "./table.ts";
import type { Millis, Now } from "./time.ts";

const readPod = (state: State, uid: Uid, pod: Pod | undefined, now: Now): Folded => {
  if (pod !== undefined) return applyPod(state, pod, now);
  const entry = lookup(state.pods, uid);
  if (entry === undefined || entry.desired._tag !== "Absent") return nothing(state);
  return touched(put(state, uid, { ...entry, memory: { ...entry.memory, gone: "confirmed" } }), uid);
};

const isPodAction = (action: Action): action is PodAction => "uid" in action;

/** A start or a stop that succeeded, but whose container is not seen to have changed. */
const isIdle = (action: PodAction, observed: Seen<ObservedPod>): boolean => {
  if (action._tag !== "StartContainer" && action._tag !== "StopContainer") return false;
  if (observed._tag === "Unknown") return true;
  const containers = observed._tag === "Present" ? observed.value.containers : [];
  return action._tag === "StartContainer"
    ? !containers.some(({ name, restartCount }) =>
      name === action.container.name && restartCount >= action.restartCount
    )
    : containers.some((container) => container.name === action.container && isLive(container));
};

/** A back end that says it is done, and is not, is asked again ever more slowly. */
const paced = (state: State, action: PodAction, before: PodEntry, now: Now): State => {
  const entry = lookup(state.pods, action.uid);
  if (entry === undefined || !isIdle(action, entry.observed)) return state;
  const attempt = before.memory.backend.attempt + 1;
  const delay = Math.min(backoffMs(faultBackoff, attempt, action.uid), state.policy.pod.stopSlackMs);
  const backend = { attempt, notBefore: Math.max(entry.memory.backend.notBefore, now.mono + delay) };
  return put(state, action.uid, { ...entry, memory: { ...entry.memory, backend } });
};

const podDone = (state: State, action: PodAction, result: Result, now: Now): Folded => {
  const entry = lookup(state.pods, action.uid);
  if (entry === undefined) return nothing(state);
  const { memory, events } = recordPodDone(entry.memory, action, now, state.policy.pod);
  const recorded = put(state, action.uid, { ...entry, memory });
  const folded = action._tag === "ReadPod" && result._tag === "ReadPod"
    ? readPod(recorded, action.uid, result.pod, now)
    : observeResult(recorded, action, result, entry, now);
  const next = paced(folded.state, action, entry, now);
  const blind = lookup(next.pods, action.uid)?.observed._tag === "Unknown";
  return { state: blind ? want(next) : next, pods: [action.uid], events };
};

const backendTags: ReadonlySet<Action["_tag"]> = new Set<Action["_tag"]>([
  "CreatePod",
  "UpdatePod",
  "UpdateFiles",
  "DeletePod",
  "StartContainer",
  "StopContainer",
  "RemovePod",
]);

const stopTags: ReadonlySet<Action["_tag"]> = new Set<Action["_tag"]>([
  "DeletePod",
  "StopContainer",
  "RemovePod",
]);

const podFailed = (state: State, action: PodAction, fault: Fault, now: Now): Folded => {
  const entry = lookup(state.pods, action.uid);
  if (entry === undefined) return nothing(state);
  // what is not there needs no stopping; what was thought to be there has to be looked at
  if (fault._tag === "NotFound" && stopTags.has(action._tag)) {
    const done = podDone(state, action, { _tag: "Nothing" }, now);
    return { ...done, state: want(done.state) };
  }
  const { memory, events } = recordPodFault(entry.memory, action, fault, now, state.policy.pod);
  const recorded = put(state, action.uid, { ...entry, memory });
  if (!backendTags.has(action._tag)) return touched(recorded, action.uid, events);
  // whether it was done is not known: nothing more of this pod until the back end has been asked
  const lost = fault._tag === "OutcomeUnknown";
  const look = lost || fault._tag === "Conflict" || fault._tag === "AlreadyExists" ||
    entry.observed._tag === "Unknown";
  const folded = lost ? observe(recorded, action.uid, unknown, now) : nothing(recorded);
  return { state: look ? want(folded.state) : folded.state, pods: [action.uid], events };
};

/** What is gone was there, also when the answer to its creation was lost: it is not created again. */
const goneFromBackend = (state: State, uid: Uid, now: Now): Folded => {
  const entry = lookup(state.pods, uid);
  if (entry === undefined) return nothing(state);
  const taken = entry.observed._tag !== "Absent" || entry.memory.ops.some(({ kind }) => kind === "create");
  const memory = { ...entry.memory, created: entry.memory.created || taken };
  const noted = put(state, uid, { ...entry, memory });
  const asked = memory.deleteSent !== undefined || memory.removed ||
    memory.ops.some(({ kind }) => kind === "delete" || kind === "remove");
  // nobody asked for it: it may be late news of an earlier removal, and only a list can tell
  return asked ? observe(noted, uid, absent, now) : miss(noted, uid, now);
};

/** How long the other side has asked to be left alone. */
const askedMs = (fault: Fault): Millis => fault._tag === "Throttled" ? fault.retryAfterMs ?? 0 : 0;

const listFailed = (state: State, asked: Millis, now: Now): Folded => {
  const attempt = state.backend.retry.attempt + 1;
  const notBefore = now.mono + Math.max(asked, backoffMs(faultBackoff, attempt, "list"));
  const backend = { ...state.backend, listing: false, wanted: true, retry: { attempt, notBefore } };
  return nothing({ ...state, backend });
};

const isObjectAction = (action: Action): action is ObjectAction => "key" in action;

/** An answer that is none counts as a failure: a read that is not answered would be waited for without end. */
const objectDone = (state: State, { _tag, key }: ObjectAction, result: Result, now: Now): Folded => {
  if (_tag !== "ReadObject") return nothing(state);
  const objects = result._tag === "ReadObject"
    ? readDone(state.objects, key, result.items, result.bad, state.policy.objects, now)
    : readFailed(state.objects, key, { _tag: "Unavailable", message: "there was no answer" }, now);
  return foldObjects(state, key, objects);
};

const actionDone = (state: State, action: Action, result: Result, now: Now): Folded => {
  if (isPodAction(action)) return podDone(state, action, result, now);
  if (action._tag === "ListBackend") {
    return result._tag === "Listed"
      ? listBackend(state, action.seq, result.pods, now)
      : listFailed(state, 0, now);
  }
  if (action._tag === "WriteEvent") return nothing(state);
  if (isObjectAction(action)) return objectDone(state, action, result, now);
  const memory = recordNodeDone(state.node.memory, action, now, state.policy.node);
  return nothing({ ...state, node: { ...state.node, memory } });
};

const actionFailed = (state: State, action: Action, fault: Fault, now: Now): Folded => {
  if (isPodAction(action)) return podFailed(state, action, fault, now);
  if (action._tag === "ListBackend") return listFailed(state, askedMs(fault), now);
  if (action._tag === "WriteEvent") {
    return nothing({ ...state, recorder: forgetSeries(state.recorder, action.request) });
  }
  if (isObjectAction(action)) {
    return foldObjects(state, action.key, readFailed(state.objects, action.key, fault, now));
  }
  const memory = recordNodeFault(state.node.memory, action, fault, now, state.policy.node);
  return nothing({ ...state, node: { ...state.node, memory } });
};

const shutdown = (state: State, mode: "leave" | "drain"): Folded => {
  if (mode === "leave" || state.lifecycle !== "running") return nothing(state);
  const pods: Uid[] = [];
  forEachEntry(state.pods, (uid) => pods.push(uid));
  const policy = { ...state.policy, pod: { ...state.policy.pod, draining: true } };
  return { state: { ...state, policy, lifecycle: "draining" }, pods, events: [] };
};

const withFacts = (node: NodeEntry, news: NodeFacts): NodeEntry => {
  const facts = { ...node.facts, ...news };
  return { ...node, facts, desired: mergeFacts(node.description, facts) };
};

/** Folds one fact into the state. Decides nothing. */
export const fold = (state: State, event: Event, now: Now): Folded => {
  switch (event._tag) {
    case "PodsListed":
      return listPods(state, event.pods, event.bad, now);
    case "PodApplied":
      return applyPod(state, event.pod, now);
    case "PodUndecodable":
      return applyBad(state, event.bad, now);
    case "PodDeleted":
      return gonePod(state, event.uid, "event", now);
    case "ObjectsListed":
      return foldObjects(state, event.key, toldAll(state.objects, event.key, event.items, event.bad));
    case "ObjectApplied":
      return foldObjects(state, event.key, toldOne(state.objects, event.key, event.item));
    case "ObjectUndecodable":
      return foldObjects(state, event.key, toldBad(state.objects, event.key, event.bad));
    case "ObjectDeleted":
      return foldObjects(state, event.key, toldGone(state.objects, event.key, event.name));
    case "NodeApplied":
      return nothing({ ...state, node: { ...state.node, observed: present(event.node) } });
    case "NodeAbsent":
      return nothing({ ...state, node: { ...state.node, observed: absent } });
    case "BackendChanged":
      return observe(state, event.pod.uid, present(event.pod), now);
    case "BackendGone":
      return goneFromBackend(state, event.uid, now);
    case "BackendReset":
      return nothing(want(state));
    case "NodeFactsChanged":
      return nothing({ ...state, node: withFacts(state.node, event.facts) });
    case "ActionDone":
      return actionDone(state, event.action, event.result, now);
    case "ActionFailed":
      return actionFailed(state, event.action, event.fault, now);
    case "Tick":
      return nothing(state);
    case "Shutdown":
      return shutdown(state, event.mode);
  }
};
