// What one container of a pod needs next. Rules: Pod lifecycle, "Container restarts" (at once, then 10 s, 20 s, 40 s … up to
// 300 s, anew after 10 min of running); Init containers, "Detailed behavior"; Sidecar containers.
import type { FaultTag } from "../../core/fault.ts";
import type { Cell, Impossible } from "./cells.ts";

export const containerDimensions = {
  /** The pod's only container `x`; or its init container or sidecar, before the container `a`. */
  role: ["app", "init", "sidecar"],
  restartPolicy: ["Always", "OnFailure", "Never"],
  /** At 100 s; ends are at 96 s. */
  state: [
    "new",
    "preparing",
    "running",
    /** The spec names another image by now. */
    "running, outdated",
    "ended 0",
    "ended 7",
    /** It had ended once before, or twice, soon after its start. */
    "ended 7 twice",
    "ended 7 thrice",
    /** For the sixth time, after ten minutes of running. */
    "ended 7 after long",
    /** By the status it ran as its fourth instance; the back end does not know it. */
    "lost",
  ],
  /** Whether earlier starts and ends are remembered. Where they are, only the last two ends came in a row. */
  recall: ["none", "memory"],
  /** What came of the last start of the instance that is due. */
  fault: ["none", "failed", "throttled", "refused"],
  /** An operation on it is in flight. */
  call: ["none", "in flight"],
} as const;

export type ContainerDimensions = typeof containerDimensions;
export type ContainerCell = Cell<ContainerDimensions>;

export const startFaults: Readonly<Record<ContainerCell["fault"], readonly FaultTag[]>> = {
  none: [],
  failed: [
    "Unavailable",
    "Conflict",
    "AlreadyExists",
    "NotFound",
    "Gone",
    "Unauthorized",
    "Forbidden",
    "Undecodable",
  ],
  throttled: ["Throttled"],
  refused: ["Rejected", "Unsupported"],
};

export const impossibleContainers: readonly Impossible<ContainerDimensions>[] = [
  {
    of: { state: ["running", "running, outdated"], fault: ["failed", "throttled", "refused"] },
    because: "no instance is due beside one that runs",
  },
  {
    of: { state: "preparing", recall: "memory", fault: ["failed", "throttled", "refused"] },
    because: "a start that was accepted has no fault",
  },
];
