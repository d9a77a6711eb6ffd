import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PodAction } from "../../../core/action.ts";
import type { Fault } from "../../../core/fault.ts";
import { refOf } from "../../../core/kubernetes/meta.ts";
import type { BackendOp, PodMemory } from "../../../core/pod/memory.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import { reconcilePod } from "../../../core/pod/reconcile.ts";
import { type Recorded, recordPodDone, recordPodFault } from "../../../core/pod/record.ts";
import { absent, present, type Seen } from "../../../core/seen.ts";
import { at, container, running } from "../../tools/containers.ts";
import { freeze, holds, owner, pod, policyOf, remembered } from "../../tools/pods.ts";

const test = suite("outcomes of a pod's actions");

const now = at(100);
const ref = refOf(pod()), uid = ref.uid;
const intent = { pod: pod(), env: {}, specHash: "h", owner };
const request = { method: "PATCH", path: "/" } as const;
const status = { phase: "Running" } as const, ended = { phase: "Failed" } as const;

const actions: Readonly<Record<PodAction["_tag"], PodAction>> = {
  CreatePod: { _tag: "CreatePod", uid, intent },
  UpdatePod: { _tag: "UpdatePod", uid, intent },
  DeletePod: { _tag: "DeletePod", uid, ref, graceMs: 1 },
  StartContainer: { _tag: "StartContainer", uid, intent, container: container("a"), restartCount: 2 },
  StopContainer: { _tag: "StopContainer", uid, ref, container: "a", graceMs: 1 },
  RemovePod: { _tag: "RemovePod", uid, ref },
  UpdateFiles: { _tag: "UpdateFiles", uid, ref, volumes: {}, version: "v2" },
  PatchPodStatus: { _tag: "PatchPodStatus", uid, ref, status, request },
  FinalizePod: { _tag: "FinalizePod", uid, ref, request },
  EvictPod: { _tag: "EvictPod", uid, ref, request },
  ReadPod: { _tag: "ReadPod", uid, ref, request },
};
type Tag = PodAction["_tag"];
const tags = Object.keys(actions) as readonly Tag[];

const kinds: Partial<Record<Tag, BackendOp["kind"]>> = {
  CreatePod: "create",
  UpdatePod: "update",
  DeletePod: "delete",
  StartContainer: "start",
  StopContainer: "stop",
  RemovePod: "remove",
  UpdateFiles: "files",
};

/** The memory with the action in flight, beside another operation. */
const flying = (tag: Tag, more: Partial<PodMemory> = {}): PodMemory => {
  const kind = kinds[tag];
  const other = { kind: "stop", container: "z", at: 0, until: 0 } as const;
  if (kind === undefined) return remembered({ apiOp: "status", writing: status, ops: [other], ...more });
  const container = kind === "start" || kind === "stop" ? "a" : undefined;
  return remembered({ ops: [other, { kind, container, at: 90_000, until: 120_000 }], ...more });
};

const policy = policyOf("pods"), chatty = policyOf("pods", { normalEvents: true });
const doneOf = (tag: Tag, more?: Partial<PodMemory>): Recorded =>
  recordPodDone(freeze(flying(tag, more)), actions[tag], now, policy);
const faultOf = (tag: Tag, fault: Fault, more?: Partial<PodMemory>): Recorded =>
  recordPodFault(freeze(flying(tag, more)), actions[tag], fault, now, policy);
const pick = (memory: PodMemory, of: Partial<PodMemory>): unknown =>
  Object.fromEntries(Object.keys(of).map((key) => [key, memory[key as keyof PodMemory]]));

