import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Action } from "../../core/action.ts";
import type { Event } from "../../core/event.ts";
import type { BadItem } from "../../core/kubernetes/decode.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import { initialState, type PodEntry, type State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import { lookup } from "../../core/table.ts";
import { describeNode } from "../../core/node/describe.ts";
import { at, ended, preparing, running } from "../tools/containers.ts";
import { makeInstantNode } from "../tools/instant_node.ts";
import { deleted, freeze, holds, owner, pod, type PodParts } from "../tools/pods.ts";

const test = suite("facts folded into the state");

const bad: BadItem = {
  namespace: "shop",
  name: "web",
  uid: "u-1",
  resourceVersion: "1",
  problems: ["spec: no"],
};
const foreign = holds([running("a")], { uid: "x", name: "x", owner: { cluster: "c", node: "other" } });

/** The state after some facts; both sides were listed first, without any pod, unless told otherwise. */
const after = (
  events: readonly Event[],
  kind: "pods" | "containers" = "pods",
  listed = true,
): { readonly state: State; readonly actions: readonly Action[]; readonly why: readonly string[] } => {
  let state = initialState({
    description: describeNode({ name: "n", provider: "test" }),
    pod: { kind, owner },
    watched: true,
  });
  let actions: readonly Action[] = [], why: readonly string[] = [];
  const start: readonly Event[] = listed
    ? [
      { _tag: "ActionDone", action: { _tag: "ListBackend", seq: 0 }, result: { _tag: "Listed", pods: [] } },
      { _tag: "PodsListed", pods: [], bad: [] },
    ]
    : [];
  for (const event of [...start, ...events]) {
    const [next, plan] = step(freeze(state), freeze(event), at(100));
    state = next;
    actions = plan.actions;
    why = plan.why.filter(({ key }) => key !== "node").map((each) => each.why);
  }
  return { state, actions, why };
};

const entry = (
  events: readonly Event[],
  kind?: "pods" | "containers",
  listed?: boolean,
): PodEntry | undefined => lookup(after(events, kind, listed).state.pods, "u-1");
const applied = (parts?: PodParts): Event => ({ _tag: "PodApplied", pod: pod(parts) });
const told = (of: ObservedPod): Event => ({ _tag: "BackendChanged", pod: of });
const listed = (seq: number, pods: readonly ObservedPod[]): Event => ({
  _tag: "ActionDone",
  action: { _tag: "ListBackend", seq },
  result: { _tag: "Listed", pods },
});
const create: Action = {
  _tag: "CreatePod",
  uid: "u-1",
  intent: { pod: pod(), env: {}, specHash: "h", owner },
};
const lostOutcome = { _tag: "OutcomeUnknown", message: "lost" } as const;
const lostCreate: Event = { _tag: "ActionFailed", action: create, fault: lostOutcome };
const tagsOf = (actions: readonly Action[]): readonly string[] => actions.map(({ _tag }) => _tag);

test("what was never listed is unknown, what a list does not name is absent", () => {
  assert.is(entry([applied()], "pods", false)?.observed._tag, "Unknown");
  assert.is(entry([applied()])?.observed._tag, "Absent");
  const listOnly = entry([told(holds()), listed(9, [holds()])], "pods", false);
  assert.is(listOnly?.desired._tag, "Unknown");
  assert.is(entry([told(holds())])?.desired._tag, "Absent");
});

test("a list that failed tells nothing, and is repeated when the back end wants to be asked again", () => {
  for (const [retryAfterMs, soonest] of [[70_000, 70_000], [undefined, 300]] as const) {
    const fault = { _tag: "Throttled", message: "busy", retryAfterMs } as const;
    // in this order nothing is under way that a list would not be believed about
    const { state, actions } = after([
      told(holds([running("a")])),
      applied(),
      { _tag: "ActionFailed", action: { _tag: "ListBackend", seq: 9 }, fault },
    ]);
    assert.equal(lookup(state.pods, "u-1")?.memory.ops, []);
    assert.is(lookup(state.pods, "u-1")?.observed._tag, "Present");
    assert.not.ok(tagsOf(actions).includes("ListBackend"));
    const waits = state.backend.retry.notBefore - at(100).mono;
    assert.ok(waits >= soonest && waits <= Math.max(soonest, 500), `${waits}`);
  }
});

