import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EmitEvent, PodAction } from "../../core/action.ts";
import { canonicalJson } from "../../core/hash.ts";
import { graceMsOf, isMirror, isTerminal, type Pod } from "../../core/kubernetes/pod.ts";
import type { PodCondition } from "../../core/kubernetes/pod_status.ts";
import type { PodPlan } from "../../core/pod/plan.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { recordPodDone, recordPodFault } from "../../core/pod/record.ts";
import { statusCovered } from "../../core/pod/status_patch.ts";
import { present } from "../../core/seen.ts";
import type { Now } from "../../core/time.ts";
import { anyFault } from "../arbitraries/fault.ts";
import { anyPodConditions } from "../arbitraries/pod_status.ts";
import { anyPodSituation, type PodSituation } from "../arbitraries/pod_situation.ts";
import { patchedPod } from "../tools/pod_world.ts";

const test = suite("what reconcilePod promises");

const planOf = (given: PodSituation): PodPlan =>
  reconcilePod(given.desired, given.observed, given.memory, given.now, given.policy);

const own = (plan: PodPlan): readonly PodAction[] =>
  plan.actions.filter((action: PodAction | EmitEvent): action is PodAction => action._tag !== "EmitEvent");

type Patch = Extract<PodAction, { readonly _tag: "PatchPodStatus" }>;
const patchOf = (plan: PodPlan): Patch | undefined =>
  plan.actions.find((action): action is Patch => action._tag === "PatchPodStatus");

/** What is asked for, and of which container. */
const name = (action: PodAction): string =>
  `${action._tag} ${"container" in action ? canonicalJson(action.container) : ""}`;

const later = ({ mono, wall }: Now, ms: number): Now => ({ mono: mono + ms, wall: wall + ms });

const ourConditions: ReadonlySet<string> = new Set([
  ...["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"],
]);
const foreign = (conditions: readonly PodCondition[] = []): readonly PodCondition[] =>
  conditions.filter(({ type }) => !ourConditions.has(type));

/** What others keep in the status of a pod. */
const theirs = {
  qosClass: "Burstable",
  nominatedNodeName: "m",
  ephemeralContainerStatuses: [{ name: "debug", image: "v1", imageID: "", ready: true, restartCount: 0 }],
  resourceClaimStatuses: [{ name: "gpu" }],
};

const withTheirs = (given: PodSituation): PodSituation =>
  given.desired._tag !== "Present" ? given : {
    ...given,
    desired: present({
      ...given.desired.value,
      status: { ...given.desired.value.status, ...theirs } as Pod["status"],
    }),
  };

/** The pod as the API has it when the patch has arrived, and what was written. */
const written = (
  given: PodSituation,
): { readonly before: Pod; readonly after: Pod; readonly patch: Patch } | undefined => {
  const patch = patchOf(planOf(given));
  if (patch === undefined || given.desired._tag !== "Present") return undefined;
  return { before: given.desired.value, after: patchedPod(given.desired.value, patch.request), patch };
};

test("promise 6: a written status says all that it was to say, and all that others said is still there", () => {
  fc.assert(fc.property(anyPodSituation.map(withTheirs), (given) => {
    const done = written(given);
    if (done === undefined) return;
    const { before, after, patch } = done;
    assert.ok(statusCovered(patch.status, after.status), canonicalJson([patch.request.body, after.status]));
    assert.equal(foreign(after.status.conditions), foreign(before.status.conditions));
    for (const [field, value] of Object.entries(theirs)) {
      assert.equal((after.status as any)[field], value, field);
    }
    assert.is(canonicalJson([after.spec, after.metadata]), canonicalJson([before.spec, before.metadata]));
  }));
});

test("promise 6, idempotence: what was written is not written again", () => {
  fc.assert(fc.property(anyPodSituation, (given) => {
    const plan = planOf(given), done = written(given);
    if (done === undefined) return;
    const { memory } = recordPodDone(plan.memory, done.patch, given.now, given.policy);
    const again = planOf({ ...given, desired: present(done.after), memory });
    assert.is(
      patchOf(again),
      undefined,
      `${plan.why}, then ${again.why}: ${canonicalJson(patchOf(again)?.request.body)}`,
    );
  }));
});

test("promise 6: what others change of ours is changed back, each time within five minutes", () => {
  const meddle = fc.record({
    conditions: anyPodConditions,
    reason: fc.constantFrom("Meddled", undefined),
    podIP: fc.constantFrom("10.66.6.6", undefined),
  });
  fc.assert(
    fc.property(anyPodSituation, fc.array(meddle, { minLength: 1, maxLength: 4 }), (given, meddlings) => {
      const plan = planOf(given), done = written(given);
      if (done === undefined || isTerminal(done.patch.status.phase) || given.policy.draining) return;
      let { memory } = recordPodDone({ ...plan.memory, ops: [] }, done.patch, given.now, given.policy);
      let { now } = given, pod = done.after;
      const look = (): PodPlan => {
        const next = reconcilePod(present(pod), given.observed, memory, now, given.policy);
        memory = next.memory;
        return next;
      };
      look();
      for (const { conditions, ...rest } of meddlings) {
        pod = {
          ...pod,
          status: { ...pod.status, ...rest, conditions: [...foreign(pod.status.conditions), ...conditions] },
        };
        const from = now.mono;
        let next = look();
        for (let turn = 0; patchOf(next) === undefined && own(next).length === 0; turn++) {
          // it is as it is to be, whatever was changed
          if (next.wakeAt === undefined) return;
          assert.ok(next.wakeAt > now.mono && turn < 20, next.why);
          now = later(now, next.wakeAt - now.mono);
          next = look();
        }
        const patch = patchOf(next);
        if (patch === undefined) return;
        assert.ok(now.mono - from <= 300_000, `after ${now.mono - from} ms: ${next.why}`);
        memory = recordPodDone(memory, patch, now, given.policy).memory;
        pod = patchedPod(pod, patch.request);
        assert.ok(statusCovered(patch.status, pod.status));
        look();
      }
    }),
  );
});

