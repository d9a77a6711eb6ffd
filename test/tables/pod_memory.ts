// What is remembered of a pod whose calls were all answered well, or not yet.
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { BackendOp, Kill, PodMemory } from "../../core/pod/memory.ts";
import { specHashOf } from "../../core/pod/spec_hash.ts";
import { at } from "../tools/containers.ts";
import { faultTags, type PodCell } from "./pod_cells.ts";
import { pending, runs } from "./pod_statuses.ts";

/** Nobody has said yet that it ran. */
export const isYoung = (lifecycle: PodCell["lifecycle"]): boolean =>
  lifecycle === "new" || lifecycle === "accepted" || lifecycle === "creating";

/** A changed spec that a back end of pods did not take yet, where the last call was the update with it. */
export const isUpdate = ({ kind, lifecycle, fault }: PodCell): boolean =>
  kind === "pods" && lifecycle === "running" && fault in faultTags && fault !== "none" &&
  fault !== "restart" && !fault.startsWith("API");

const kills: Readonly<Record<PodCell["deletion"], Kill | undefined>> = {
  none: undefined,
  graceful: { at: 129_000, graceMs: 30_000 },
  elapsed: { at: 95_000, graceMs: 30_000 },
  forced: { at: 100_000, graceMs: 1_000 },
  // as it was before it was shortened
  shortened: { at: 120_000, graceMs: 30_000 },
};

/** When the stop was asked for (`mono`). */
export const askedAt: Readonly<Record<PodCell["deletion"], number>> = {
  none: 99_000,
  graceful: 99_000,
  elapsed: 65_000,
  forced: 99_000,
  shortened: 90_000,
};

/** The call that makes the pod run, or stops it, in flight. */
export const opAt = (cell: PodCell, until: number, from: number, kind: "start" | "stop"): BackendOp =>
  cell.kind === "containers"
    ? { kind, container: "a", at: from, until }
    : { kind: kind === "start" ? "create" : "delete", container: undefined, at: from, until };

const written = (status: PodStatus, seconds: number): PodMemory["written"] => ({
  status,
  at: seconds * 1000,
  repeats: 0,
  echoed: true,
});

const looked = (cell: PodCell): Partial<PodMemory> => ({
  accepted: at(90),
  seenLive: true,
  // a deletion that was heard of while the back end could not be asked
  kill: cell.deletion === "shortened" ? kills.shortened : undefined,
  ...(cell.fault.startsWith("API") ? {} : { written: written(pending, 91) }),
});

const ran = (cell: PodCell, of: Pod): Partial<PodMemory> => ({
  ...looked(cell),
  accepted: at(10),
  created: true,
  ran: true,
  toldAt: 11_000,
  appliedHash: isUpdate(cell) ? "older" : specHashOf(of),
  written: written(runs, 12),
  missingSince: cell.container === "lost" ? 90_000 : undefined,
  containers: cell.container === "waiting" ? { a: { started: 1 } } : { a: { started: 0 } },
});

const stopped = (cell: PodCell, of: Pod): Partial<PodMemory> => {
  const kill = kills[cell.deletion];
  const deleteSent = cell.kind === "containers" || kill === undefined
    ? undefined
    : { at: askedAt[cell.deletion], until: kill.at };
  return { ...ran(cell, of), kill, deleteSent };
};

/** What is remembered before the last call of the cell has failed, if it did. */
export const memoryBefore = (cell: PodCell, of: Pod): Partial<PodMemory> => {
  switch (cell.lifecycle) {
    case "new":
      return {};
    case "accepted":
      return looked(cell);
    case "creating":
      return { ...looked(cell), ops: [opAt(cell, 99_500, 99_500, "start")] };
    case "unlisted":
    case "running":
      return ran(cell, of);
    case "ending": {
      const kill = kills[cell.deletion];
      const op = opAt(cell, kill?.at ?? 0, askedAt[cell.deletion], "stop");
      return { ...ran(cell, of), kill, ops: [op] };
    }
    case "taken":
      return stopped(cell, of);
    case "ended":
      return { ...ran(cell, of), written: written(of.status, 96) };
    case "removed":
      return { ...stopped(cell, of), written: written(of.status, 96), removed: cell.kind === "containers" };
    case "finalized": {
      const removed = cell.kind === "containers";
      return { ...stopped(cell, of), written: written(of.status, 96), removed, finalizedAt: 99_000 };
    }
    case "gone":
      return { ...ran(cell, of), kill: kills[cell.deletion], gone: "event", goneSince: 99_500 };
  }
};
