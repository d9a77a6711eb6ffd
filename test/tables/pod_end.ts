// Pods that have ended, and objects that go. Rules: design, promises 2, 4 and 5; Pod lifecycle, "Termination of Pods".
import { within } from "./cells.ts";
import { deletions, lateFaults, overs, type PodDimensions, restarts, soonFaults } from "./pod_cells.ts";
import type { PodRow } from "./pod_words.ts";

const of = within<PodDimensions, PodRow>;
const retried = ["refused", "throttled", "failed", "unanswered"] as const;
const quiet = ["none", "restart"] as const;
const there = ["waiting", "running", "exited 0", "exited 1"] as const;
const still = ["absent", "waiting", "exited 0", "exited 1"] as const;
const ended = ["exited 0", "exited 1"] as const;
const held = ["graceful", "elapsed", "forced"] as const;
/** Of the API, but those that say that the object is another's by now, or is gone: for a deletion these are a success. */
const openFaults = ["API refused", "API throttled", "API failed", "API forbidden"] as const;
const doneFaults = ["API conflict", "API not found"] as const;

/** Left alone, whatever the back end says of it (promise 2), but nothing of it goes on running. */
const kept: readonly PodRow[] = of({ lifecycle: "ended", deletion: "none" }, [
  { of: { container: still }, both: { do: [], why: "Ended" } },
  {
    of: { container: "running", fault: quiet },
    pods: { do: ["DeletePod 30s"], why: "StopEnded" },
    containers: { do: ["StopContainer a 30s"], why: "StopEnded" },
  },
  { of: { container: "running", fault: retried }, both: { do: [], wake: "retry", why: "StopEnded" } },
  {
    of: { container: "running", fault: "not found" },
    pods: { do: [], wake: 139, why: "StopEnded" },
    containers: { do: ["StopContainer a 29s"], why: "StopEnded" },
  },
]);

/** Deleted: the object of a finished pod goes at once, but not before the back end has let go of it. */
const deleted: readonly PodRow[] = of({ lifecycle: "ended", deletion: deletions }, [
  ...of({ container: there }, [
    {
      of: { fault: ["none", ...soonFaults, ...lateFaults] },
      pods: { do: ["DeletePod {full}"], why: "Stopping" },
    },
    { of: { fault: "restart" }, pods: { do: ["DeletePod {left}"], why: "Stopping" } },
    { of: { fault: retried }, pods: { do: [], wake: "retry", why: "Stopping" } },
  ]),
  ...of({ container: "running" }, [
    {
      of: { fault: ["none", ...soonFaults, ...lateFaults] },
      containers: { do: ["StopContainer a {full}"], why: "Stopping" },
    },
    { of: { fault: "restart" }, containers: { do: ["StopContainer a {left}"], why: "Stopping" } },
    { of: { fault: retried }, containers: { do: [], wake: "retry", why: "Stopping" } },
  ]),
  ...of({ container: ["waiting", "exited 0", "exited 1"] }, [
    {
      of: { fault: [...quiet, ...soonFaults, ...lateFaults] },
      containers: { do: ["RemovePod"], why: "Removing" },
    },
    { of: { fault: retried }, containers: { do: [], wake: "retry", why: "Removing" } },
    // it has nothing to free: that is as good as freed
    { of: { fault: "not found" }, containers: { do: ["FinalizePod"], why: "Finalize" } },
  ]),
  {
    of: { container: "absent", fault: [...quiet, ...retried, "not found"] },
    both: { do: ["FinalizePod"], why: "Finalize" },
  },
  { of: { container: "absent", fault: openFaults }, both: { do: [], wake: "retry", why: "FinalizeBackoff" } },
  {
    of: { container: "absent", fault: doneFaults },
    both: { do: [], wake: 159.9, why: "WaitingForDeletion" },
  },
]);