const message = "m";
const faults: Readonly<Record<Fault["_tag"], Fault>> = {
  Conflict: { _tag: "Conflict", message },
  NotFound: { _tag: "NotFound", message },
  AlreadyExists: { _tag: "AlreadyExists", message },
  Gone: { _tag: "Gone", message },
  Unauthorized: { _tag: "Unauthorized", message },
  Forbidden: { _tag: "Forbidden", message },
  Throttled: { _tag: "Throttled", message, retryAfterMs: 70_000 },
  Unavailable: { _tag: "Unavailable", message },
  OutcomeUnknown: { _tag: "OutcomeUnknown", message },
  Rejected: { _tag: "Rejected", message, fields: [] },
  Unsupported: { _tag: "Unsupported", message, fields: [] },
  Undecodable: { _tag: "Undecodable", message, path: "" },
};
const calm = { attempt: 0, notBefore: 0 };

test("whatever the outcome, the action is no longer in flight, and everything else is", () => {
  for (const tag of tags) {
    for (const outcome of [doneOf(tag), ...Object.values(faults).map((fault) => faultOf(tag, fault))]) {
      const { ops, apiOp, writing } = outcome.memory;
      assert.equal(ops.map((op) => `${op.kind} ${op.container}`), ["stop z"], tag);
      assert.equal([apiOp, writing], [undefined, undefined], tag);
    }
  }
});

test("successes", () => {
  const before = { attempt: 3, notBefore: 1 };
  const rows: readonly (readonly [Tag, Partial<PodMemory>])[] = [
    ["CreatePod", { created: true, appliedHash: "h", backend: calm, lastFault: undefined }],
    ["UpdatePod", { appliedHash: "h", backend: calm, created: false }],
    ["DeletePod", { deleteSent: { at: 100_000, until: 120_000 }, backend: calm }],
    ["StartContainer", { created: true, containers: { a: { started: 2, fault: undefined } }, backend: calm }],
    ["StopContainer", { backend: calm, removed: false, deleteSent: undefined }],
    ["RemovePod", { removed: true, backend: calm }],
    ["UpdateFiles", { files: "v2", backend: calm, appliedHash: undefined }],
    ["PatchPodStatus", { written: { status, at: 100_000, repeats: 0, echoed: false }, api: calm }],
    ["FinalizePod", { finalizedAt: 100_000, api: calm }],
    ["EvictPod", { evicted: true, api: calm }],
    ["ReadPod", { api: calm, gone: undefined }],
  ];
  assert.equal(rows.map(([tag]) => tag), tags);
  for (const [tag, want] of rows) {
    const { memory, events } = doneOf(tag, { backend: before, api: before, lastFault: faults.Gone });
    assert.equal(pick(memory, want), want, tag);
    assert.equal(events, [], "normal events are not wanted");
  }
});

test("an answer to the API does not calm the back end, nor the other way round", () => {
  const backend = { attempt: 3, notBefore: 1 };
  assert.equal(doneOf("PatchPodStatus", { backend }).memory.backend, backend);
  assert.equal(doneOf("CreatePod", { api: backend }).memory.api, backend);
});

test("the same status written again is counted", () => {
  const written = (more: Partial<NonNullable<PodMemory["written"]>>): number | undefined =>
    doneOf("PatchPodStatus", { written: { status, at: 0, repeats: 4, echoed: true, ...more } }).memory.written
      ?.repeats;
  assert.is(written({}), 5);
  assert.is(written({ echoed: false }), 0);
  assert.is(written({ status: { phase: "Pending" } }), 0);
  const restarted = { name: "main", image: "web:1", imageID: "", ready: false, restartCount: 1 };
  assert.is(written({ status: { ...status, containerStatuses: [restarted] } }), 0);
  assert.is(written({ status: { ...status, containerStatuses: [] } }), 5, "as the API server sees it");
});

