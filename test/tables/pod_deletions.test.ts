// Deletion, its end, and drains: what does not fit into a cell.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import { absent, present, type Seen } from "../../core/seen.ts";
import { container, ended, running } from "../tools/containers.ts";
import { deleted, holds, pod } from "../tools/pods.ts";
import {
  check,
  finished,
  never,
  nothing,
  patchOf,
  runningPod,
  runs,
  succeededPod,
  told,
} from "./pod_case.ts";

const test = suite("reconcilePod: deletions and drains, case by case");

test("deletion", () => {
  const dying = pod({ ...deleted(30, 99), status: runningPod.status });
  const onItsWay = { seenLive: true, kill: { at: 129_000, graceMs: 30_000 } } as const;
  const stopping = { kind: "stop", container: "a", at: 99_000, until: 129_000 } as const;
  const removing = { kind: "delete", container: undefined, at: 99_000, until: 129_000 } as const;
  check([
    {
      name: "after a restart, and the API's clock is ahead: never more than the grace",
      api: pod(deleted(30, 500)),
      backend: runs,
      pods: { do: ["DeletePod 30s"], why: "Stopping" },
      containers: { do: ["StopContainer a 30s"], why: "Stopping" },
    },
    {
      name: "grace shortened, and that is on its way",
      api: pod({ ...deleted(5, 100), status: runningPod.status }),
      backend: runs,
      memory: { ...onItsWay, ops: [removing, { ...removing, at: 100_000, until: 105_000 }] },
      pods: nothing("Stopping"),
    },
    {
      name: "grace shortened, and that is on its way",
      api: pod({ ...deleted(5, 100), status: runningPod.status }),
      backend: runs,
      memory: { ...onItsWay, ops: [stopping, { ...stopping, at: 100_000, until: 105_000 }] },
      containers: nothing("Stopping"),
    },
    {
      name: "grace lengthened: it is not",
      api: pod({ ...deleted(300, 100), status: runningPod.status }),
      backend: runs,
      memory: { ...onItsWay, ops: [removing] },
      pods: nothing("Stopping"),
    },
    {
      name: "grace shortened by less than is worth another call",
      api: dying,
      backend: runs,
      memory: { ...onItsWay, ops: [{ ...removing, until: 129_400 }] },
      pods: nothing("Stopping"),
    },
    {
      name: "grace shortened by less than is worth another call",
      api: dying,
      backend: runs,
      memory: { ...onItsWay, ops: [{ ...stopping, until: 129_400 }] },
      containers: nothing("Stopping"),
    },
    {
      name: "accepted, and overdue",
      api: dying,
      backend: runs,
      memory: {
        seenLive: true,
        kill: { at: 80_000, graceMs: 30_000 },
        deleteSent: { at: 50_000, until: 80_000 },
      },
      pods: { do: ["DeletePod 0s"], why: "Stopping" },
    },
    {
      name: "while it is being updated",
      api: dying,
      backend: runs,
      memory: { seenLive: true, ops: [{ ...removing, kind: "update" }] },
      pods: nothing("StoppingAfterOp"),
    },
    {
      name: "all ended before the deletion was sent: a back end that restarts may do so once more",
      api: dying,
      backend: holds([ended("a", 143, 98)]),
      memory: { ...onItsWay, toldAt: 98_500, deleteSent: { at: 99_000, until: 129_000 } },
      pods: { do: [], wake: 139, why: "Stopping" },
    },
    {
      name: "all ended, told before the grace was over: it may still be restarted",
      api: dying,
      backend: holds([ended("a", 143, 98)]),
      memory: { ...onItsWay, toldAt: 99_500, deleteSent: { at: 99_000, until: 129_000 } },
      pods: { do: [], wake: 139, why: "Stopping" },
    },
    {
      name: "all ended, told after the grace",
      api: dying,
      backend: holds([ended("a", 143, 98)]),
      memory: {
        seenLive: true,
        kill: { at: 90_000, graceMs: 1000 },
        toldAt: 99_000,
        deleteSent: { at: 99_000, until: 90_000 },
      },
      pods: { do: ["PatchPodStatus Failed"], why: "WriteTerminalStatus" },
    },
    {
      name: "gone from the back end, whose last words were of success",
      api: dying,
      backend: "absent",
      memory: { ended: finished },
      both: { do: ["PatchPodStatus Succeeded"], why: "WriteTerminalStatus" },
    },
    {
      name: "the last status is refused for good: the deletion goes on without it",
      api: dying,
      backend: "absent",
      memory: { endRefused: true },
      both: { do: ["FinalizePod"], why: "Finalize" },
    },
    {
      name: "no terminal status wanted",
      api: dying,
      backend: "absent",
      policy: { terminalStatus: false },
      both: { do: ["FinalizePod"], why: "Finalize" },
    },
    {
      name: "already finished, being freed",
      api: pod({ ...deleted(30, 99), spec: never, status: succeededPod.status }),
      backend: finished,
      memory: { ops: [{ kind: "remove", container: undefined, at: 99_000, until: 99_000 }] },
      containers: nothing("Stopping"),
    },
  ]);
});

