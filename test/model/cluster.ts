import * as E from "fp-ts/lib/Either.js";
import type { Action } from "../../core/action.ts";
import type { Event, Result } from "../../core/event.ts";
import type { Fault } from "../../core/fault.ts";
import { isTerminal, type Pod } from "../../core/kubernetes/pod.ts";
import { describeNode } from "../../core/node/describe.ts";
import { defaultNodePolicy } from "../../core/node/policy.ts";
import type { Owner } from "../../core/pod/observed.ts";
import { initialState, type State } from "../../core/state.ts";
import { step, type StepPlan } from "../../core/step.ts";
import type { Now } from "../../core/time.ts";
import { epoch } from "../arbitraries/moment.ts";
import { makePodsApi, type PodsApi } from "../tools/pods_api.ts";
import { type Backend, makeBackend } from "./backend.ts";
import { finalizedBy, lifeOf, type Lives, showPhase } from "./lives.ts";

/** What goes wrong, until it is healed. */
export interface Trouble {
  /** Faults of the next requests to the API, and of the next calls of the back end. `OutcomeUnknown`: it is done all the same. */
  readonly api: Fault[];
  readonly calls: Fault[];
  /** The next list of the back end leaves this pod out; never two in a row, for against one that always lies nothing helps. */
  hidden: string | undefined;
  /** The watch of the API is cut. */
  deaf: boolean;
  /** News of the back end are lost. */
  mute: boolean;
  /** Answers wait until time passes. */
  slow: boolean;
}

/** One node: the real `step`, an API and a back end that do at once what they are asked for, and trouble. */
export interface Cluster {
  readonly lives: Lives;
  readonly api: PodsApi;
  readonly backend: Backend;
  readonly trouble: Trouble;
  /** Everything that was asked about pods. */
  readonly asked: readonly string[];
  now(): Now;
  /** Makes true what the agent is to have heard, and lets it act on it. */
  settle(): void;
  pass(ms: number): void;
  /** The agent begins anew, and remembers nothing. */
  restart(): void;
  /** The watch is there again: it begins with a list. */
  hear(): void;
  /** News of the back end come again, and some may have been lost. */
  speak(): void;
}

const owner: Owner = { cluster: "c", node: "n" };
const nothing = E.right<Fault, Result>({ _tag: "Nothing" });
const maxEvents = 20_000;

/** A heartbeat a day: the node is not what this is about. */
const node = {
  ...defaultNodePolicy,
  leaseDurationSeconds: 200_000,
  leaseRenewMs: 86_400_000,
  statusPeriodMs: 86_400_000,
};