test("a terminal status that was taken, or may have been, is final: whatever an older object shows", () => {
  const end: PodAction = { _tag: "PatchPodStatus", uid, ref, status: { ...ended, reason: "r" }, request };
  const flight = freeze(flying("PatchPodStatus", { writing: ended, ops: [] }));
  const sent = [
    recordPodDone(flight, end, now, policy).memory,
    recordPodFault(flight, end, faults.OutcomeUnknown, now, policy).memory,
  ];
  // the watch lags behind, and what it shows has another spec than the one that was refused
  const old = pod({ apps: [{ ...container("a"), image: "web:0" }], status: { phase: "Pending" } });
  const decide = (memory: PodMemory, observed: Seen<ObservedPod>) =>
    reconcilePod(present(old), observed, freeze(memory), at(200), policy);
  for (const memory of sent) {
    assert.equal(memory.endSent, { phase: "Failed", reason: "r", message: undefined });
    const plan = decide(memory, absent);
    assert.equal(plan.actions.map(({ _tag }) => _tag), ["PatchPodStatus"]);
    assert.is(plan.why, "WriteTerminalStatus");
    const [told] = plan.actions;
    if (told?._tag === "PatchPodStatus") {
      assert.equal([told.status.phase, told.status.reason], ["Failed", "r"]);
    }
    assert.is(plan.memory.apiOp, "status");
    assert.is(decide(memory, present(holds([running("a")]))).why, "StopEnded");
  }
  const notDone = Object.values(faults).filter(({ _tag }) => _tag !== "OutcomeUnknown");
  for (const fault of notDone) {
    const { memory } = recordPodFault(flight, end, fault, now, policy);
    assert.is(memory.endSent, undefined, fault._tag);
    assert.is(decide(memory, absent).why, "Create", fault._tag);
  }
  assert.is(doneOf("PatchPodStatus").memory.endSent, undefined);
});

test("normal events, where they are wanted", () => {
  const told = tags.flatMap((tag) =>
    recordPodDone(flying(tag), actions[tag], now, chatty).events.map(({ type, reason }) =>
      `${type} ${reason}`
    )
  );
  assert.equal(told, [
    "Normal ProviderCreateSuccess",
    "Normal ProviderUpdateSuccess",
    "Normal ProviderDeleteSuccess",
    "Normal Started",
    "Normal Killing",
  ]);
});

test("the warnings of faults: of the back end's calls each, of the API's only a status that is refused", () => {
  const told = tags.flatMap((tag) =>
    faultOf(tag, faults.Unavailable).events.map((event) => `${event.type} ${event.reason}: ${event.message}`)
  );
  assert.equal(told, [
    "Warning ProviderCreateFailed: CreatePod: m",
    "Warning ProviderUpdateFailed: UpdatePod: m",
    "Warning ProviderDeleteFailed: DeletePod: m",
    "Warning Failed: StartContainer: m",
    "Warning FailedKillPod: StopContainer: m",
    "Warning ProviderDeleteFailed: RemovePod: m",
    "Warning FailedMount: UpdateFiles: m",
  ]);
  const about = { kind: "Pod", ref };
  for (const tag of tags) {
    for (const event of faultOf(tag, faults.Unavailable).events) assert.equal(event.about, about, tag);
  }
});

test("what is not there any more has been stopped, and removed", () => {
  const { NotFound, Conflict } = faults;
  assert.equal(faultOf("DeletePod", NotFound), doneOf("DeletePod"));
  assert.equal(faultOf("StopContainer", NotFound), doneOf("StopContainer"));
  assert.equal(faultOf("RemovePod", NotFound), doneOf("RemovePod"));
  for (const fault of [NotFound, Conflict]) {
    assert.equal(faultOf("FinalizePod", fault), doneOf("FinalizePod"));
    assert.equal(faultOf("EvictPod", fault), doneOf("EvictPod"));
  }
});

/** Seconds until the next try. */
const delay = (recorded: Recorded, of: "api" | "backend"): number =>
  (recorded.memory[of].notBefore - now.mono) / 1000;

