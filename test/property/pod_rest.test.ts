// From any beginning, with nothing remembered, and nothing that goes wrong: where a pod comes to rest, and when.
import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isSidecar, restartsAfter } from "../../core/container/policy.ts";
import { isMirror, isTerminal, type Pod } from "../../core/kubernetes/pod.ts";
import { isLive, type ObservedPod } from "../../core/pod/observed.ts";
import { isOurs } from "../../core/pod/orphan.ts";
import { waitsForObjects } from "../../core/pod/wait.ts";
import { emptyPodMemory } from "../../core/pod/memory.ts";
import { anyPodSituation, type PodSituation } from "../arbitraries/pod_situation.ts";
import { type PodWorld, rest, type Rested } from "../tools/pod_world.ts";

const test = suite("a pod comes to rest");

const worldOf = ({ desired, observed, policy, now }: PodSituation): PodWorld => ({
  pod: desired._tag === "Present" ? desired.value : undefined,
  held: observed._tag === "Present" ? observed.value : undefined,
  policy,
  now,
});

const check = (judge: (rested: Rested, from: PodWorld) => void): void =>
  fc.assert(fc.property(anyPodSituation.map(worldOf), (from) => judge(rest(from), from)));

const lives = (held: ObservedPod | undefined): boolean => (held?.containers ?? []).some(isLive);

const isToEnd = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || isTerminal(status.phase);

test("convergence, promise 8: within a quarter of an hour, with less than forty actions", () => {
  check(({ log, plan }, { now }) => {
    assert.ok(log.length < 40, `${log.length} actions: ${plan.why}`);
    // a deadline of 10 min, a back-off of 5 min at most, and some grace
    assert.ok(
      (log.at(-1)?.at ?? 0) <= now.mono + 1_000_000,
      `still busy after ${log.at(-1)?.at} ms: ${plan.why}`,
    );
  });
});

test("promise 5: what was deleted is gone, what has ended does not run, and nothing else was ended", () => {
  check(({ pod, held }, from) => {
    if (from.pod === undefined || isMirror(from.pod)) return;
    if (isToEnd(from.pod)) assert.not(lives(held), "runs although it is to end");
    if (pod !== undefined && isTerminal(pod.status.phase)) {
      assert.not(lives(held), "runs although it has ended");
    }
    const removable = (from.pod.metadata.finalizers ?? []).length === 0;
    if (from.pod.metadata.deletionTimestamp !== undefined && removable) assert.is(pod, undefined);
    if (pod === undefined) {
      assert.ok(from.policy.draining || from.pod.metadata.deletionTimestamp !== undefined);
      assert.ok(held === undefined || from.policy.kind === "pods", "the back end still holds it");
    }
  });
});

test("promise 4: what is not in the API is gone from the back end if it is ours, and stays if it is not", () => {
  check(({ held, log }, from) => {
    if (from.pod !== undefined || from.held === undefined) return;
    if (isOurs(from.held, emptyPodMemory, from.policy.owner)) return assert.is(lives(held), false);
    assert.is(held, from.held);
    assert.equal(log, []);
  });
});

test("convergence, promise 2: what is to run runs, or has ended for good, and its status says so", () => {
  check(({ pod, held, plan }, from) => {
    if (pod === undefined || isMirror(pod) || isToEnd(pod) || from.policy.draining) return;
    if (plan.why === "Refused" || waitsForObjects(plan.why) || from.policy.kind === "pods") return;
    // one that ran already runs for ever here, and all others wait for it
    const waitsFor = (pod.spec.initContainers ?? []).filter((init) => !isSidecar(init));
    if (held?.containers.some((each) => isLive(each) && waitsFor.some(({ name }) => name === each.name))) {
      return;
    }
    for (const container of pod.spec.containers) {
      const { name } = container;
      const seen = held?.containers.find((each) => each.name === name);
      const { state, restartCount = -1 } = pod.status.containerStatuses?.find((each) => each.name === name) ??
        {};
      const what = `${name}, ${plan.why}: ${JSON.stringify(state)}`;
      if (seen !== undefined && isLive(seen)) assert.ok(state?.running !== undefined, what);
      else {
        const exitCode = state?.terminated?.exitCode;
        assert.ok(exitCode !== undefined && !restartsAfter(pod, container, false, exitCode), what);
      }
      assert.ok(restartCount >= (seen?.restartCount ?? 0), what);
    }
  });
});

test("promise 2: a terminal status is the last one, and nothing is started after it", () => {
  check(({ log }, from) => {
    const begins = from.pod?.status.phase;
    let final = isTerminal(begins) ? begins : undefined;
    for (const { action } of log) {
      const { _tag } = action;
      if (final !== undefined) {
        assert.not(["CreatePod", "StartContainer", "PatchPodStatus"].includes(_tag), _tag);
      }
      if (action._tag === "PatchPodStatus" && isTerminal(action.status.phase)) final = action.status.phase;
    }
  });
});

test("idempotence, promise 11: at rest nothing is asked for, not even by an agent that begins anew", () => {
  check((rested) => {
    const again = rest(rested, rested.memory);
    assert.equal(again.log, [], rested.plan.why);
    const { pod, plan } = rested;
    if (pod === undefined || plan.why === "WaitingForFinalizers" || plan.why === "Refused") return;
    const anew = rest(rested);
    assert.equal(anew.log.map(({ action }) => action._tag), [], `${plan.why}, then ${anew.plan.why}`);
  });
});

test.run();