test("pods of other nodes, and versions that are known, are not looked at", () => {
  assert.is(entry([applied({ spec: { nodeName: "other" } })]), undefined);
  assert.equal(after([applied(), applied()]).why, []);
  assert.is(after([applied(), applied({ meta: { resourceVersion: "2" } })]).why.length, 1);
});

test("a pod that cannot be read is unknown, not gone", () => {
  for (
    const event of [{ _tag: "PodUndecodable", bad }, { _tag: "PodsListed", pods: [], bad: [bad] }] as const
  ) {
    const { state, actions, why } = after([applied(), told(holds([running("a")])), event]);
    assert.is(lookup(state.pods, "u-1")?.desired._tag, "Unknown");
    assert.equal(why, ["ApiUnknown"]);
    assert.ok(tagsOf(actions).every((tag) => tag === "WriteEvent"), tagsOf(actions).join());
  }
});

test("what a list of the API does not name is gone by the list, a DELETED event says more", () => {
  const gone = (...events: readonly Event[]): string | undefined =>
    entry([applied(), told(holds([running("a")])), ...events])?.memory.gone;
  const missing: Event = { _tag: "PodsListed", pods: [], bad: [] },
    event: Event = { _tag: "PodDeleted", uid: "u-1" };
  assert.is(gone(missing), "list");
  assert.is(gone(event), "event");
  assert.is(gone(missing, event), "event");
  assert.is(gone(event, missing), "event");
  assert.is(gone(missing, applied({ meta: { resourceVersion: "2" } })), undefined);
});

test("a lost outcome makes a pod unknown, and only a list that began later makes it known", () => {
  const seqOf = (state: State): number => state.backend.seq;
  const before = [applied(), lostCreate];
  const { state } = after(before);
  const seen = (...events: readonly Event[]): string | undefined =>
    entry([...before, ...events])?.observed._tag;
  assert.is(seen(), "Unknown");
  assert.is(seen(told(holds())), "Unknown");
  assert.is(seen(listed(seqOf(state) - 1, [])), "Unknown");
  assert.is(seen(listed(seqOf(state), [])), "Absent");
  assert.is(seen(told(holds()), listed(seqOf(state), [holds()])), "Present");
});

test("news that came while a pod was unknown are not forgotten, nor is what was known before", () => {
  const stop: Action = { _tag: "StopContainer", uid: "u-1", ref: holds(), container: "a", graceMs: 1 };
  const before: readonly Event[] = [
    applied(),
    told(holds([running("a", 5, { restartCount: 2 })])),
    { _tag: "ActionFailed", action: stop, fault: lostOutcome },
  ];
  const seq = after(before, "containers").state.backend.seq;
  const known = entry(
    [
      ...before,
      told(holds([ended("a", 1, 9, { restartCount: 2 })])),
      listed(seq, [holds([running("a", 5, { restartCount: 2 })])]),
    ],
    "containers",
  );
  assert.is(
    known?.observed._tag === "Present" && known.observed.value.containers[0]?.state._tag,
    "Terminated",
  );
  const old = entry([...before, listed(seq, [holds([preparing("a")])])], "containers");
  assert.is(old?.observed._tag === "Present" && old.observed.value.containers[0]?.restartCount, 2);
});

test("a list does not undo what was told after it was asked for", () => {
  const first = [told(holds([running("a")])), applied()];
  const { seq } = after(first).state.backend;
  assert.is(entry([...first, listed(seq - 1, [])])?.observed._tag, "Present");
  assert.is(entry([...first, listed(seq, [])])?.observed._tag, "Unknown");
});

test("what may run is absent once two lists in a row do not name it", () => {
  const once = [told(holds([running("a")])), applied(), listed(98, [])];
  const named = listed(99, [holds([running("a")])]);
  assert.ok(after(once).state.backend.listing, "the second is asked for at once");
  assert.is(entry([...once, listed(99, [])])?.observed._tag, "Absent");
  assert.is(entry([...once, named])?.observed._tag, "Present");
  assert.is(entry([...once, named, listed(100, [])])?.observed._tag, "Unknown");
  assert.is(entry([applied(), listed(99, [])])?.observed._tag, "Absent", "nobody has begun to run it");
});

test("a pod that comes to light after the list, and may run, is looked for once more", () => {
  const first = [listed(1, [])];
  assert.is(entry([...first, applied()])?.observed._tag, "Absent", "a new pod");
  const dying = applied({ ...deleted(30, 100) });
  assert.is(entry([...first, dying])?.observed._tag, "Unknown");
  assert.is(entry([...first, dying, listed(99, [])])?.observed._tag, "Absent");
});