/** The same, and the back end says that there is nothing to stop, and yet tells of it: as if it had answered well. */
const notFound: readonly PodRow[] = of({ lifecycle: "ended", deletion: deletions, fault: "not found" }, [
  ...of({ deletion: ["graceful", "elapsed"] }, [
    { of: { container: ["waiting", "running"] }, pods: { do: [], wake: 139, why: "Stopping" } },
    { of: { container: "running" }, containers: { do: ["StopContainer a 29s"], why: "Stopping" } },
    ...restarts.map((again): PodRow => ({ of: again, pods: { do: [], wake: 139, why: "Stopping" } })),
  ]),
  ...of({ deletion: ["forced", "shortened"] }, [
    { of: { container: ["waiting", "running"] }, pods: { do: ["DeletePod {full}"], why: "Stopping" } },
    { of: { container: "running" }, containers: { do: ["StopContainer a {full}"], why: "Stopping" } },
    ...restarts.map((again): PodRow => ({ of: again, pods: { do: ["DeletePod {full}"], why: "Stopping" } })),
  ]),
  ...overs.map((over): PodRow => ({ of: over, pods: { do: ["FinalizePod"], why: "Finalize" } })),
]);

/** The object goes when nothing runs any more, and stays while the back end tells that something does. */
const released: readonly PodRow[] = of({ lifecycle: ["removed", "finalized"] }, [
  { of: { container: "running" }, containers: { do: ["StopContainer a {rest}"], why: "Stopping" } },
  ...[{ container: ["waiting", "running"] } as const, ...restarts].flatMap((alive) =>
    of(alive, [
      { of: { deletion: held }, pods: { do: [], wake: "overdue", why: "Stopping" } },
      { of: { deletion: "shortened" }, pods: { do: ["DeletePod 5s"], why: "Stopping" } },
    ])
  ),
]);

const going: readonly PodRow[] = [
  { container: "absent" } as const,
  ...overs.map((over) => ({ ...over, kind: "pods" }) as const),
  { container: ["waiting", "exited 0", "exited 1"], kind: "containers" } as const,
].flatMap((free) =>
  of(free, [
    { of: { lifecycle: "removed", fault: "none" }, both: { do: ["FinalizePod"], why: "Finalize" } },
    {
      of: { lifecycle: "removed", fault: openFaults },
      both: { do: [], wake: "retry", why: "FinalizeBackoff" },
    },
    {
      of: { lifecycle: "removed", fault: doneFaults },
      both: { do: [], wake: 159.9, why: "WaitingForDeletion" },
    },
    { of: { lifecycle: "finalized" }, both: { do: [], wake: 159, why: "WaitingForDeletion" } },
  ])
);

/** A forced deletion removes the object first: what runs is given a small grace all the same. */
const gone: readonly PodRow[] = of({ lifecycle: "gone" }, [
  { of: { container: "absent" }, both: { do: [], why: "Gone" } },
  // it is only known that no list names it: waits, then looks again (see the orphans' own table)
  { of: { container: there, fault: "restart" }, both: { do: [], wake: 130, why: "OrphanGrace" } },
  { of: { container: there, fault: retried }, both: { do: [], wake: "retry", why: "RemoveOrphan" } },
  { of: { container: there, fault: "none" }, pods: { do: ["DeletePod {orphan}"], why: "RemoveOrphan" } },
  {
    of: { container: "running", fault: ["none", "not found"] },
    containers: { do: ["StopContainer a {orphan}"], why: "RemoveOrphan" },
  },
  {
    of: { container: ["waiting", "exited 0", "exited 1"], fault: "none" },
    containers: { do: ["RemovePod"], why: "RemoveOrphan" },
  },
  {
    of: { container: ["waiting", "exited 0", "exited 1"], fault: "not found" },
    containers: { do: [], why: "RemoveOrphan" },
  },
  ...of({ container: ["waiting", "running"], fault: "not found" }, [
    {
      of: { deletion: ["none", "graceful", "shortened"] },
      pods: { do: ["DeletePod {orphan}"], why: "RemoveOrphan" },
    },
    { of: { deletion: "elapsed" }, pods: { do: [], wake: 109.9, why: "RemoveOrphan" } },
    { of: { deletion: "forced" }, pods: { do: [], wake: 110, why: "RemoveOrphan" } },
  ]),
  { of: { container: ended, fault: "not found" }, pods: { do: [], why: "RemoveOrphan" } },
]);

export const podEndRows: readonly PodRow[] = [
  ...kept,
  ...deleted,
  ...notFound,
  ...released,
  ...going,
  ...gone,
];