export const makeCluster = (kind: "pods" | "containers", watched: boolean, lives: Lives): Cluster => {
  let mono = 0, speaker = false, lied = false;
  const now = (): Now => ({ mono, wall: epoch + mono });
  const trouble: Trouble = { api: [], calls: [], hidden: undefined, deaf: false, mute: false, slow: false };
  const events: Event[] = [], answers: Event[] = [], asked: string[] = [];
  const api = makePodsApi(now);
  const tell = (event: Event): void => {
    if (!trouble.mute && watched) events.push(event);
  };
  const backend = makeBackend({
    kind,
    owner,
    lives,
    wall: () => now().wall,
    onChanged: (pod) => tell({ _tag: "BackendChanged", pod }),
    onGone: (uid) => tell({ _tag: "BackendGone", uid }),
  });
  const begin = (): State =>
    initialState({
      description: describeNode({ name: "n", provider: "model" }),
      pod: { kind, owner },
      node,
      watched,
      listPeriodMs: 60_000,
    });
  let state = begin();
  let plan: StepPlan = { actions: [], wakeAt: undefined, why: [] };

  /** What the API has of a pod has changed: the model sees it at once, the agent by its watch. */
  api.watch(({ _tag, pod }) => {
    const { uid, deletionTimestamp } = pod.metadata;
    const life = lifeOf(lives, uid);
    if (life === undefined) return;
    if (_tag === "Deleted") {
      life.api = "gone";
      if (speaker && !isTerminal(life.phase)) finalizedBy(lives, life);
    } else {
      life.api = deletionTimestamp === undefined ? "wanted" : "leaving";
      showPhase(lives, life, pod.status.phase ?? "");
    }
    if (!trouble.deaf) {
      events.push(_tag === "Deleted" ? { _tag: "PodDeleted", uid } : { _tag: "PodApplied", pod });
    }
  });

  /** The agent is about to be told: from now on it is to act on it. */
  const heard = (event: Event): void => {
    const hear = (uid: string, what: "wanted" | "leaving" | "gone"): void => {
      const life = lifeOf(lives, uid);
      if (life !== undefined) life.heard = what;
    };
    const pod = ({ metadata }: Pod): void =>
      hear(metadata.uid, metadata.deletionTimestamp === undefined ? "wanted" : "leaving");
    if (event._tag === "PodApplied") pod(event.pod);
    if (event._tag === "PodDeleted") hear(event.uid, "gone");
    if (event._tag === "PodsListed") {
      for (const life of lives.all) life.heard = "gone";
      event.pods.forEach(pod);
    }
  };

  const byBackend = (action: Action): E.Either<Fault, Result> => {
    switch (action._tag) {
      case "CreatePod": {
        const { metadata, spec } = action.intent.pod, { namespace = "", name } = metadata;
        const names = spec.containers.map((container) => container.name);
        return E.right({ _tag: "SawPod", pod: backend.create(action.uid, { namespace, name }, names) });
      }
      case "StartContainer": {
        const { namespace = "", name } = action.intent.pod.metadata, { container, restartCount } = action;
        const pod = backend.start(action.uid, { namespace, name }, container.name, restartCount);
        return E.right({ _tag: "SawPod", pod });
      }
      case "StopContainer": {
        const pod = backend.stop(action.uid, action.container);
        return pod === undefined ? nothing : E.right({ _tag: "SawPod", pod });
      }
      case "DeletePod":
        backend.delete(action.uid);
        return nothing;
      case "RemovePod":
        backend.remove(action.uid);
        return nothing;
      case "ListBackend": {
        const hidden = lied ? undefined : trouble.hidden;
        const pods = [...backend.held.values()].filter(({ uid }) => uid !== hidden);
        lied = hidden !== undefined;
        trouble.hidden = undefined;
        return E.right({ _tag: "Listed", pods });
      }
      default:
        return nothing;
    }
  };
  const byApi = (action: Extract<Action, { readonly request: unknown }>): E.Either<Fault, Result> => {
    speaker = true;
    const answer = api.send(action.request);
    speaker = false;
    if (E.isLeft(answer)) return answer;
    if (action._tag !== "ReadPod") return nothing;
    const { items } = answer.right as { readonly items: readonly Pod[] };
    return E.right({ _tag: "ReadPod", pod: items.find(({ metadata }) => metadata.uid === action.uid) });
  };
  const carryOut = (action: Action): void => {
    if ("uid" in action) asked.push(`${mono} ${action._tag} ${action.uid}`);
    const isApi = "request" in action, isNode = isApi && !("uid" in action);
    const fault = isNode ? undefined : (isApi ? trouble.api : trouble.calls).shift();
    const done = fault === undefined || fault._tag === "OutcomeUnknown";
    const outcome = !done ? E.left(fault) : isApi ? byApi(action) : byBackend(action);
    const answer: Event = fault !== undefined
      ? { _tag: "ActionFailed", action, fault }
      : E.isLeft(outcome)
      ? { _tag: "ActionFailed", action, fault: outcome.left }
      : { _tag: "ActionDone", action, result: outcome.right };
    (trouble.slow ? answers : events).push(answer);
  };
  const settle = (): void => {
    for (let count = 0; events.length > 0; count++) {
      if (count > maxEvents) throw new Error(`a hot loop: ${asked.slice(-5).join(", ")}`);
      const event = events.shift() as Event;
      heard(event);
      [state, plan] = step(state, event, now());
      plan.actions.forEach(carryOut);
    }
  };
  const list = (): void => void events.push({ _tag: "PodsListed", pods: [...api.pods.values()], bad: [] });

  const cluster: Cluster = {
    lives,
    api,
    backend,
    trouble,
    asked,
    now,
    settle,
    pass: (ms) => {
      events.push(...answers.splice(0));
      settle();
      const until = mono + ms;
      while ((plan.wakeAt ?? Infinity) <= until) {
        mono = Math.max(mono, plan.wakeAt ?? 0);
        events.push(...answers.splice(0), { _tag: "Tick" });
        settle();
      }
      mono = until;
    },
    restart: () => {
      state = begin();
      events.length = 0;
      answers.length = 0;
      for (const life of lives.all) life.heard = undefined;
      events.push({ _tag: "Tick" });
      if (!trouble.deaf) list();
      settle();
    },
    hear: () => {
      trouble.deaf = false;
      list();
      settle();
    },
    speak: () => {
      trouble.mute = false;
      events.push({ _tag: "BackendReset" });
      settle();
    },
  };
  cluster.restart();
  return cluster;
};