test("a pod that may have been made is not let go because one list did not name it", () => {
  const doubtful = [applied(), lostCreate, listed(99, [])];
  assert.is(entry(doubtful)?.observed._tag, "Absent", "to create it again does no harm");
  const leaving = [...doubtful, applied({ ...deleted(30, 100, { resourceVersion: "2" }) })];
  assert.equal(after(leaving).why, ["BackendUnknown"]);
  assert.is(entry([...leaving, listed(100, [holds([running("a")])])])?.observed._tag, "Present");
  const sure = after([...leaving, listed(100, [])]);
  assert.equal(sure.why, ["Finalize"]);
  const twice = [...doubtful, listed(100, []), leaving.at(-1)!];
  assert.equal(after(twice).why, ["Finalize"], "two lists had not named it");
});

test("a pod that comes to light after the list, and cannot be read, is looked for once more", () => {
  const first: readonly Event[] = [listed(1, []), { _tag: "PodUndecodable", bad }];
  assert.is(entry(first)?.observed._tag, "Unknown");
  assert.is(entry([...first, listed(99, [])])?.observed._tag, "Absent");
});

test("a list says nothing about a pod with an operation in flight that it does not name", () => {
  // CreatePod is planned by the first look, and not answered yet
  assert.is(entry([applied(), told(holds()), listed(99, [])])?.observed._tag, "Present");
});

test("what is gone from the back end had been taken by it, also when that was not answered", () => {
  assert.is(entry([applied(), lostCreate, { _tag: "BackendGone", uid: "u-1" }])?.memory.created, true);
  assert.is(entry([applied(), { _tag: "BackendGone", uid: "u-1" }])?.memory.created, true, "in flight");
  const refused: Event = {
    _tag: "ActionFailed",
    action: create,
    fault: { _tag: "Unavailable", message: "" },
  };
  assert.is(entry([applied(), refused, { _tag: "BackendGone", uid: "u-1" }])?.memory.created, false);
  assert.is(entry([{ _tag: "BackendGone", uid: "u-1" }]), undefined);
});

test("a stop of what is not there is done, and the back end is asked", () => {
  const NotFound = { _tag: "NotFound", message: "" } as const;
  const dying = [
    told(holds([running("a")])),
    applied(),
    applied({ ...deleted(30, 100, { resourceVersion: "2" }) }),
  ];
  const ref = { namespace: "shop", name: "web", uid: "u-1" };
  const rows: readonly (readonly ["pods" | "containers", Action, string])[] = [
    ["pods", { _tag: "DeletePod", uid: "u-1", ref, graceMs: 1 }, "Present"],
    ["containers", { _tag: "StopContainer", uid: "u-1", ref, container: "a", graceMs: 1 }, "Unknown"],
    ["containers", { _tag: "RemovePod", uid: "u-1", ref }, "Absent"],
  ];
  for (const [kind, action, seen] of rows) {
    const { state } = after([...dying, { _tag: "ActionFailed", action, fault: NotFound }], kind);
    assert.is(lookup(state.pods, "u-1")?.observed._tag, seen, action._tag);
    assert.ok(state.backend.wanted, action._tag);
  }
});

test("the back end is asked when news of an end may not come", () => {
  const ref = { namespace: "shop", name: "web", uid: "u-1" };
  const deletePod: Action = { _tag: "DeletePod", uid: "u-1", ref, graceMs: 1 };
  const done: Event = { _tag: "ActionDone", action: deletePod, result: { _tag: "Nothing" } };
  const wanted = (...events: readonly Event[]): boolean =>
    after([told(holds([running("a")])), ...events]).state.backend.wanted;
  const gone: Event = { _tag: "PodDeleted", uid: "u-1" };
  assert.is(wanted(applied(), done), false);
  assert.is(wanted(applied(), done, done), true, "repeated");
  assert.is(wanted(gone, done), true, "of an orphan");
  assert.is(wanted(applied(), gone), true, "an orphan");
  assert.is(wanted(applied(), listed(99, []), gone), false, "of what is known to be absent");
  assert.is(wanted(applied(), { _tag: "BackendGone", uid: "u-1" }), true, "told to be gone, unasked");
});

