// Pods that were told as Running. Rules: design, promises 1, 2, 6; Pod lifecycle, "Pod phase", "Container restarts" and
// "Termination of Pods".
import { within } from "./cells.ts";
import { apiFaults, backendFaults, deletions, overs, type PodDimensions, restarts } from "./pod_cells.ts";
import type { PodRow } from "./pod_words.ts";

const of = within<PodDimensions, PodRow>;
const retried = ["throttled", "failed", "not found"] as const;
const quiet = ["none", "restart"] as const;

/** It ran and is not there: never created again (promise 2); after a while it has failed, whatever the policy. */
const missing: readonly PodRow[] = of({ lifecycle: "running", deletion: "none" }, [
  { of: { container: "absent" }, both: { do: [], wake: 105, why: "Missing" } },
  {
    of: { container: "lost", fault: ["none", ...backendFaults] },
    both: { do: ["PatchPodStatus Failed/NotFound"], why: "Lost" },
  },
  { of: { container: "lost", fault: apiFaults }, both: { do: [], wake: "retry", why: "Lost" } },
]);

/** The last call of a back end of pods was an update: what failed is tried again, what was refused waits for another spec. */
const updates: readonly PodRow[] = of({ lifecycle: "running", deletion: "none" }, [
  {
    of: { container: "running", fault: [...quiet, "refused", ...apiFaults] },
    pods: { do: [], why: "Running" },
  },
  {
    of: { container: "running", fault: [...retried, "unanswered"] },
    pods: { do: [], wake: "retry", why: "Running" },
  },
  // between two instances it goes on being Running
  ...[{ container: "waiting" } as const, ...restarts].flatMap((between) =>
    of(between, [
      { of: { fault: [...quiet, "refused"] }, pods: { do: ["PatchPodStatus Running"], why: "Running" } },
      {
        of: { fault: [...retried, "unanswered"] },
        pods: { do: ["PatchPodStatus Running"], wake: "retry", why: "Running" },
      },
      { of: { fault: apiFaults }, pods: { do: [], wake: "retry", why: "Running" } },
    ])
  ),
]);

/** The last call of a back end of containers was the start of the second instance. */
const instances: readonly PodRow[] = of({ lifecycle: "running", deletion: "none" }, [
  { of: { container: "running", fault: [...quiet, ...apiFaults] }, containers: { do: [], why: "runs" } },
  {
    of: { container: "waiting", fault: "none" },
    containers: { do: ["PatchPodStatus Running"], why: "runs" },
  },
  { of: { container: "waiting", fault: apiFaults }, containers: { do: [], wake: "retry", why: "runs" } },
  {
    of: { container: "waiting", fault: "restart" },
    containers: { do: ["StartContainer a#1"], wake: 101, why: "StartContainer" },
  },
  // it is being made by now, so the start that was answered with a fault has had its effect
  {
    of: { container: "waiting", fault: backendFaults },
    containers: { do: ["PatchPodStatus Running"], why: "runs" },
  },
  ...restarts.flatMap((ends) =>
    of(ends, [
      {
        of: { fault: [...quiet, ...apiFaults] },
        containers: { do: ["StartContainer a#1"], wake: 101, why: "StartContainer" },
      },
      {
        of: { fault: retried },
        containers: { do: ["PatchPodStatus Running"], wake: "restart", why: "back-off: a" },
      },
      {
        of: { fault: "unanswered" },
        containers: { do: ["PatchPodStatus Running"], wake: "retry", why: "restart a (1)" },
      },
      {
        of: { fault: "refused" },
        containers: { do: ["PatchPodStatus Running"], why: "refused until the spec changes: a" },
      },
    ])
  ),
]);

/** Every container has ended for good: that is told, and final. */
const finished: readonly PodRow[] = overs.flatMap((ends) =>
  of({ ...ends, lifecycle: "running", deletion: "none" }, [
    { of: { fault: [...quiet, "refused"] }, pods: { do: ["PatchPodStatus {end}"], why: "Running" } },
    {
      of: { fault: [...retried, "unanswered"] },
      pods: { do: ["PatchPodStatus {end}"], wake: "retry", why: "Running" },
    },
    { of: { fault: apiFaults }, pods: { do: [], wake: "retry", why: "Running" } },
    {
      of: { fault: [...quiet, ...backendFaults] },
      containers: { do: ["PatchPodStatus {end}"], why: "finished: every container has ended" },
    },
    {
      of: { fault: apiFaults },
      containers: { do: [], wake: "retry", why: "finished: every container has ended" },
    },
  ])
);

/** Deleted, and the back end does not have it any more: how it ended is not known, which is a failure. */
const deletedAbsent: readonly PodRow[] = of(
  { lifecycle: "running", container: ["absent", "lost"], deletion: deletions },
  [
    {
      of: { fault: [...quiet, ...backendFaults] },
      both: { do: ["PatchPodStatus Failed"], why: "WriteTerminalStatus" },
    },
    { of: { fault: apiFaults }, both: { do: [], wake: "retry", why: "WriteTerminalStatus" } },
  ],
);

/** The deletion is news: stopped with all of its grace; after a restart of the agent, with what is left of it. */
const deleted: readonly PodRow[] = of({ lifecycle: "running", deletion: deletions }, [
  ...of({ container: ["waiting", "running", "exited 0", "exited 1"] }, [
    {
      of: { fault: ["none", "refused", ...apiFaults] },
      pods: { do: ["DeletePod {full}"], why: "Stopping" },
    },
    { of: { fault: "restart" }, pods: { do: ["DeletePod {left}"], why: "Stopping" } },
    { of: { fault: [...retried, "unanswered"] }, pods: { do: [], wake: "retry", why: "Stopping" } },
  ]),
  ...of({ container: "running" }, [
    {
      of: { fault: ["none", ...apiFaults] },
      containers: { do: ["StopContainer a {full}"], why: "Stopping" },
    },
    { of: { fault: "restart" }, containers: { do: ["StopContainer a {left}"], why: "Stopping" } },
  ]),
  // nothing runs: its end is told, and what the back end keeps of it is freed
  {
    of: { container: "waiting", fault: [...quiet, "refused", ...retried] },
    containers: { do: ["PatchPodStatus Failed", "RemovePod"], why: "WriteTerminalStatus" },
  },
  {
    of: { container: ["exited 0", "exited 1"], fault: [...quiet, "refused", ...retried] },
    containers: { do: ["PatchPodStatus {end}", "RemovePod"], why: "WriteTerminalStatus" },
  },
  {
    of: { container: ["waiting", "exited 0", "exited 1"], fault: apiFaults },
    containers: { do: ["RemovePod"], wake: "retry", why: "WriteTerminalStatus" },
  },
  {
    of: { container: "waiting", fault: "unanswered" },
    containers: { do: ["PatchPodStatus Failed"], wake: "retry", why: "WriteTerminalStatus" },
  },
  {
    of: { container: ["exited 0", "exited 1"], fault: "unanswered" },
    containers: { do: ["PatchPodStatus {end}"], wake: "retry", why: "WriteTerminalStatus" },
  },
]);

export const podRunRows: readonly PodRow[] = [
  ...missing,
  ...updates,
  ...instances,
  ...finished,
  ...deletedAbsent,
  ...deleted,
];