test("the end of a deletion", () => {
  const done = pod({ ...deleted(30, 60), status: succeededPod.status });
  const kept = pod({ ...deleted(30, 60, { finalizers: ["x/y"] }), status: succeededPod.status });
  check([
    {
      name: "under way",
      api: done,
      backend: "absent",
      memory: { apiOp: "finalize" },
      both: nothing("Finalizing"),
    },
    {
      name: "accepted, but the object stays",
      api: done,
      backend: "absent",
      memory: { finalizedAt: 40_000 },
      both: { do: ["FinalizePod"], why: "Finalize" },
    },
    {
      name: "finalizers: asked for once",
      api: kept,
      backend: "absent",
      both: { do: ["FinalizePod"], why: "Finalize" },
    },
    {
      name: "finalizers, and it never ran: whoever waits for its end is told",
      api: pod(deleted(30, 60, { finalizers: ["batch.kubernetes.io/job-tracking"] })),
      backend: "absent",
      both: { do: ["PatchPodStatus Failed"], why: "WriteTerminalStatus" },
    },
    {
      name: "finalizers: the rest is theirs",
      api: kept,
      backend: "absent",
      memory: { finalizedAt: 0 },
      both: nothing("WaitingForFinalizers"),
    },
  ]);
});

test("a finished pod is left alone, but nothing of it goes on running", () => {
  check([
    {
      name: "somebody else's words do not matter any more",
      api: pod({ spec: never, status: { phase: "Failed" } }),
      backend: finished,
      both: nothing("Ended"),
    },
    {
      name: "a container goes on, with the pod's own grace",
      api: pod({ spec: { terminationGracePeriodSeconds: 3 }, status: { phase: "Failed" } }),
      backend: runs,
      pods: { do: ["DeletePod 3s"], why: "StopEnded" },
      containers: { do: ["StopContainer a 3s"], why: "StopEnded" },
    },
    {
      name: "somebody else ended it while our last write is on its way",
      api: pod({ status: { phase: "Failed", reason: "Preempted" } }),
      backend: runs,
      memory: { written: { status: runningPod.status, at: 99_000, repeats: 0, echoed: false } },
      pods: { do: ["DeletePod 30s"], why: "StopEnded" },
      containers: { do: ["StopContainer a 30s"], why: "StopEnded" },
    },
    {
      name: "written as ended, the watch lags",
      api: told(pod({ spec: never }), runs),
      backend: finished,
      memory: { written: { status: succeededPod.status, at: 99_000, repeats: 0, echoed: false } },
      both: { do: [], wake: 104, why: "Ended" },
    },
  ]);
});

test("drain", () => {
  const draining = { draining: true };
  check([
    {
      name: "asked once",
      api: runningPod,
      backend: runs,
      policy: draining,
      both: { do: ["EvictPod"], why: "Evict" },
    },
    {
      name: "asked again when it may be",
      api: runningPod,
      backend: runs,
      policy: draining,
      memory: { api: { attempt: 1, notBefore: 100_000 } },
      both: { do: ["EvictPod"], why: "Evict" },
    },
    {
      name: "while it is asked",
      api: runningPod,
      backend: runs,
      policy: draining,
      memory: { apiOp: "evict" },
      pods: nothing("Running"),
      containers: nothing("runs"),
    },
    {
      name: "asked",
      api: runningPod,
      backend: runs,
      policy: draining,
      memory: { evicted: true },
      pods: nothing("Running"),
      containers: nothing("runs"),
    },
    {
      name: "not heard: asked again",
      api: runningPod,
      backend: runs,
      policy: draining,
      memory: { api: { attempt: 1, notBefore: 100_500 } },
      pods: { do: [], wake: 100.5, why: "Running" },
      containers: { do: [], wake: 100.5, why: "runs" },
    },
    {
      name: "what never ran is not started any more",
      api: pod(),
      backend: "absent",
      policy: draining,
      memory: { evicted: true },
      both: nothing("Draining"),
    },
    {
      name: "what never ran, not heard",
      api: pod(),
      backend: "absent",
      policy: draining,
      memory: { api: { attempt: 1, notBefore: 100_500 } },
      both: { do: [], wake: 100.5, why: "Draining" },
    },
    {
      name: "being deleted already",
      api: pod({ ...deleted(30, 99), status: runningPod.status }),
      backend: runs,
      policy: draining,
      memory: { seenLive: true },
      pods: { do: ["DeletePod 30s"], why: "Stopping" },
      containers: { do: ["StopContainer a 30s"], why: "Stopping" },
    },
    { name: "finished", api: succeededPod, backend: finished, policy: draining, both: nothing("Ended") },
  ]);
});

