import * as E from "fp-ts/lib/Either.js";
import type { Action } from "../../core/action.ts";
import type { Event, Result } from "../../core/event.ts";
import type { Fault } from "../../core/fault.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { describeNode } from "../../core/node/describe.ts";
import type { ObjectPolicy } from "../../core/objects/policy.ts";
import type { ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { initialState, type State } from "../../core/state.ts";
import { step, type StepPlan } from "../../core/step.ts";
import type { Now } from "../../core/time.ts";
import { epoch } from "./containers.ts";
import { owner } from "./pods.ts";
import { makePodsApi, type PodsApi } from "./pods_api.ts";

/** What the back end answers in place of what it would; `undefined`: it does what it is asked for. */
export type Answer = (action: Action) => E.Either<Fault, Result> | undefined;

export interface InstantOptions {
  readonly kind: PodPolicy["kind"];
  readonly watched?: boolean;
  readonly policy?: Partial<PodPolicy>;
  readonly objects?: Partial<ObjectPolicy>;
  /** For the clocks: where they start. */
  readonly from?: Now;
  readonly backend?: Answer;
  readonly api?: Answer;
}

/** One node whose API server and back end answer at once: only time that is asked for passes. */
export interface InstantNode {
  readonly api: PodsApi;
  /** Everything that was asked for, in order. */
  readonly actions: readonly { readonly at: number; readonly action: Action }[];
  /** Every look at a pod. */
  readonly looks: readonly { readonly key: string; readonly why: string }[];
  readonly plan: () => StepPlan;
  readonly state: () => State;
  readonly now: () => Now;
  /** Passes a fact on, and does what follows from it. */
  tell(event: Event): void;
  /** Lets time pass. */
  pass(ms: number): void;
  relist(): void;
  /** A container ends by itself. */
  end(uid: string, container: string, exitCode: number): void;
  holds(uid: string): ObservedPod | undefined;
  hold(pod: ObservedPod): void;
}

const maxEventsAtOnce = 100_000;

export const makeInstantNode = (options: InstantOptions): InstantNode => {
  const { kind, watched = true, from = { mono: 0, wall: epoch } } = options;
  let passed = 0;
  const now = (): Now => ({ mono: from.mono + passed, wall: from.wall + passed });
  const api = makePodsApi(now);
  const held = new Map<string, ObservedPod>();
  const actions: { at: number; action: Action }[] = [];
  const looks: { key: string; why: string }[] = [];
  const events: Event[] = [];
  let plan: StepPlan = { actions: [], wakeAt: undefined, why: [] };
  let state = initialState({
    description: describeNode({ name: "n", provider: "test" }),
    pod: { kind, owner, ...options.policy },
    watched,
    objects: options.objects,
  });

  const container = (name: string, restartCount: number): ObservedContainer => ({
    name,
    restartCount,
    state: name.startsWith("i")
      ? { _tag: "Terminated", exitCode: 0, startedAt: now().wall, finishedAt: now().wall }
      : { _tag: "Running", startedAt: now().wall },
  });
  const endIn = (pod: ObservedPod, name: string | undefined, exitCode: number): ObservedPod => ({
    ...pod,
    containers: pod.containers.map((each) =>
      (name === undefined || each.name === name) && each.state._tag === "Running"
        ? { ...each, state: { ...each.state, _tag: "Terminated", exitCode, finishedAt: now().wall } }
        : each
    ),
  });
  const saw = (pod: ObservedPod): E.Either<Fault, Result> => {
    held.set(pod.uid, pod);
    return E.right({ _tag: "SawPod", pod });
  };
  const done = E.right<Fault, Result>({ _tag: "Nothing" });

  const byBackend: (action: Action) => E.Either<Fault, Result> = (action) => {
    switch (action._tag) {
      case "CreatePod": {
        const { uid, namespace = "", name } = action.intent.pod.metadata;
        const containers = action.intent.pod.spec.containers.map((each) => container(each.name, 0));
        return saw(held.get(uid) ?? { uid, namespace, name, owner, containers });
      }
      case "StartContainer": {
        const { uid, namespace = "", name } = action.intent.pod.metadata;
        const before = held.get(uid) ?? { uid, namespace, name, owner, containers: [] };
        const others = before.containers.filter((each) => each.name !== action.container.name);
        return saw({
          ...before,
          containers: [...others, container(action.container.name, action.restartCount)],
        });
      }
      case "StopContainer": {
        const pod = held.get(action.uid);
        return pod === undefined ? done : saw(endIn(pod, action.container, 143));
      }
      case "DeletePod":
        if (held.delete(action.uid)) events.push({ _tag: "BackendGone", uid: action.uid });
        return done;
      case "RemovePod":
        held.delete(action.uid);
        return done;
      case "ListBackend":
        return E.right({ _tag: "Listed", pods: [...held.values()] });
      default:
        return done;
    }
  };

  const byApi = (action: Extract<Action, { readonly request: unknown }>): E.Either<Fault, Result> => {
    const answer = api.send(action.request);
    if (E.isLeft(answer)) return answer;
    if (action._tag !== "ReadPod") return done;
    const { items } = answer.right as { readonly items: readonly Pod[] };
    return E.right({ _tag: "ReadPod", pod: items.find(({ metadata }) => metadata.uid === action.uid) });
  };

  const carryOut = (action: Action): void => {
    actions.push({ at: passed, action });
    const outcome = "request" in action
      ? options.api?.(action) ?? byApi(action)
      : options.backend?.(action) ?? byBackend(action);
    events.push(
      E.isLeft(outcome)
        ? { _tag: "ActionFailed", action, fault: outcome.left }
        : { _tag: "ActionDone", action, result: outcome.right },
    );
  };

  const drain = (): void => {
    for (let count = 0; events.length > 0; count++) {
      if (count > maxEventsAtOnce) {
        throw new Error(`a hot loop: ${actions.slice(-6).map(({ action }) => action._tag).join(", ")}`);
      }
      const event = events.shift() as Event;
      [state, plan] = step(state, event, now());
      looks.push(...plan.why.filter(({ key }) => key !== "node"));
      plan.actions.forEach(carryOut);
    }
  };

  const tell = (event: Event): void => {
    events.push(event);
    drain();
  };

  const pass = (ms: number): void => {
    drain();
    const until = passed + ms;
    for (let ticks = 0;; ticks++) {
      if (ticks > maxEventsAtOnce) throw new Error(`wakes too often: ${JSON.stringify(plan.why)}`);
      const at = (plan.wakeAt ?? Infinity) - from.mono;
      if (at > until) break;
      passed = Math.max(passed, at);
      tell({ _tag: "Tick" });
    }
    passed = until;
  };

  api.watch(({ _tag, pod }) =>
    events.push(
      _tag === "Applied" ? { _tag: "PodApplied", pod } : { _tag: "PodDeleted", uid: pod.metadata.uid },
    )
  );
  const node: InstantNode = {
    api,
    actions,
    looks,
    plan: () => plan,
    state: () => state,
    now,
    tell,
    pass,
    relist: () => tell({ _tag: "PodsListed", pods: [...api.pods.values()], bad: [] }),
    end: (uid, name, exitCode) => {
      const pod = held.get(uid);
      if (pod !== undefined) {
        tell({ _tag: "BackendChanged", pod: (held.set(uid, endIn(pod, name, exitCode)), held.get(uid)!) });
      }
    },
    holds: (uid) => held.get(uid),
    hold: (pod) => void held.set(pod.uid, pod),
  };
  node.tell({ _tag: "Tick" });
  node.relist();
  return node;
};
