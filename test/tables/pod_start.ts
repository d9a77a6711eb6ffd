// Pods until they run. Rules: design, promises 1 to 3 and 7; Pod lifecycle, "Pod phase" and "Container restarts".
import { within } from "./cells.ts";
import {
  apiFaults,
  backendFaults,
  deletions,
  lateFaults,
  overs,
  type PodDimensions,
  restarts,
  soonFaults,
} from "./pod_cells.ts";
import type { PodRow } from "./pod_words.ts";

const of = within<PodDimensions, PodRow>;
const quiet = ["none", "restart"] as const;
const retried = ["throttled", "failed", "not found"] as const;
const unhampered = [...quiet, ...backendFaults] as const;

/** Nothing is done, created, deleted or failed on the strength of an unknown (promise 3). */
const unknowns: readonly PodRow[] = [
  { of: { lifecycle: "unlisted" }, both: { do: [], why: "ApiUnknown" } },
  {
    of: { container: "unknown" },
    except: [{ lifecycle: "unlisted" }],
    both: { do: [], why: "BackendUnknown" },
  },
];

/** The back end positively has no such pod and nobody says that it ran: it is created. Pending is told if that takes long. */
const absents: readonly PodRow[] = of({
  lifecycle: ["new", "accepted"],
  container: "absent",
  deletion: "none",
}, [
  {
    of: { fault: [...quiet, ...apiFaults] },
    pods: { do: ["CreatePod"], wake: 101, why: "Create" },
    containers: { do: ["StartContainer a#0"], wake: 101, why: "StartContainer" },
  },
  // what failed is told, and tried again with back-off
  {
    of: { fault: retried },
    pods: { do: ["PatchPodStatus Pending/ProviderFailed"], wake: "retry", why: "CreateBackoff" },
    containers: { do: ["PatchPodStatus Pending"], wake: "restart", why: "back-off: a" },
  },
  {
    of: { fault: "unanswered" },
    pods: { do: ["PatchPodStatus Pending/ProviderFailed"], wake: "retry", why: "CreateBackoff" },
    containers: { do: [], wake: "retry", why: "start a" },
  },
  // what was refused waits for another spec; where nothing may ever be restarted it has failed (as in the Go Virtual Kubelet)
  {
    of: { fault: "refused", restartPolicy: ["Always", "OnFailure"] },
    pods: { do: ["PatchPodStatus Pending/ProviderFailed"], why: "Refused" },
  },
  {
    of: { fault: "refused", restartPolicy: "Never" },
    pods: { do: ["PatchPodStatus Failed/ProviderFailed"], why: "Refused" },
  },
  // a container that cannot be made waits, whatever the policy (as the kubelet's CreateContainerConfigError)
  {
    of: { fault: "refused" },
    containers: { do: ["PatchPodStatus Pending"], why: "refused until the spec changes: a" },
  },
]);

/** The back end has it: what it says counts, whatever was answered. Pending is told a second after the first look. */
const waitings: readonly PodRow[] = of({ container: "waiting", deletion: "none" }, [
  { of: { lifecycle: "new" }, pods: { do: [], wake: 101, why: "Running" } },
  { of: { lifecycle: "accepted", fault: "restart" }, pods: { do: [], wake: 101, why: "Running" } },
  {
    of: { lifecycle: "accepted", fault: ["none", ...backendFaults] },
    pods: { do: ["PatchPodStatus Pending"], why: "Running" },
  },
  { of: { lifecycle: "accepted", fault: apiFaults }, pods: { do: [], wake: "retry", why: "Running" } },
  // whether this start was accepted is not known: it is asked for again, which does no harm
  {
    of: { lifecycle: ["new", "accepted"], fault: [...quiet, ...apiFaults] },
    containers: { do: ["StartContainer a#0"], wake: 101, why: "StartContainer" },
  },
  {
    of: { lifecycle: "accepted", fault: retried },
    containers: { do: ["PatchPodStatus Pending"], wake: "restart", why: "back-off: a" },
  },
  {
    of: { lifecycle: "accepted", fault: "unanswered" },
    containers: { do: ["PatchPodStatus Pending"], wake: "retry", why: "start a" },
  },
  {
    of: { lifecycle: "accepted", fault: "refused" },
    containers: { do: ["PatchPodStatus Pending"], why: "refused until the spec changes: a" },
  },
]);

const runnings: readonly PodRow[] = of(
  { lifecycle: ["new", "accepted"], container: "running", deletion: "none" },
  [
    {
      of: { fault: unhampered },
      pods: { do: ["PatchPodStatus Running"], why: "Running" },
      containers: { do: ["PatchPodStatus Running"], why: "runs" },
    },
    {
      of: { fault: apiFaults },
      pods: { do: [], wake: "retry", why: "Running" },
      containers: { do: [], wake: "retry", why: "runs" },
    },
  ],
);