test("promise 5: what has ended and is not held any more goes at once", () => {
  fc.assert(fc.property(anyPodSituation, (given) => {
    const { desired, observed, memory, now } = given;
    if (desired._tag !== "Present" || observed._tag !== "Absent" || isMirror(desired.value)) return;
    const { metadata, status } = desired.value;
    if (metadata.deletionTimestamp === undefined || !isTerminal(status.phase)) return;
    const free = memory.ops.length === 0 && memory.apiOp === undefined && memory.finalizedAt === undefined &&
      memory.api.notBefore <= now.mono;
    if (free) assert.equal(own(planOf(given)).map(({ _tag }) => _tag), ["FinalizePod"]);
  }));
});

test("promise 5: nobody is given more grace than was asked for, but for a second to end in", () => {
  fc.assert(fc.property(anyPodSituation, (given) => {
    const { desired, policy } = given;
    const plan = planOf(given);
    for (const action of own(plan)) {
      if (action._tag !== "DeletePod" && action._tag !== "StopContainer") continue;
      const asked = desired._tag !== "Present"
        ? policy.forcedGraceMs
        : desired.value.metadata.deletionTimestamp === undefined
        ? graceMsOf(desired.value.spec.terminationGracePeriodSeconds)
        : graceMsOf(desired.value.metadata.deletionGracePeriodSeconds);
      const left = (given.memory.kill?.at ?? 0) - given.now.mono;
      assert.ok(
        action.graceMs <= Math.max(asked, 1_000, left),
        `${plan.why}: ${action.graceMs}`,
      );
      assert.ok(action.graceMs >= 0);
    }
  }));
});

const stops: ReadonlySet<string> = new Set(["DeletePod", "StopContainer", "RemovePod"]);

test("promise 7: whatever fails, however often it did: it is tried again, not at once and not too late", () => {
  fc.assert(
    fc.property(
      anyPodSituation,
      anyFault,
      ({ memory: { ops: _ops, apiOp: _apiOp, ...calm }, ...given }, fault) => {
        const start: PodSituation = { ...given, memory: { ...calm, ops: [], apiOp: undefined } };
        const plan = planOf(start);
        const [action, ...others] = own(plan);
        // a call whose outcome is not known is followed by a list, and one that was refused by another spec
        const call = action === undefined || "request" in action ? undefined : action;
        if (
          action === undefined || others.length > 0 || (call !== undefined && fault._tag === "OutcomeUnknown")
        ) return;
        // what is not there needs no stopping: that it still shows is for `step` to find out
        if (fault._tag === "NotFound" && stops.has(action._tag)) return;
        const hopeless = fault._tag === "Rejected" || fault._tag === "Unsupported";
        if (hopeless && (call !== undefined || action._tag === "PatchPodStatus")) return;
        let { memory } = recordPodFault(plan.memory, action, fault, start.now, start.policy);
        let { now } = start;
        const asked = fault._tag === "Throttled" ? fault.retryAfterMs ?? 0 : 0;
        for (let turn = 0; turn < 20; turn++) {
          const next = planOf({ ...start, memory, now });
          memory = next.memory;
          if (own(next).length > 0) {
            const waited = now.mono - start.now.mono;
            assert.ok(waited <= 600_000 + asked, `${action._tag} after ${waited} ms`);
            const same = own(next).map(name).includes(name(action));
            const done = memory.deleteSent !== undefined || memory.finalizedAt !== undefined ||
              memory.removed;
            if (same && !done) assert.ok(waited >= Math.max(asked, 300), `${action._tag} after ${waited} ms`);
            return;
          }
          // nothing is left to be done: what failed was no longer needed
          const success = fault._tag === "NotFound" || fault._tag === "Conflict";
          if (next.wakeAt === undefined && success) return;
          assert.ok(
            next.wakeAt !== undefined,
            `${action._tag} is forgotten after ${fault._tag}: ${next.why}`,
          );
          now = later(now, next.wakeAt - now.mono);
        }
        assert.unreachable(`${action._tag} is never tried again after ${fault._tag}`);
      },
    ),
  );
});

test("promise 7: what was refused is asked for again when the spec has changed, and not before", () => {
  const begins: ReadonlySet<string> = new Set(["CreatePod", "UpdatePod", "StartContainer"]);
  fc.assert(fc.property(anyPodSituation, fc.nat(864_000_000), ({ policy, ...given }, ms) => {
    const { desired } = given;
    if (desired._tag !== "Present") return;
    // by what the API does not show after all, it would be another instance that was refused
    if (given.memory.written?.echoed === false) return;
    const situation = { ...given, policy: { ...policy, check: () => [] } };
    const plan = planOf(situation);
    const action = own(plan).find(({ _tag }) => begins.has(_tag));
    if (action === undefined) return;
    const fault = { _tag: "Rejected", message: "no", fields: [] } as const;
    const { memory } = recordPodFault(plan.memory, action, fault, given.now, policy);
    const same = planOf({ ...situation, memory, now: later(given.now, ms) });
    assert.not(own(same).map(name).includes(name(action)), same.why);
    const { metadata, spec } = desired.value;
    const changed: Pod = {
      ...desired.value,
      metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 },
      spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, image: "v3" })) },
    };
    const other = planOf({ ...situation, desired: present(changed), memory });
    assert.is.not(other.why, "Refused");
  }));
});

test.run();
