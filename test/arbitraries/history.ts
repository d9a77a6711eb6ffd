import fc from "fast-check";
import type { Action } from "../../core/action.ts";
import type { Event, Result } from "../../core/event.ts";
import type { Fault } from "../../core/fault.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import { initialState, type Setup, type State } from "../../core/state.ts";
import { step, type StepPlan } from "../../core/step.ts";
import type { Millis, Now } from "../../core/time.ts";
import { anyEvent, anyFact, anyResult } from "./event.ts";
import { anyFault } from "./fault.ts";
import { epoch } from "./moment.ts";
import { anyNodeDescription } from "./node_description.ts";
import { anyNodePolicy } from "./node_memory.ts";
import { anyPodPolicyOf } from "./pod_policy.ts";
import { anyOf, anyRecord } from "./record.ts";

/** The outcome of one of the actions that were asked for and not answered. */
export interface Answer {
  /** Which of them; taken modulo their number. */
  readonly of: number;
  readonly fault: Fault | undefined;
  /** What it brings back when it fits. */
  readonly result: Result;
}

/** Something that happens, and how long after what was before. */
export interface Turn {
  readonly afterMs: Millis;
  /** By how much the wall clock jumps first. */
  readonly jumpMs: Millis;
  readonly happens:
    | { readonly _tag: "Event"; readonly event: Event }
    | { readonly _tag: "Answer"; readonly answer: Answer };
}

/** The node `n` with a back end, from its start on. */
export interface History {
  readonly setup: Setup;
  readonly turns: readonly Turn[];
}

const anyAnswer: fc.Arbitrary<Answer> = anyRecord({
  of: fc.nat(),
  fault: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: anyFault },
  ),
  result: anyResult,
});

const anyTurnOf = (event: fc.Arbitrary<Event>): fc.Arbitrary<Turn> =>
  anyRecord({
    afterMs: anyOf(0, 0, 1, 500, 5_000, 40_000, 600_000),
    jumpMs: anyOf(0, 0, 0, 0, 0, 0, 0, 0, -3_600_000, 3_600_000),
    happens: fc.oneof(
      event.map((event): Turn["happens"] => ({ _tag: "Event", event })),
      anyAnswer.map((answer): Turn["happens"] => ({ _tag: "Answer", answer })),
    ),
  });

/** A fact, or an answer to what was asked for. */
export const anyTurn: fc.Arbitrary<Turn> = anyTurnOf(anyFact);

/** How a node with a back end is set up. */
export const anySetup: fc.Arbitrary<Setup> = anyOf("pods", "containers").chain((kind) =>
  anyRecord({
    description: anyNodeDescription,
    pod: anyPodPolicyOf(kind),
    node: anyNodePolicy,
    watched: fc.boolean(),
  })
);

const told = (event: Event): Turn => ({ afterMs: 0, jumpMs: 0, happens: { _tag: "Event", event } });

/** How an agent begins. */
const begun: readonly Turn[] = [told({ _tag: "Tick" })];

/** Both lists are there, and empty: what is not told of later is positively absent. */
export const synced: readonly Turn[] = [
  ...begun,
  told({ _tag: "PodsListed", pods: [], bad: [] }),
  {
    afterMs: 0,
    jumpMs: 0,
    happens: { _tag: "Answer", answer: { of: 0, fault: undefined, result: { _tag: "Listed", pods: [] } } },
  },
];

const anyHistoryOf = (turn: fc.Arbitrary<Turn>): fc.Arbitrary<History> =>
  anyRecord({
    setup: anySetup,
    turns: fc.tuple(anyOf(true, true, true, true, false), fc.array(turn, { maxLength: 12 })).map((
      [known, turns],
    ) => [...known ? synced : begun, ...turns]),
  });

/** A history of a node, mostly one that begins with empty lists: every outcome in it is of an action that was asked for. */
export const anyHistory: fc.Arbitrary<History> = anyHistoryOf(anyTurn);

/** Any history at all: outcomes come out of nowhere as well. */
export const anyWildHistory: fc.Arbitrary<History> = anyHistoryOf(anyTurnOf(anyEvent));

/** One step that was taken. */
export interface Taken {
  readonly before: State;
  readonly event: Event;
  readonly now: Now;
  readonly after: State;
  readonly plan: StepPlan;
}

const fitting = (action: Action, result: Result): Result => {
  const about = (pod: ObservedPod, uid: string): ObservedPod => ({ ...pod, uid });
  switch (action._tag) {
    case "CreatePod":
    case "UpdatePod":
    case "StartContainer":
    case "StopContainer":
      return result._tag === "SawPod"
        ? { _tag: "SawPod", pod: about(result.pod, action.uid) }
        : { _tag: "Nothing" };
    case "ReadPod":
      return result._tag === "ReadPod" && result.pod?.metadata.uid === action.uid
        ? result
        : { _tag: "ReadPod", pod: undefined };
    case "ListBackend":
      return result._tag === "Listed" ? result : { _tag: "Listed", pods: [] };
    default:
      return { _tag: "Nothing" };
  }
};

/** The event that this answer is: a `Tick` when nothing was asked for. `ListBackend` is answered first when `of` is 0. */
const eventOf = (turn: Turn, open: Action[]): Event => {
  if (turn.happens._tag === "Event") return turn.happens.event;
  const { of, fault, result } = turn.happens.answer;
  if (open.length === 0) return { _tag: "Tick" };
  const first = of === 0 ? open.findIndex(({ _tag }) => _tag === "ListBackend") : -1;
  const [action] = open.splice(first >= 0 ? first : of % open.length, 1);
  if (action === undefined) return { _tag: "Tick" };
  return fault === undefined
    ? { _tag: "ActionDone", action, result: fitting(action, result) }
    : { _tag: "ActionFailed", action, fault };
};

/** Lets a history happen: every step that is taken in it. Pure, like `step`, which may be another one here. */
export const play = (history: History, by: typeof step = step): readonly Taken[] => {
  let state = initialState(history.setup);
  let mono = 0, wall: Millis = epoch;
  const open: Action[] = [];
  return history.turns.map((turn) => {
    mono += turn.afterMs;
    wall += turn.afterMs + turn.jumpMs;
    const event = eventOf(turn, open);
    const now: Now = { mono, wall };
    const before = state;
    const [after, plan] = by(before, event, now);
    state = after;
    open.push(...plan.actions);
    return { before, event, now, after, plan };
  });
};

/** Where a history has led. */
export const stateAfter = (history: History): State =>
  play(history).at(-1)?.after ?? initialState(history.setup);

/** Any state that the agent of a node may come to. */
export const anyState: fc.Arbitrary<State> = anyHistory.map(stateAfter);