/** It ended before anybody told that it ran, and is restarted: the first time at once, by the back end where that runs pods. */
const restarted: readonly PodRow[] = restarts.flatMap((ends) =>
  of({ ...ends, lifecycle: ["new", "accepted"], deletion: "none" }, [
    { of: { fault: unhampered }, pods: { do: ["PatchPodStatus Running"], why: "Running" } },
    { of: { fault: apiFaults }, pods: { do: [], wake: "retry", why: "Running" } },
    // the fault of the first start says nothing about the second
    {
      of: {},
      except: [{ fault: "unanswered" }],
      containers: { do: ["StartContainer a#1"], wake: 101, why: "StartContainer" },
    },
    {
      of: { fault: "unanswered" },
      containers: { do: ["PatchPodStatus Running"], wake: "retry", why: "restart a (1)" },
    },
  ])
);

/** It ended before anybody told that it ran, and is over: that is told, in one write. */
const overAlready: readonly PodRow[] = overs.flatMap((ends) =>
  of({ ...ends, lifecycle: ["new", "accepted"], deletion: "none" }, [
    {
      of: { fault: unhampered },
      pods: { do: ["PatchPodStatus {end}"], why: "Running" },
      containers: { do: ["PatchPodStatus {end}"], why: "finished: every container has ended" },
    },
    {
      of: { fault: apiFaults },
      pods: { do: [], wake: "retry", why: "Running" },
      containers: { do: [], wake: "retry", why: "finished: every container has ended" },
    },
  ])
);

/** One UID never has two instances (promise 1): while a call is in flight there is no other, and news wait a second for its answer. */
const creating: readonly PodRow[] = of({ lifecycle: "creating", deletion: "none" }, [
  {
    of: { container: "absent", fault: "none" },
    pods: { do: [], why: "Creating" },
    containers: { do: [], why: "starting a" },
  },
  // why the attempt before failed is worth telling, if this one takes long
  {
    of: { container: "absent", fault: retried },
    pods: { do: [], wake: 100.5, why: "Creating" },
    containers: { do: [], wake: 100.5, why: "starting a" },
  },
  {
    of: { container: "absent", fault: "unanswered" },
    pods: { do: [], wake: 100.5, why: "Creating" },
    containers: { do: [], why: "starting a" },
  },
  {
    of: { container: "waiting", fault: ["none", ...backendFaults] },
    pods: { do: [], wake: 100.5, why: "Running" },
    containers: { do: [], wake: 100.5, why: "starting a" },
  },
  {
    of: { container: ["absent", "waiting"], fault: soonFaults },
    pods: { do: [], wake: 100.5, why: "{created}" },
    containers: { do: [], wake: 100.5, why: "starting a" },
  },
  {
    of: { container: ["absent", "waiting"], fault: lateFaults },
    pods: { do: [], wake: "retry", why: "{created}" },
    containers: { do: [], wake: "retry", why: "starting a" },
  },
  {
    of: { container: "running", fault: ["none", ...backendFaults, ...soonFaults] },
    pods: { do: [], wake: 100.5, why: "Running" },
    containers: { do: [], wake: 100.5, why: "runs" },
  },
  {
    of: { container: "running", fault: lateFaults },
    pods: { do: [], wake: "retry", why: "Running" },
    containers: { do: [], wake: "retry", why: "runs" },
  },
]);

const creatingEnded: readonly PodRow[] = [
  ...restarts.flatMap((ends) =>
    of({ ...ends, lifecycle: "creating", deletion: "none" }, [
      {
        of: { fault: ["none", ...backendFaults, ...soonFaults] },
        pods: { do: [], wake: 100.5, why: "Running" },
        containers: { do: [], wake: 100.5, why: "starting a" },
      },
      {
        of: { fault: lateFaults },
        pods: { do: [], wake: "retry", why: "Running" },
        containers: { do: [], wake: "retry", why: "starting a" },
      },
    ])
  ),
  // an end is told at once; but not while a container may still be started: a terminal phase is final
  ...overs.flatMap((ends) =>
    of({ ...ends, lifecycle: "creating", deletion: "none" }, [
      { of: { fault: ["none", ...backendFaults] }, pods: { do: ["PatchPodStatus {end}"], why: "Running" } },
      { of: { fault: apiFaults }, pods: { do: [], wake: "retry", why: "Running" } },
      {
        of: { fault: ["none", ...backendFaults, ...soonFaults] },
        containers: { do: [], wake: 100.5, why: "finishing: every container has ended" },
      },
      {
        of: { fault: lateFaults },
        containers: { do: [], wake: "retry", why: "finishing: every container has ended" },
      },
    ])
  ),
];