test("back-off of the back end: half a second, doubling, to five minutes, and a warning each time", () => {
  const { Unavailable, Throttled } = faults;
  for (
    const tag of ["CreatePod", "UpdatePod", "DeletePod", "StopContainer", "RemovePod", "UpdateFiles"] as const
  ) {
    const first = faultOf(tag, Unavailable),
      third = faultOf(tag, Unavailable, { backend: { attempt: 2, notBefore: 0 } });
    assert.ok(delay(first, "backend") > 0.37 && delay(first, "backend") <= 0.5, tag);
    assert.ok(delay(third, "backend") > 1.5 && delay(third, "backend") <= 2, tag);
    assert.is(first.memory.backend.attempt, 1);
    assert.is(first.memory.lastFault, Unavailable);
    assert.equal(first.events.map(({ type, message }) => `${type}: ${message}`), [`Warning: ${tag}: m`]);
  }
  const late = faultOf("CreatePod", Unavailable, { backend: { attempt: 500, notBefore: 0 } });
  assert.ok(delay(late, "backend") <= 300 && delay(late, "backend") > 224);
  assert.is(delay(faultOf("CreatePod", Throttled), "backend"), 70);
});

test("of several calls under way one was told to wait: what becomes of the others does not take that back", () => {
  const backend = { attempt: 1, notBefore: now.mono + 70_000 };
  assert.equal(doneOf("StopContainer", { backend }).memory.backend, backend);
  assert.equal(faultOf("StopContainer", faults.Unavailable, { backend }).memory.backend, {
    attempt: 2,
    notBefore: backend.notBefore,
  });
});

test("a start that failed is the container's back-off; one whose outcome is unknown is the pod's", () => {
  const failed = faultOf("StartContainer", faults.Unavailable).memory;
  assert.equal(failed.backend, calm);
  assert.is(failed.containers.a?.fault?.attempts, 1);
  const lost = faultOf("StartContainer", faults.OutcomeUnknown).memory;
  assert.is(lost.backend.attempt, 1);
  assert.equal(lost.containers, {});
});

test("what a back end refuses for good waits for another spec", () => {
  for (const fault of [faults.Rejected, faults.Unsupported]) {
    for (const tag of ["CreatePod", "UpdatePod"] as const) {
      const { memory } = faultOf(tag, fault);
      assert.equal(memory.rejected, { specHash: "h", message });
      assert.equal(memory.backend, calm);
    }
    assert.is(faultOf("DeletePod", fault).memory.rejected, undefined, "a stop is never given up");
    assert.is(faultOf("DeletePod", fault).memory.backend.attempt, 1);
  }
});

test("back-off of the API server: quick for its troubles, slow for what it refuses or does not find", () => {
  for (const fault of Object.values(faults)) {
    const slow = ["Rejected", "Unsupported", "NotFound", "Forbidden"].includes(fault._tag);
    const seconds = delay(faultOf("PatchPodStatus", fault), "api");
    const [low, high] = fault._tag === "Throttled" ? [70, 70] : slow ? [22.5, 30] : [0.37, 0.5];
    assert.ok(seconds >= low && seconds <= high, `${fault._tag}: ${seconds}`);
  }
});

test("an API server that was away for long is asked again within seconds, one that is in trouble within minutes", () => {
  const late = { api: { attempt: 500, notBefore: 0 } };
  const bounds = { Unavailable: 15, OutcomeUnknown: 15, Conflict: 300 };
  for (const [tag, most] of Object.entries(bounds)) {
    const fault = Object.values(faults).find(({ _tag }) => _tag === tag) ?? faults.Unavailable;
    const seconds = delay(faultOf("PatchPodStatus", fault, late), "api");
    assert.ok(seconds <= most && seconds > most / 2, `${tag}: ${seconds}`);
  }
});

test("a status that is refused for good is told, a terminal one is noted", () => {
  const terminal: PodAction = { _tag: "PatchPodStatus", uid, ref, status: ended, request };
  const refused = faultOf("PatchPodStatus", faults.Rejected);
  assert.equal(refused.events.map(({ reason }) => reason), ["StatusRejected"]);
  assert.is(refused.memory.endRefused, false);
  const last = recordPodFault(flying("PatchPodStatus"), terminal, faults.Rejected, now, policy);
  assert.equal(last.events, []);
  assert.is(last.memory.endRefused, true);
  const away = recordPodFault(flying("PatchPodStatus"), terminal, faults.Unavailable, now, policy);
  assert.is(away.memory.endRefused, false);
  assert.equal(away.events, []);
});

test.run();
