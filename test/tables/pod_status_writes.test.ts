// When a pod's status is written, and when it is not: what does not fit into a cell.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { absent, present, type Seen } from "../../core/seen.ts";
import { at, container, ended, preparing, running } from "../tools/containers.ts";
import { type Brief, briefPlan, deleted, holds, pod, policyOf, remembered } from "../tools/pods.ts";
import {
  check,
  finished,
  never,
  nothing,
  now,
  patchOf,
  runningPod,
  runs,
  succeededPod,
  told,
} from "./pod_case.ts";

const test = suite("reconcilePod: status writes, case by case");

test("pods that are not ours to run", () => {
  const mirror = pod({ meta: { annotations: { "kubernetes.io/config.mirror": "h" } } });
  check([
    {
      name: "neither has it, whatever is remembered",
      api: "absent",
      backend: "absent",
      memory: { created: true, ran: true, gone: "list", goneSince: 0 },
      both: nothing("Gone"),
    },
    { name: "another kubelet's static pod", api: mirror, backend: "absent", both: nothing("Mirror") },
    {
      name: "another kubelet's static pod, deleted",
      api: pod({ meta: { ...mirror.metadata, ...deleted(0, 90).meta } }),
      backend: "absent",
      both: nothing("Mirror"),
    },
  ]);
});

test("a pod that is to run", () => {
  const creating = { kind: "create", container: undefined, at: 99_500, until: 99_500 } as const;
  const starting = { kind: "start", container: "a", at: 99_500, until: 99_500 } as const;
  check([
    {
      name: "being created, for a moment",
      api: pod(),
      backend: "absent",
      memory: { accepted: at(99), ops: [creating] },
      pods: { do: [], wake: 100.5, why: "Creating" },
    },
    {
      name: "being started, for a moment",
      api: pod(),
      backend: "absent",
      memory: { accepted: at(99), ops: [starting] },
      containers: { do: [], wake: 100.5, why: "starting a" },
    },
    {
      name: "runs, a status is being written",
      api: pod(),
      backend: runs,
      memory: { apiOp: "status" },
      pods: nothing("Running"),
      containers: nothing("runs"),
    },
    {
      name: "runs, written, not yet seen by the watch",
      api: pod(),
      backend: runs,
      memory: { written: { status: runningPod.status, at: 98_000, repeats: 0, echoed: false } },
      pods: { do: [], wake: 103, why: "Running" },
      containers: { do: [], wake: 103, why: "runs" },
    },
    {
      name: "runs, written, and the watch never showed it",
      api: pod(),
      backend: runs,
      memory: { written: { status: runningPod.status, at: 95_000, repeats: 0, echoed: false } },
      pods: { do: ["PatchPodStatus Running"], why: "Running" },
      containers: { do: ["PatchPodStatus Running"], why: "runs" },
    },
    {
      name: "changed meanwhile: the next write waits for the watch",
      api: pod(),
      backend: holds([running("a", 10, { ready: false })]),
      memory: { written: { status: runningPod.status, at: 98_000, repeats: 0, echoed: false } },
      pods: { do: [], wake: 103, why: "Running" },
      containers: { do: [], wake: 103, why: "runs" },
    },
    {
      name: "a second container waits for the answer to the first one's start",
      api: pod({ apps: [container("a"), container("b")] }),
      backend: runs,
      memory: { accepted: at(99.5), ops: [starting] },
      containers: { do: [], wake: 100.5, why: "start b" },
    },
    {
      name: "given up while it is being created: the end is not held back",
      api: pod(),
      backend: { ...holds(), failed: true },
      memory: { accepted: at(99.5), ops: [creating] },
      pods: { do: ["PatchPodStatus Failed"], why: "Running" },
    },
    {
      name: "ended meanwhile: the end waits for the watch as well, it must not undo another's",
      api: pod({ spec: never }),
      backend: finished,
      memory: {
        written: { status: told(pod({ spec: never }), runs).status, at: 99_000, repeats: 0, echoed: false },
      },
      pods: { do: [], wake: 104, why: "Running" },
      containers: { do: [], wake: 104, why: "finished: every container has ended" },
    },
    {
      name: "an init container has failed for good: nothing is final before the sidecar has been stopped",
      api: pod({
        spec: { ...never, initContainers: [container("s", { restartPolicy: "Always" }), container("i")] },
      }),
      backend: holds([running("s", 10), ended("i", 1, 50)]),
      memory: { accepted: at(10) },
      containers: { do: ["StopContainer s 30s", "PatchPodStatus Pending"], why: "init container i failed" },
    },
    {
      name: "an init container has failed for good, and the sidecar has been stopped",
      api: pod({
        spec: { ...never, initContainers: [container("s", { restartPolicy: "Always" }), container("i")] },
      }),
      backend: holds([ended("s", 143, 60), ended("i", 1, 50)]),
      memory: { accepted: at(10) },
      containers: { do: ["PatchPodStatus Failed"], why: "finished: init container i failed" },
    },
    {
      name: "given up by the back end",
      api: runningPod,
      backend: { ...holds([running("a", 10)]), failed: true, reason: "Evicted", message: "spot reclaimed" },
      pods: { do: ["PatchPodStatus Failed/Evicted"], why: "Running" },
    },
  ]);
});

