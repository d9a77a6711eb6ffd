import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Action, PodAction } from "../../core/action.ts";
import type { Event } from "../../core/event.ts";
import { canonicalJson } from "../../core/hash.ts";
import { isTerminal, type Pod } from "../../core/kubernetes/pod.ts";
import { podPath } from "../../core/kubernetes/request.ts";
import { isOurs } from "../../core/pod/orphan.ts";
import { initialState, type PodEntry, type State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import { forEachEntry, lookup } from "../../core/table.ts";
import { anyFact, refs } from "../arbitraries/event.ts";
import {
  anyHistory,
  anyState,
  anyWildHistory,
  type History,
  play,
  synced,
  type Taken,
} from "../arbitraries/history.ts";
import { freeze } from "../tools/pods.ts";

const test = suite("step, any history");

const check = (judge: (taken: Taken, index: number, all: readonly Taken[]) => void): void =>
  fc.assert(fc.property(anyHistory, (history) => play(history).forEach(judge)));

const isAboutPod = (action: Action): action is PodAction => "uid" in action;
const podActions = ({ plan }: Taken): readonly PodAction[] => plan.actions.filter(isAboutPod);

const entries = (state: State): readonly PodEntry[] => {
  const all: PodEntry[] = [];
  forEachEntry(state.pods, (_uid, entry) => all.push(entry));
  return all;
};

/** A UID never comes back: the watch said, or a live read confirmed, that the API has it no more. */
const isOver = (state: State, uid: string): boolean => {
  const entry = lookup(state.pods, uid);
  if (entry === undefined) return false;
  const { over, desired, memory: { gone } } = entry;
  return over || (desired._tag === "Absent" && (gone === "event" || gone === "confirmed"));
};

const starts: ReadonlySet<string> = new Set(["CreatePod", "StartContainer", "UpdatePod"]);
const stops: ReadonlySet<string> = new Set(["DeletePod", "StopContainer", "RemovePod"]);

test("total and pure: frozen input, the same again, and a time to look again that is still to come", () => {
  fc.assert(fc.property(anyWildHistory, (history) => {
    play(history, (state, event, now) => {
      const first = step(freeze(state), freeze(event), freeze(now));
      const again = step(state, event, now);
      assert.is(canonicalJson(again[1]), canonicalJson(first[1]));
      const { wakeAt } = first[1];
      assert.ok(wakeAt === undefined || (wakeAt > now.mono && wakeAt < Infinity), `${wakeAt} at ${now.mono}`);
      return first;
    });
  }));
});

test("idempotence, promise 8: a plan that was made is not made again at the same moment", () => {
  check(({ after, now }) => {
    const [, { actions }] = step(after, { _tag: "Tick" }, now);
    assert.equal(actions.map(({ _tag }) => _tag), []);
  });
});

test("idempotence, promise 3: what is told twice asks for nothing new", () => {
  check(({ before, after, event, now }) => {
    if (event._tag === "ActionDone" || event._tag === "ActionFailed") return;
    // a pod that was deleted is remembered for five minutes: that it was is forgotten in the very step
    if (event._tag === "PodApplied") {
      const { uid } = event.pod.metadata;
      if (isOver(before, uid) && lookup(after.pods, uid) === undefined) return;
    }
    const [, { actions }] = step(after, event, now);
    const own = actions.filter(({ _tag }) => _tag !== "WriteEvent" && _tag !== "ListBackend");
    assert.equal(own.map(({ _tag }) => _tag), []);
  });
});

test("promise 7: no pod is looked at too late, and none is forgotten that the API or the back end has", () => {
  check(({ before, event, after, plan, now }) => {
    for (const { wakeAt, why } of entries(after)) {
      assert.ok(wakeAt === undefined || wakeAt > now.mono, `${why} was due at ${wakeAt}`);
      assert.ok(wakeAt === undefined || (plan.wakeAt !== undefined && plan.wakeAt <= wakeAt), why);
    }
    if (
      event._tag === "PodApplied" && event.pod.spec.nodeName === "n" &&
      !isOver(before, event.pod.metadata.uid)
    ) {
      assert.is(lookup(after.pods, event.pod.metadata.uid)?.desired._tag, "Present");
    }
    if (event._tag === "BackendChanged") assert.ok(lookup(after.pods, event.pod.uid) !== undefined);
    forEachEntry(before.pods, (uid, entry) => {
      if (lookup(after.pods, uid) !== undefined) return;
      // it can only have been told that there is no such pod, on either side
      const { desired, observed } = entry;
      assert.not(desired._tag === "Present" && observed._tag === "Present", "forgotten all at once");
    });
  });
});

test("promise 10: the lease comes before everything else", () => {
  check(({ plan }) => {
    const at = plan.actions.findIndex(({ _tag }) => _tag === "RenewLease" || _tag === "CreateLease");
    assert.ok(at <= 0, plan.actions.map(({ _tag }) => _tag).join(" "));
  });
});

test("promise 3: nothing is asked of anybody about a pod of which not all is known", () => {
  check((taken) => {
    for (const { uid, _tag } of podActions(taken)) {
      const entry = lookup(taken.after.pods, uid);
      assert.ok(entry !== undefined, `${_tag} of a pod that is not known`);
      assert.is.not(entry?.desired._tag, "Unknown", _tag);
      assert.is.not(entry?.observed._tag, "Unknown", _tag);
    }
  });
});

test("promise 3: pods of other nodes are not looked at", () => {
  check(({ before, event, after, plan, now }) => {
    if (event._tag !== "PodApplied" || event.pod.spec.nodeName === "n") return;
    const { uid } = event.pod.metadata;
    const [idle, rest] = step(before, { _tag: "Tick" }, now);
    const about = (actions: readonly Action[]) => actions.filter((one) => isAboutPod(one) && one.uid === uid);
    assert.equal(about(plan.actions), about(rest.actions));
    assert.is(lookup(after.pods, uid)?.desired, lookup(idle.pods, uid)?.desired);
  });
});

test("promises 2, 4 and 5: what is asked for fits what the API says of the pod", () => {
  check((taken) => {
    const { policy } = taken.after;
    for (const action of podActions(taken)) {
      const { desired, observed, memory, why } = lookup(taken.after.pods, action.uid) as PodEntry;
      const { _tag } = action;
      if (desired._tag === "Absent") {
        assert.ok(stops.has(_tag) || _tag === "ReadPod", `${_tag} of a pod that is gone: ${why}`);
        const ours = observed._tag === "Present" && isOurs(observed.value, memory, policy.pod.owner);
        assert.ok(ours, `${_tag} of a pod that is not ours`);
        continue;
      }
      const { metadata, status } = (desired as { readonly value: Pod }).value;
      const deleted = metadata.deletionTimestamp !== undefined, final = isTerminal(status.phase);
      if (starts.has(_tag)) assert.not(deleted || final, `${_tag} of a pod that is to end: ${why}`);
      if (_tag === "PatchPodStatus") assert.not(final, `a final status is written over: ${why}`);
      if (_tag === "FinalizePod") {
        assert.ok(deleted, "nobody has asked for its deletion");
        const live = observed._tag === "Present" &&
          observed.value.containers.some(({ state }) => state._tag === "Running");
        // a back end that was told to delete a pod may show it a little longer, but then as ended
        assert.not(live, `the object goes while it runs: ${why}`);
      }
      if (_tag === "CreatePod") assert.is(observed._tag, "Absent");
      if (_tag === "ReadPod") assert.unreachable("only what the API does not have is looked up");
    }
  });
});

test("promise 1: one call at a time about a pod or a container, until it was answered", () => {
  const key = (action: PodAction): string | undefined => {
    switch (action._tag) {
      case "CreatePod":
      case "UpdatePod":
        return action.uid;
      case "StartContainer":
        return `${action.uid}/${action.container.name}`;
      default:
        return undefined;
    }
  };
  fc.assert(fc.property(anyHistory, (history) => {
    const open = new Set<string>();
    for (const taken of play(history)) {
      const { event } = taken;
      const answered = event._tag === "ActionDone" || event._tag === "ActionFailed"
        ? event.action
        : undefined;
      if (answered !== undefined && isAboutPod(answered)) open.delete(key(answered) ?? "");
      for (const action of podActions(taken)) {
        const name = key(action);
        if (name === undefined) continue;
        assert.not(open.has(name), `${action._tag} of ${name} beside another`);
        open.add(name);
      }
    }
  }));
});

test("promises 6 and 12: every write names the pod's UID, its place, and nothing that is not ours", () => {
  const ours = new Set([
    ...["phase", "reason", "message", "startTime", "hostIP", "hostIPs", "podIP", "podIPs", "conditions"],
    ...["observedGeneration", "initContainerStatuses", "containerStatuses"],
  ]);
  const conditions = new Set([
    ...["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"],
  ]);
  check((taken) => {
    for (const action of podActions(taken)) {
      if (!("request" in action) || action._tag === "ReadPod") continue;
      const { namespace, name } = refs.find(({ uid }) => uid === action.uid)!;
      const body = action.request.body as any;
      assert.is(body.metadata?.uid ?? body.preconditions?.uid, action.uid);
      const path = podPath(namespace, name);
      assert.is(action.request.path, action._tag === "PatchPodStatus" ? `${path}/status` : path);
      if (action._tag !== "PatchPodStatus") continue;
      assert.equal(Object.keys(body).sort(), ["metadata", "status"]);
      assert.equal(Object.keys(body.status).filter((field) => !ours.has(field)), []);
      for (const { type } of body.status.conditions) assert.ok(conditions.has(type), type);
    }
  });
});

/** The event with all that it tells of other pods left out; `undefined`: it tells of nothing else. */
const aboutOnly = (event: Event, uid: string): Event | undefined => {
  switch (event._tag) {
    case "PodsListed":
      return {
        ...event,
        pods: event.pods.filter(({ metadata }) => metadata.uid === uid),
        bad: event.bad.filter((bad) => bad.uid === uid),
      };
    case "PodApplied":
      return event.pod.metadata.uid === uid ? event : undefined;
    case "PodUndecodable":
      return event.bad.uid === uid ? event : undefined;
    case "BackendChanged":
      return event.pod.uid === uid ? event : undefined;
    case "PodDeleted":
    case "BackendGone":
      return event.uid === uid ? event : undefined;
    default:
      return event;
  }
};

/** The facts of a history: nothing that is asked for after both lists is ever answered. */
const unanswered = ({ setup, turns }: History): History => ({
  setup,
  turns: [...synced, ...turns.filter(({ happens }) => happens._tag === "Event")],
});

test("promise 9: what is asked for a pod does not depend on what happens to the others", () => {
  const quiet: Event = { _tag: "NodeFactsChanged", facts: {} };
  fc.assert(
    fc.property(anyHistory.map(unanswered), fc.constantFrom(...refs), ({ setup, turns }, { uid }) => {
      const alone = turns.map((turn) =>
        turn.happens._tag === "Answer"
          ? turn
          : { ...turn, happens: { ...turn.happens, event: aboutOnly(turn.happens.event, uid) ?? quiet } }
      );
      const asked = (of: History): readonly string[] =>
        play(of).flatMap((taken, index) =>
          podActions(taken).filter((action) => action.uid === uid).map((action) =>
            `${index} ${canonicalJson(action)}`
          )
        );
      assert.equal(asked({ setup, turns }), asked({ setup, turns: alone }));
    }),
  );
});

test("promise 9: a fact about one pod changes nothing that is known of the others, in any state", () => {
  const much = 1e9;
  fc.assert(fc.property(anyState, anyFact, (state, fact) => {
    const about = fact._tag === "PodApplied"
      ? fact.pod.metadata.uid
      : fact._tag === "BackendChanged"
      ? fact.pod.uid
      : fact._tag === "PodDeleted" || fact._tag === "BackendGone"
      ? fact.uid
      : undefined;
    if (about === undefined) return;
    const [after] = step(state, fact, { mono: much, wall: much });
    forEachEntry(state.pods, (uid, { desired, observed }) => {
      const now = lookup(after.pods, uid);
      if (uid === about || now === undefined) return;
      assert.is(now.desired, desired);
      assert.is(now.observed, observed);
    });
  }));
});

test("confluence, promise 3: after a restart it does not matter which of the lists comes first", () => {
  fc.assert(
    fc.property(
      anyHistory,
      fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
      ({ setup, turns }, order) => {
        const facts = turns.flatMap(({ happens }) => happens._tag === "Event" ? [happens.event] : []);
        const mine = (pods: readonly Pod[]) => pods.filter(({ spec }) => spec.nodeName === "n");
        const lists = facts.flatMap((event) =>
          event._tag === "PodsListed" ? [{ ...event, pods: mine(event.pods) }] : []
        );
        const pods = lists[0] ??
          { _tag: "PodsListed", pods: [], bad: [] } as const;
        const held = facts.flatMap((event) => event._tag === "BackendChanged" ? [event.pod] : []);
        const node = facts.find(({ _tag }) => _tag === "NodeApplied") ?? { _tag: "NodeAbsent" } as const;
        const now = { mono: 1_000, wall: Date.UTC(2026, 0, 1) };
        const [start, first] = step(initialState(setup), { _tag: "Tick" }, now);
        const action = first.actions.find(({ _tag }) => _tag === "ListBackend")!;
        const unique = held.filter(({ uid }, index) =>
          held.findIndex((other) => other.uid === uid) === index
        );
        const events: readonly Event[] = [
          pods,
          node,
          { _tag: "ActionDone", action, result: { _tag: "Listed", pods: unique } },
        ];
        const outcome = (sorted: readonly Event[]): readonly string[] => {
          let state = start;
          const asked: string[] = [];
          for (const event of sorted) {
            const [next, plan] = step(state, event, now);
            state = next;
            asked.push(...plan.actions.filter(isAboutPod).map(canonicalJson));
          }
          const known = entries(state).map(({ desired, observed, why }) =>
            canonicalJson({ desired, observed, why })
          );
          return [...asked.sort(), ...known.sort()];
        };
        const shuffled = events.map((event, index) => [order[index] ?? 0, event] as const)
          .sort(([a], [b]) => a - b).map(([, event]) => event);
        assert.equal(outcome(shuffled), outcome(events));
      },
    ),
  );
});

test.run();