test("a pod that both sides have none of is over, once nothing of it is in flight; nothing late brings it back", () => {
  const patch: Action = {
    _tag: "PatchPodStatus",
    uid: "u-1",
    ref: { namespace: "shop", name: "web", uid: "u-1" },
    status: {},
    request: { method: "PATCH", path: "/" },
  };
  const before: readonly Event[] = [
    told(holds([running("a")])),
    applied(),
    listed(98, []),
    listed(99, []),
  ];
  const gone: Event = { _tag: "PodDeleted", uid: "u-1" };
  const written: Event = { _tag: "ActionDone", action: patch, result: { _tag: "Nothing" } };
  assert.is(entry([...before, gone])?.memory.apiOp, "status");
  const over = [...before, gone, written];
  assert.is(entry(over)?.over, true);
  assert.is(entry([...before, written])?.over, false);
  assert.is(entry([...over, applied()])?.desired._tag, "Absent", "a watch that tells the past again");
  const { state } = after(over);
  assert.is(
    entry([...over, listed(state.backend.seq - 1, [holds()])])?.observed._tag,
    "Absent",
    "a list begun before",
  );
  const left = entry([...over, listed(state.backend.seq, [holds()])]);
  assert.equal(
    [left?.observed._tag, left?.why],
    ["Present", "OrphanGrace"],
    "what is left over is cleaned up",
  );
});

test("what is told to be gone is absent only when that was asked for", () => {
  const before: readonly Event[] = [told(holds([running("a")])), applied()];
  const gone: Event = { _tag: "BackendGone", uid: "u-1" };
  assert.is(entry([...before, gone])?.observed._tag, "Unknown");
  const dying = applied({ ...deleted(30, 100, { resourceVersion: "2" }) });
  assert.is(entry([...before, dying, gone])?.observed._tag, "Absent");
});

test("a stop that did not stop anything is paced, one that did is not", () => {
  const ref = { namespace: "shop", name: "web", uid: "u-1" };
  const stop: Action = { _tag: "StopContainer", uid: "u-1", ref, container: "a", graceMs: 1 };
  const done = (of: ObservedPod): number | undefined =>
    entry([
      applied(),
      told(holds([running("a")])),
      { _tag: "ActionDone", action: stop, result: { _tag: "SawPod", pod: of } },
    ], "containers")?.memory.backend.notBefore;
  assert.ok((done(holds([running("a")])) ?? 0) > at(100).mono);
  assert.is(done(holds([ended("a", 143)])), 0);
});

test("a drain: everything is evicted, nothing is begun, what is not ours does not hold it", () => {
  for (const kind of ["pods", "containers"] as const) {
    const node = makeInstantNode({ kind });
    node.api.create(pod());
    node.api.create(
      pod({ meta: { uid: "m", name: "m", annotations: { "kubernetes.io/config.mirror": "h" } } }),
    );
    node.api.create(pod({ meta: { uid: "f", name: "f" }, status: { phase: "Failed" } }));
    node.hold(foreign);
    node.tell({ _tag: "BackendReset" });
    node.pass(10_000);
    node.tell({ _tag: "Shutdown", mode: "drain" });
    node.api.create(pod({ meta: { uid: "late", name: "late" } }));
    node.pass(60_000);
    assert.is(node.state().lifecycle, "drained", kind);
    assert.equal([...node.api.pods.keys()].sort(), ["f", "m"]);
    assert.is(node.holds("late"), undefined);
    assert.is(node.holds("x"), foreign);
  }
});

test("leaving changes nothing", () => {
  const node = makeInstantNode({ kind: "pods" });
  node.api.create(pod());
  node.pass(10_000);
  const asked = node.actions.length;
  node.tell({ _tag: "Shutdown", mode: "leave" });
  assert.equal(node.actions.slice(asked).filter(({ action }) => "uid" in action), []);
  assert.is(node.state().lifecycle, "running");
});

test("an Event that the API server did not take is written anew", () => {
  const warnings: string[] = [];
  const node = makeInstantNode({
    kind: "pods",
    policy: { check: () => [{ field: "spec.a", message: "no", fatal: true }] },
    api: (action) => {
      if (action._tag !== "WriteEvent") return undefined;
      warnings.push(action.request.method);
      return E.left({ _tag: "Unavailable", message: "down" });
    },
  });
  for (const label of ["1", "2"]) {
    node.api.create(pod({ meta: { labels: { label } } }));
    node.pass(1_000);
  }
  assert.equal(warnings, ["POST", "POST"]);
});

test.run();