/** Deleted before it ran: stopped where the back end has it, then the object goes; its end is of no interest to anybody. */
const deleted: readonly PodRow[] = of({ lifecycle: ["new", "accepted"], deletion: deletions }, [
  { of: { container: "absent", fault: unhampered }, both: { do: ["FinalizePod"], why: "Finalize" } },
  { of: { container: "absent", fault: apiFaults }, both: { do: [], wake: "retry", why: "FinalizeBackoff" } },
  // never seen alive by this process: what is left of its grace
  ...of({ container: ["waiting", "running"] }, [
    { of: { lifecycle: "new" }, pods: { do: ["DeletePod {left}"], why: "Stopping" } },
    { of: { lifecycle: "accepted", fault: "restart" }, pods: { do: ["DeletePod {left}"], why: "Stopping" } },
    {
      of: { lifecycle: "accepted", fault: ["none", "refused", ...apiFaults] },
      pods: { do: ["DeletePod {full}"], why: "Stopping" },
    },
    {
      of: { lifecycle: "accepted", fault: [...retried, "unanswered"] },
      pods: { do: [], wake: "retry", why: "Stopping" },
    },
  ]),
  // what is only being made is freed at once
  {
    of: { container: "waiting" },
    except: [{ fault: "unanswered" }],
    containers: { do: ["RemovePod"], why: "Removing" },
  },
  {
    of: { container: "waiting", fault: "unanswered" },
    containers: { do: [], wake: "retry", why: "Removing" },
  },
  ...of({ container: "running" }, [
    { of: { lifecycle: "new" }, containers: { do: ["StopContainer a {left}"], why: "Stopping" } },
    {
      of: { lifecycle: "accepted", fault: "restart" },
      containers: { do: ["StopContainer a {left}"], why: "Stopping" },
    },
    {
      of: { lifecycle: "accepted", fault: ["none", "refused", ...retried, ...apiFaults] },
      containers: { do: ["StopContainer a {full}"], why: "Stopping" },
    },
    {
      of: { lifecycle: "accepted", fault: "unanswered" },
      containers: { do: [], wake: "retry", why: "Stopping" },
    },
  ]),
]);

/** Deleted, and it ended before anybody told that it ran: a back end of pods may restart it until it was told to delete it. */
const deletedEnded: readonly PodRow[] = of(
  { lifecycle: ["new", "accepted"], container: ["exited 0", "exited 1"], deletion: deletions },
  [
    { of: { lifecycle: "new" }, pods: { do: ["DeletePod {left}"], why: "Stopping" } },
    { of: { lifecycle: "accepted", fault: "restart" }, pods: { do: ["DeletePod {left}"], why: "Stopping" } },
    {
      of: { lifecycle: "accepted", fault: ["none", "refused", ...apiFaults] },
      pods: { do: ["DeletePod {full}"], why: "Stopping" },
    },
    {
      of: { lifecycle: "accepted", fault: [...retried, "unanswered"] },
      pods: { do: [], wake: "retry", why: "Stopping" },
    },
    {
      of: { fault: [...quiet, "refused", ...retried] },
      containers: { do: ["PatchPodStatus {end}", "RemovePod"], why: "WriteTerminalStatus" },
    },
    // the end can be told although the back end cannot be asked to free what it keeps
    {
      of: { fault: "unanswered" },
      containers: { do: ["PatchPodStatus {end}"], wake: "retry", why: "WriteTerminalStatus" },
    },
    {
      of: { fault: apiFaults },
      containers: { do: ["RemovePod"], wake: "retry", why: "WriteTerminalStatus" },
    },
  ],
);

/** Deleted while a call is in flight: nothing is stopped, and the object does not go, before it was answered. */
const deletedCreating: readonly PodRow[] = of({ lifecycle: "creating", deletion: deletions }, [
  { of: { container: "absent" }, both: { do: [], why: "Stopping" } },
  {
    of: { container: ["waiting", "running", "exited 0", "exited 1"] },
    pods: { do: [], why: "StoppingAfterOp" },
    containers: { do: [], why: "Stopping" },
  },
]);

export const podStartRows: readonly PodRow[] = [
  ...unknowns,
  ...absents,
  ...waitings,
  ...runnings,
  ...restarted,
  ...overAlready,
  ...creating,
  ...creatingEnded,
  ...deleted,
  ...deletedEnded,
  ...deletedCreating,
];
