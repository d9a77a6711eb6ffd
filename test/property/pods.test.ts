import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EmitEvent, PodAction } from "../../core/action.ts";
import { equivalent } from "../../core/equivalent.ts";
import type { Fault } from "../../core/fault.ts";
import { isTerminal } from "../../core/kubernetes/pod.ts";
import type { PodPlan } from "../../core/pod/plan.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { recordPodDone, recordPodFault } from "../../core/pod/record.ts";
import { statusShowsRun } from "../../core/pod/status.ts";
import { faultOf, faultTags } from "../arbitraries/fault.ts";
import { midSeconds, momentOf } from "../arbitraries/moment.ts";
import { anyPodSituation, type PodSituation } from "../arbitraries/pod_situation.ts";
import { briefAction, freeze } from "../tools/pods.ts";

const test = suite("reconcilePod, any input");

const now = momentOf(midSeconds);

const planOf = (given: PodSituation): PodPlan =>
  reconcilePod(given.desired, given.observed, given.memory, given.now, given.policy);

const check = (judge: (plan: PodPlan, given: PodSituation) => void): void =>
  fc.assert(fc.property(anyPodSituation, (given) => judge(planOf(given), given)));

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

type ApiAction = Extract<PodAction, { readonly request: unknown }>;
const apiActions = (plan: PodPlan): readonly ApiAction[] =>
  plan.actions.filter((action): action is ApiAction => "request" in action);
const own = (plan: PodPlan): readonly PodAction[] =>
  plan.actions.filter((action): action is PodAction => action._tag !== "EmitEvent");
const isStart = (action: PodAction | EmitEvent): boolean =>
  action._tag === "CreatePod" || action._tag === "StartContainer";

test("pure: frozen input, and twice the same plan", () => {
  fc.assert(
    fc.property(anyPodSituation, (given) => {
      const first = planOf(freeze(given));
      assert.equal(plain(planOf(given)), plain(first));
    }),
  );
});

test("nothing but rest on an unknown", () => {
  check((plan, { desired, observed, memory }) => {
    if (desired._tag !== "Unknown" && observed._tag !== "Unknown") return;
    assert.equal(plan.actions, []);
    assert.is(plan.wakeAt, undefined);
    assert.is(plan.memory, memory);
  });
});

test("one request at a time, and every write carries the UID", () => {
  check((plan, { memory }) => {
    const requests = apiActions(plan);
    assert.ok(requests.length <= (memory.apiOp === undefined ? 1 : 0), plan.why);
    for (const { _tag, uid, request } of requests) {
      assert.is(uid, "u-1");
      if (_tag === "ReadPod") continue;
      const body = request.body as { metadata?: { uid?: string }; preconditions?: { uid?: string } };
      assert.is(body.metadata?.uid ?? body.preconditions?.uid, "u-1");
    }
    assert.is(plan.memory.apiOp === undefined, requests.length === 0 && memory.apiOp === undefined);
  });
});

test("nothing is begun for a pod that is deleted, finished, gone, or that ran and vanished", () => {
  check((plan, { desired, observed, memory }) => {
    const begun = plan.actions.some(isStart);
    if (!begun) return;
    assert.is(desired._tag, "Present", plan.why);
    if (desired._tag !== "Present") return;
    const { metadata, status } = desired.value;
    assert.is(metadata.deletionTimestamp, undefined);
    assert.not(isTerminal(status.phase));
    if (observed._tag === "Absent") assert.not(memory.ran || memory.created || statusShowsRun(status));
    if (observed._tag === "Present") assert.not(plan.actions.some(({ _tag }) => _tag === "CreatePod"));
  });
});

test("nothing is stopped, removed or written of a pod that is not ours", () => {
  check((plan, { desired, observed, memory }) => {
    if (desired._tag !== "Absent" || observed._tag !== "Present") return;
    const mark = observed.value.owner;
    if (memory.created || (mark?.cluster === "c" && mark.node === "n")) return;
    assert.equal(plan.actions, []);
    assert.is(plan.why, "Foreign");
  });
});

test("an orphan is stopped only when the watch or a live read said that it is gone", () => {
  check((plan, { desired, memory }) => {
    if (desired._tag !== "Absent" || plan.actions.length === 0) return;
    const sure = memory.gone === "event" || memory.gone === "confirmed";
    assert.ok(sure || own(plan).every(({ _tag }) => _tag === "ReadPod"), plan.why);
  });
});

test("the grace of a pod only gets shorter", () => {
  check((plan, { memory }) => {
    const { kill } = plan.memory;
    if (memory.kill !== undefined) {
      assert.ok(kill !== undefined && kill.at <= memory.kill.at && kill.graceMs <= memory.kill.graceMs);
    }
    if (!["Stopping", "StopEnded", "StopExpired", "RemoveOrphan"].includes(plan.why)) return;
    for (const action of plan.actions) {
      if (action._tag !== "DeletePod" && action._tag !== "StopContainer") continue;
      assert.ok(action.graceMs >= 0 && now.mono + action.graceMs <= Math.max(kill?.at ?? 0, now.mono));
    }
  });
});

test("a pod is not looked at again in the past", () => {
  check(({ wakeAt, actions, why }) => {
    assert.ok(wakeAt === undefined || wakeAt > now.mono || actions.length > 0, `${why}: ${wakeAt}`);
    assert.ok(wakeAt === undefined || Number.isFinite(wakeAt), `${why}: ${wakeAt}`);
  });
});

