// Pods that are being stopped. Rules: design, promise 5; Pod lifecycle, "Termination of Pods".
import { within } from "./cells.ts";
import { apiFaults, overs, type PodDimensions, restarts } from "./pod_cells.ts";
import type { PodRow } from "./pod_words.ts";

const of = within<PodDimensions, PodRow>;
const retried = ["refused", "throttled", "failed", "unanswered"] as const;
const held = ["graceful", "elapsed", "forced"] as const;
const there = ["waiting", "running", "exited 0", "exited 1"] as const;
const ended = ["exited 0", "exited 1"] as const;

/** The call is in flight: nothing goes before it is answered. Only a shorter grace is worth another one. */
const inFlight: readonly PodRow[] = of({ lifecycle: "ending", fault: "none" }, [
  { of: { container: "absent" }, both: { do: [], why: "Stopping" } },
  { of: { container: there, deletion: held }, pods: { do: [], why: "Stopping" } },
  { of: { container: there, deletion: "shortened" }, pods: { do: ["DeletePod 5s"], why: "Stopping" } },
  { of: { container: "running", deletion: held }, containers: { do: [], why: "Stopping" } },
  {
    of: { container: "running", deletion: "shortened" },
    containers: { do: ["StopContainer a 5s"], why: "Stopping" },
  },
  { of: { container: ["waiting", "exited 0", "exited 1"] }, containers: { do: [], why: "Stopping" } },
]);

/** The call failed: it is tried again, with back-off, unless there is nothing to stop any more. */
const failed: readonly PodRow[] = of({ lifecycle: "ending" }, [
  {
    of: { container: "absent", fault: [...retried, "not found"] },
    both: { do: ["PatchPodStatus Failed"], why: "WriteTerminalStatus" },
  },
  { of: { container: there, fault: retried }, pods: { do: [], wake: "retry", why: "Stopping" } },
  { of: { container: "running", fault: retried }, containers: { do: [], wake: "retry", why: "Stopping" } },
  // the end can be told although the back end cannot be asked to free what it keeps
  {
    of: { container: "waiting", fault: retried },
    containers: { do: ["PatchPodStatus Failed"], wake: "retry", why: "WriteTerminalStatus" },
  },
  {
    of: { container: ended, fault: retried },
    containers: { do: ["PatchPodStatus {end}"], wake: "retry", why: "WriteTerminalStatus" },
  },
]);

/** The back end says that there is nothing to stop, and yet tells of it: as if it had answered well. */
const notFound: readonly PodRow[] = of({ lifecycle: "ending", fault: "not found" }, [
  {
    of: { container: ["waiting", "running"], deletion: "shortened" },
    pods: { do: ["DeletePod 5s"], why: "Stopping" },
  },
  { of: { container: "running" }, containers: { do: ["StopContainer a {rest}"], why: "Stopping" } },
  {
    of: { container: ["waiting", "running"], deletion: "graceful" },
    pods: { do: [], wake: "overdue", why: "Stopping" },
  },
  // counted from the answer, at 99.9 s
  {
    of: { container: ["waiting", "running"], deletion: "elapsed" },
    pods: { do: [], wake: 109.9, why: "Stopping" },
  },
  {
    of: { container: ["waiting", "running"], deletion: "forced" },
    pods: { do: [], wake: "overdue", why: "Stopping" },
  },
  {
    of: { container: "waiting" },
    containers: { do: ["PatchPodStatus Failed", "RemovePod"], why: "WriteTerminalStatus" },
  },
  {
    of: { container: ended },
    containers: { do: ["PatchPodStatus {end}", "RemovePod"], why: "WriteTerminalStatus" },
  },
  ...overs.flatMap((over) =>
    of(over, [{ of: {}, pods: { do: ["PatchPodStatus {end}"], why: "WriteTerminalStatus" } }])
  ),
  // what was told before the deletion does not count for containers that a back end may have restarted
  ...restarts.flatMap((again) =>
    of(again, [
      { of: { deletion: ["graceful", "forced"] }, pods: { do: [], wake: "overdue", why: "Stopping" } },
      { of: { deletion: "elapsed" }, pods: { do: [], wake: 109.9, why: "Stopping" } },
      { of: { deletion: "shortened" }, pods: { do: ["DeletePod 5s"], why: "Stopping" } },
    ])
  ),
]);

/** The back end has answered well. It goes on until it has stopped; a stop that does not come to pass is repeated. */
const taken: readonly PodRow[] = of({ lifecycle: "taken" }, [
  {
    of: { container: ["waiting", "running"], deletion: held },
    pods: { do: [], wake: "overdue", why: "Stopping" },
  },
  {
    of: { container: ["waiting", "running"], deletion: "shortened" },
    pods: { do: ["DeletePod 5s"], why: "Stopping" },
  },
  ...restarts.flatMap((again) =>
    of(again, [
      { of: { deletion: held }, pods: { do: [], wake: "overdue", why: "Stopping" } },
      { of: { deletion: "shortened" }, pods: { do: ["DeletePod 5s"], why: "Stopping" } },
    ])
  ),
  { of: { container: "running" }, containers: { do: ["StopContainer a {rest}"], why: "Stopping" } },
]);

/** It has stopped: first its end is told and what is kept of it is freed; the object goes last (promise 5). */
const stopped: readonly PodRow[] = of({ lifecycle: "taken" }, [
  {
    of: { container: "absent", fault: "none" },
    both: { do: ["PatchPodStatus Failed"], why: "WriteTerminalStatus" },
  },
  {
    of: { container: "absent", fault: apiFaults },
    except: [{ fault: "API refused" }],
    both: { do: [], wake: "retry", why: "WriteTerminalStatus" },
  },
  // the API server refused the end for what it says: no repetition helps, and the deletion goes on
  {
    of: { container: "absent", fault: "API refused" },
    both: { do: [], wake: "retry", why: "FinalizeBackoff" },
  },
  ...overs.flatMap((over) =>
    of(over, [
      { of: { fault: "none" }, pods: { do: ["PatchPodStatus {end}"], why: "WriteTerminalStatus" } },
      {
        of: { fault: apiFaults },
        except: [{ fault: "API refused" }],
        pods: { do: [], wake: "retry", why: "WriteTerminalStatus" },
      },
      { of: { fault: "API refused" }, pods: { do: [], wake: "retry", why: "FinalizeBackoff" } },
    ])
  ),
  {
    of: { container: "waiting", fault: "none" },
    containers: { do: ["PatchPodStatus Failed", "RemovePod"], why: "WriteTerminalStatus" },
  },
  {
    of: { container: ended, fault: "none" },
    containers: { do: ["PatchPodStatus {end}", "RemovePod"], why: "WriteTerminalStatus" },
  },
  {
    of: { container: ["waiting", "exited 0", "exited 1"], fault: apiFaults },
    except: [{ fault: "API refused" }],
    containers: { do: ["RemovePod"], wake: "retry", why: "WriteTerminalStatus" },
  },
  {
    of: { container: ["waiting", "exited 0", "exited 1"], fault: "API refused" },
    containers: { do: ["RemovePod"], why: "Removing" },
  },
]);

export const podStopRows: readonly PodRow[] = [...inFlight, ...failed, ...notFound, ...taken, ...stopped];