test("drift is healed, ever more slowly", () => {
  const drifted: Pod = {
    ...runningPod,
    status: {
      ...runningPod.status,
      conditions: runningPod.status.conditions?.map((each) =>
        each.type === "Ready" ? { ...each, status: "False" } : each
      ),
    },
  };
  const after = (repeats: number): Partial<PodMemory> => ({
    written: { status: runningPod.status, at: 99_000, repeats, echoed: true },
  });
  const heals = { do: ["PatchPodStatus Running"] };
  check([
    { name: "never written by us", api: drifted, backend: runs, pods: { ...heals, why: "Running" } },
    { name: "once", api: drifted, backend: runs, memory: after(0), pods: { ...heals, why: "Running" } },
    {
      name: "again and again",
      api: drifted,
      backend: runs,
      memory: after(1),
      pods: { do: [], wake: 107.86, why: "Running" },
    },
    {
      name: "again and again, long ago",
      api: drifted,
      backend: runs,
      memory: { written: { status: runningPod.status, at: -600_000, repeats: 9, echoed: true } },
      pods: { ...heals, why: "Running" },
    },
  ]);
});

test("lost: it ran, and the back end positively has no such pod", () => {
  const missing: Brief = { do: [], wake: 105, why: "Missing" };
  const lost: Brief = { do: ["PatchPodStatus Failed/NotFound"], why: "Lost" };
  check([
    { name: "by our memory", api: pod(), backend: "absent", memory: { ran: true }, both: missing },
    {
      name: "by the API, which our last write hides for a moment",
      api: runningPod,
      backend: "absent",
      memory: {
        written: {
          status: { phase: "Pending", containerStatuses: [] },
          at: 99_000,
          repeats: 0,
          echoed: false,
        },
      },
      both: missing,
    },
    {
      name: "created, but never seen",
      api: pod(),
      backend: "absent",
      memory: { created: true },
      both: missing,
    },
    {
      name: "not yet for long",
      api: runningPod,
      backend: "absent",
      memory: { missingSince: 95_001 },
      both: { ...missing, wake: 100.001 },
    },
    { name: "for long", api: runningPod, backend: "absent", memory: { missingSince: 95_000 }, both: lost },
    {
      name: "while an operation is in flight",
      api: runningPod,
      backend: "absent",
      memory: {
        ops: [{ kind: "update", container: undefined, at: 0, until: 0 }],
        missingSince: 0,
      },
      both: nothing("Missing"),
    },
  ]);
});

const memoryAfter = (api: Pod, observed: Seen<ObservedPod>, memory: Partial<PodMemory>): PodMemory =>
  reconcilePod(present(api), observed, remembered(memory), now, policyOf("pods")).memory;