test("a plan that is not carried out yet is not made again", () => {
  check((plan, given) => {
    const again = planOf({ ...given, memory: plan.memory });
    const twice = again.actions.map(briefAction).filter((brief) =>
      plan.actions.map(briefAction).includes(brief)
    );
    assert.equal(twice, [], `${plan.why}, then ${again.why}`);
  });
});

test("a terminal status is not written over, and phases do not go back", () => {
  check((plan, { desired }) => {
    const patch = plan.actions.find((action) => action._tag === "PatchPodStatus");
    if (patch?._tag !== "PatchPodStatus" || desired._tag !== "Present") return;
    const { phase } = desired.value.status;
    assert.not(isTerminal(phase));
    if (phase === "Running") assert.is.not(patch.status.phase, "Pending", plan.why);
  });
});

test("restart counts in a status do not go down, and startTime stays", () => {
  check((plan, { desired }) => {
    const patch = plan.actions.find((action) => action._tag === "PatchPodStatus");
    if (patch?._tag !== "PatchPodStatus" || desired._tag !== "Present") return;
    const { startTime, containerStatuses = [], initContainerStatuses = [] } = desired.value.status;
    if (startTime !== undefined && plan.memory.written?.echoed !== false) {
      assert.is(patch.status.startTime, startTime);
    }
    const after = [...patch.status.containerStatuses ?? [], ...patch.status.initContainerStatuses ?? []];
    for (const before of [...containerStatuses, ...initContainerStatuses]) {
      const found = after.find(({ name }) => name === before.name);
      const held = plan.memory.written?.echoed === false;
      assert.ok(found === undefined || held || found.restartCount >= before.restartCount, before.name);
    }
  });
});

test("the object is removed only when nothing of it runs, and the end was told", () => {
  check((plan, { desired, observed, memory, policy }) => {
    if (!plan.actions.some(({ _tag }) => _tag === "FinalizePod") || desired._tag !== "Present") return;
    assert.is.not(desired.value.metadata.deletionTimestamp, undefined);
    assert.equal(memory.ops, []);
    const live = observed._tag === "Present" &&
      observed.value.containers.some(({ state }) => state._tag === "Running");
    assert.not(live);
    const ran = memory.ran || statusShowsRun(desired.value.status);
    const told = isTerminal(desired.value.status.phase) || isTerminal(memory.written?.status.phase);
    assert.ok(!ran || told || !policy.terminalStatus || memory.endRefused);
  });
});

// Outcomes

const faults: readonly Fault[] = [
  ...faultTags.map((tag) => faultOf(tag)),
  faultOf("Throttled", "later", 90_000),
];

test("every outcome of every action is recorded: no longer in flight, and the back-off is bounded", () => {
  check((plan, { memory, policy }) => {
    for (const action of own(plan)) {
      for (const fault of [undefined, ...faults]) {
        const recorded = fault === undefined
          ? recordPodDone(freeze(plan.memory), action, now, policy)
          : recordPodFault(freeze(plan.memory), action, fault, now, policy);
        const after = recorded.memory;
        if ("request" in action) assert.is(after.apiOp, undefined);
        else assert.is(after.ops.length, plan.memory.ops.length - 1);
        for (const { notBefore } of [after.api, after.backend]) {
          assert.ok(
            notBefore <= Math.max(now.mono + 300_000, memory.api.notBefore, memory.backend.notBefore),
          );
        }
        if (fault?._tag === "Throttled" && "request" in action) {
          assert.ok(after.api.notBefore >= now.mono + (fault.retryAfterMs ?? 0));
        }
        assert.ok(recorded.events.every(({ about }) => about.ref.uid === "u-1"));
      }
    }
  });
});

// Both clocks may start anywhere.

const monoKeys = new Set([
  "mono",
  "at",
  "until",
  "notBefore",
  "toldAt",
  "missingSince",
  "finalizedAt",
  "goneSince",
  "dueAt",
  "wakeAt",
]);
const wallKeys = new Set(["wall", "startedAt", "finishedAt"]);
const timeText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Every time in a value moved, by its name. */
const shifted = <A>(value: A, monoMs: number, wallMs: number): A => {
  const walk = (part: unknown, key: string): unknown => {
    if (typeof part === "number") {
      return part + (monoKeys.has(key) ? monoMs : wallKeys.has(key) ? wallMs : 0);
    }
    if (typeof part === "string") {
      return timeText.test(part)
        ? new Date(Date.parse(part) + wallMs).toISOString().replace(".000Z", "Z")
        : part;
    }
    if (Array.isArray(part)) return part.map((each) => walk(each, key));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, walk(field, name)]));
  };
  return walk(value, "") as A;
};

test("moving both clocks moves the plan, and changes nothing else", () => {
  const seconds = fc.integer({ min: 0, max: 10_000_000 });
  fc.assert(
    fc.property(anyPodSituation, seconds, seconds, (given, monoSeconds, wallSeconds) => {
      const [monoMs, wallMs] = [monoSeconds * 1000, wallSeconds * 1000];
      const moved = reconcilePod(
        shifted(given.desired, monoMs, wallMs),
        shifted(given.observed, monoMs, wallMs),
        shifted(given.memory, monoMs, wallMs),
        shifted(now, monoMs, wallMs),
        given.policy,
      );
      const want = shifted(planOf(given), monoMs, wallMs);
      assert.equal(plain(moved), plain(want));
      assert.ok(equivalent(moved.memory, want.memory));
    }),
  );
});

test.run();
