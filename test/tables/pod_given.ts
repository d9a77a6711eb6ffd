// What the reconciler is given in a cell. All looks are at 100 s.
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { absent, present, type Seen, unknown } from "../../core/seen.ts";
import type { Now } from "../../core/time.ts";
import { at, ended, preparing, running } from "../tools/containers.ts";
import { deleted, holds, pod, policyOf, remembered } from "../tools/pods.ts";
import { faultTags, type PodCell } from "./pod_cells.ts";
import { faultOf, memoryAfter } from "./pod_last_call.ts";
import { isUpdate, isYoung, memoryBefore } from "./pod_memory.ts";
import { bound, finished, pending, runs } from "./pod_statuses.ts";

export const now: Now = at(100);

/** One way in which a cell can come about. */
export interface Given {
  readonly desired: Seen<Pod>;
  readonly observed: Seen<ObservedPod>;
  readonly memory: PodMemory;
  readonly policy: PodPolicy;
}

// The API's object

const statusOf = (cell: PodCell, phase: string): PodStatus => {
  switch (cell.lifecycle) {
    case "new":
      return bound;
    case "accepted":
    case "creating":
      // the write of it is what failed
      return cell.fault.startsWith("API") ? bound : pending;
    case "ended":
    case "removed":
    case "finalized":
      return finished(phase);
    default:
      return runs;
  }
};

const deletionOf = (cell: PodCell): Partial<Pod["metadata"]> => {
  switch (cell.deletion) {
    case "none":
      return {};
    case "graceful":
      return deleted(30, 99).meta ?? {};
    case "elapsed":
      return deleted(30, 65).meta ?? {};
    case "forced":
      return deleted(0, 99).meta ?? {};
    case "shortened":
      return deleted(5, 100).meta ?? {};
  }
};

const podOf = (cell: PodCell, phase: string): Pod =>
  pod({
    meta: deletionOf(cell),
    spec: { restartPolicy: cell.restartPolicy },
    status: statusOf(cell, phase),
  });

// The back end

/** A first instance that is being made; of a pod that ran, the second one. */
const waiting = (lifecycle: PodCell["lifecycle"]): ObservedContainer =>
  isYoung(lifecycle)
    ? preparing("a", "Pulling")
    : preparing("a", "Pulling", { restartCount: 1, last: { _tag: "Terminated", exitCode: 1 } });

const observedOf = ({ container, lifecycle }: PodCell): Seen<ObservedPod> => {
  switch (container) {
    case "unknown":
      return unknown;
    case "absent":
    case "lost":
      return absent;
    case "waiting":
      return present(holds([waiting(lifecycle)]));
    case "running":
      return present(holds([running("a", 10)]));
    case "exited 0":
      return present(holds([ended("a", 0, 95, {}, 10)]));
    case "exited 1":
      return present(holds([ended("a", 1, 95, {}, 10)]));
  }
};

/** Every way in which a cell can come about: by each fault of its class, and by each phase that an end can have. */
export const givensOf = (cell: PodCell): readonly Given[] => {
  const ends = cell.lifecycle === "ended" || cell.lifecycle === "removed" || cell.lifecycle === "finalized";
  const observed = observedOf(cell);
  const policy = policyOf(cell.kind, { canUpdate: isUpdate(cell) });
  return (ends ? ["Succeeded", "Failed"] : [""]).flatMap((phase): readonly Given[] => {
    const of = podOf(cell, phase);
    const desired: Seen<Pod> = cell.lifecycle === "unlisted"
      ? unknown
      : cell.lifecycle === "gone"
      ? absent
      : present(of);
    if (cell.fault === "restart") return [{ desired, observed, memory: remembered(), policy }];
    if (cell.fault === "none") {
      return [{ desired, observed, memory: remembered(memoryBefore(cell, of)), policy }];
    }
    return faultTags[cell.fault].map((tag) => ({
      desired,
      observed,
      memory: memoryAfter(cell, of, faultOf(tag), policy),
      policy,
    }));
  });
};