test("a look is remembered", () => {
  const seen = present(runs);
  assert.equal(memoryAfter(pod(), seen, {}).accepted, now);
  assert.equal(memoryAfter(pod(), seen, { accepted: at(1) }).accepted, at(1));
  assert.is(memoryAfter(pod(), seen, {}).seenLive, true);
  assert.is(memoryAfter(pod(deleted(30, 90)), seen, {}).seenLive, false);
  assert.is(memoryAfter(pod(deleted(30, 90)), seen, { seenLive: true }).seenLive, true);
  assert.is(memoryAfter(pod(), seen, {}).ran, true);
  assert.is(memoryAfter(pod(), present(holds([preparing("a")])), {}).ran, false);
  assert.is(memoryAfter(pod(), present(holds([preparing("a", "", { restartCount: 1 })])), {}).ran, true);
  assert.is(memoryAfter(pod(), seen, { missingSince: 1 }).missingSince, undefined);
  assert.is(memoryAfter(runningPod, absent, { missingSince: 99_000 }).missingSince, 99_000);
  assert.equal(
    [memoryAfter(pod(), seen, { gone: "list", goneSince: 1 })].map((each) => [each.gone, each.goneSince]),
    [
      [undefined, undefined],
    ],
  );
});

test("a look that tells nothing new leaves the memory the same value", () => {
  const rows: readonly (readonly [string, Pod, ObservedPod])[] = [
    ["it runs", runningPod, runs],
    ["it has ended", succeededPod, finished],
  ];
  for (const [name, api, observed] of rows) {
    const once = memoryAfter(api, present(observed), {});
    const twice = reconcilePod(present(api), present(observed), once, now, policyOf("pods"));
    assert.ok(twice.memory === once, name);
    // each of what a look notes alone makes it another one
    const news: readonly Partial<PodMemory>[] = [
      { accepted: undefined },
      { seenLive: false },
      { ran: false },
      { missingSince: 1 },
      { ended: holds() },
      { gone: "event" },
      { goneSince: 1 },
    ];
    for (const one of news) {
      assert.equal(
        memoryAfter(api, present(observed), { ...once, ...one }),
        once,
        `${name}, ${Object.keys(one)}`,
      );
    }
  }
});

test("the last words of a pod are remembered, until it says something else", () => {
  assert.is(memoryAfter(pod(), present(finished), {}).ended, finished);
  assert.is(memoryAfter(runningPod, absent, { ended: finished }).ended, finished);
  assert.is(memoryAfter(pod(), present(runs), { ended: finished }).ended, undefined);
});

test("a write is made from the newest object, or refused", () => {
  const metadata = { uid: "u-1", resourceVersion: "1" };
  assert.equal(patchOf(pod(), present(runs), {}).metadata, metadata);
  const written = { status: runningPod.status, at: 99_000, repeats: 0, echoed: true };
  assert.equal(patchOf(pod({ spec: never }), present(finished), { written }).metadata, metadata);
  const unseen = { ...written, at: 95_000, echoed: false };
  assert.equal(patchOf(pod({ spec: never }), present(finished), { written: unseen }).metadata, metadata);
});

test("while the watch lags, conditions of others are still seen", () => {
  const gate = "x/lb";
  const gated = pod({
    spec: { readinessGates: [{ conditionType: gate }] },
    status: { conditions: [{ type: gate, status: "True" }, { type: "PodScheduled", status: "True" }] },
  });
  const ready = told(gated, runs);
  const unseen = { written: { status: ready.status, at: 99_000, repeats: 0, echoed: false } };
  // nothing to write: with the conditions of others forgotten, Ready would have to be taken back
  assert.equal(
    briefPlan(reconcilePod(present(gated), present(runs), remembered(unseen), now, policyOf("pods"))),
    { do: [], wake: 104, why: "Running" },
  );
});

test.run();