/** Each container, by name: whether it is ready, and how it ended or why it waits. */
const endsOf = (status: unknown): readonly string[] => {
  const { containerStatuses, initContainerStatuses } = status as PodStatus;
  return [...initContainerStatuses ?? [], ...containerStatuses ?? []].map(({ name, ready, state }) => {
    const { exitCode, reason } = state?.terminated ?? {};
    return `${name} ${ready} ${exitCode === undefined ? state?.waiting?.reason : `${exitCode} ${reason}`}`;
  });
};

// The kubelet's rule for the last status of a pod, where containers are not there to be asked any more.
test("what never ended by its own account is told as unknown, not as success", () => {
  const apps = [container("a"), container("b")];
  const initContainers = [container("i"), container("j")];
  const bare = { apps, spec: { initContainers } };
  const dies = (statusOf: Pod["status"], backend: Seen<ObservedPod>): PodStatus =>
    patchOf(pod({ ...deleted(30, 99), ...bare, status: statusOf }), backend, {
      seenLive: true,
      ran: true,
      // told after the deletion, so that it counts
      deleteSent: { at: 99_000, until: 99_000 },
      kill: { at: 99_000, graceMs: 1000 },
      toldAt: 99_500,
    }).status as PodStatus;
  const toldOf = (...seen: readonly ObservedContainer[]): Pod["status"] =>
    told(pod(bare), holds(seen)).status;
  const rows: readonly (readonly [string, PodStatus, readonly string[]])[] = [
    [
      "one runs, one has ended",
      dies(toldOf(ended("i", 0), ended("j", 0), running("a"), ended("b", 0)), absent),
      [
        "i true 0 Completed",
        "j true 0 Completed",
        "a false 137 ContainerStatusUnknown",
        "b false 0 Completed",
      ],
    ],
    [
      "one runs, the other was not made yet",
      dies(toldOf(ended("i", 0), ended("j", 0), running("a")), absent),
      [
        "i true 0 Completed",
        "j true 0 Completed",
        "a false 137 ContainerStatusUnknown",
        "b false 137 ContainerStatusUnknown",
      ],
    ],
    [
      "one ran, so the init containers' turn was over, however they are told to have ended",
      dies(
        toldOf(ended("i", 0), ended("j", 7), running("a")),
        present(holds([ended("j", 7), ended("a", 0)])),
      ),
      ["i true 0 Completed", "j false 7 Error", "a false 0 Completed", "b false 137 ContainerStatusUnknown"],
    ],
    [
      "what the back end tells counts before what it had told",
      dies(
        toldOf(ended("i", 0), ended("j", 0), running("a"), running("b")),
        present(holds([ended("i", 0), ended("j", 0), ended("a", 3), ended("b", 4)])),
      ),
      ["i true 0 Completed", "j true 0 Completed", "a false 3 Error", "b false 4 Error"],
    ],
    [
      "initialized, and nothing more",
      dies(toldOf(ended("i", 0), ended("j", 0)), absent),
      [
        "i true 0 Completed",
        "j true 0 Completed",
        "a false 137 ContainerStatusUnknown",
        "b false 137 ContainerStatusUnknown",
      ],
    ],
    [
      "the last init container had not ended",
      dies(toldOf(ended("i", 0), running("j")), absent),
      [
        "i true 0 Completed",
        "j false 137 ContainerStatusUnknown",
        "a false PodInitializing",
        "b false PodInitializing",
      ],
    ],
    [
      "the first init container had failed",
      dies(toldOf(ended("i", 1)), absent),
      ["i false 1 Error", "j false PodInitializing", "a false PodInitializing", "b false PodInitializing"],
    ],
    [
      "nothing was made",
      dies({}, absent),
      [
        "i false 137 ContainerStatusUnknown",
        "j false PodInitializing",
        "a false PodInitializing",
        "b false PodInitializing",
      ],
    ],
  ];
  for (const [name, status, want] of rows) {
    assert.is(status.phase, "Failed", name);
    assert.equal(endsOf(status), want, name);
  }
});

test.run();
