// What a back end holds of a pod that the API positively does not have. Rules: design, promises 3 and 4.
import { type Impossible, within } from "./cells.ts";
import type { Brief } from "../tools/pods.ts";
import type { Covering } from "./cells.ts";

export const orphanDimensions = {
  kind: ["pods", "containers"],
  /** How it is known that there is no such pod. */
  evidence: [
    /** The list that does not name it is news. */
    "new list",
    /** No list has named it for 29.999 s. */
    "list",
    /** No list has named it for 30 s. */
    "old list",
    /** A live read has found none. */
    "read",
    /** The watch has told of its deletion. */
    "event",
  ],
  /** Whose it is, by what the back end holds. */
  mark: ["ours", "no mark, made by this process", "another node's", "another cluster's", "no mark"],
  container: ["waiting", "running", "exited"],
  /** What became of the live read. */
  call: ["none", "in flight", "failed"],
} as const;

export type OrphanDimensions = typeof orphanDimensions;

export const impossibleOrphans: readonly Impossible<OrphanDimensions>[] = [
  {
    of: { mark: ["another node's", "another cluster's", "no mark"], call: ["in flight", "failed"] },
    because: "what is not ours is never looked up",
  },
  {
    of: { evidence: ["new list", "list"], call: ["in flight", "failed"] },
    because: "nothing is looked up before the grace window has passed",
  },
  {
    of: { evidence: "read", call: ["in flight", "failed"] },
    because: "the read was answered",
  },
];

export interface OrphanRow extends Covering<OrphanDimensions> {
  readonly expected: Brief;
}

const ours = within<OrphanDimensions, OrphanRow>({ mark: ["ours", "no mark, made by this process"] }, [
  // a list that does not name it may be wrong: a window, and then a live read
  { of: { evidence: "new list" }, expected: { do: [], wake: 130, why: "OrphanGrace" } },
  { of: { evidence: "list" }, expected: { do: [], wake: 100.001, why: "OrphanGrace" } },
  { of: { evidence: "old list", call: "none" }, expected: { do: ["ReadPod"], why: "ConfirmGone" } },
  { of: { evidence: "old list", call: "in flight" }, expected: { do: [], why: "Confirming" } },
  { of: { evidence: "old list", call: "failed" }, expected: { do: [], wake: 100.5, why: "OrphanGrace" } },
  ...within<OrphanDimensions, OrphanRow>({ evidence: ["read", "event"] }, [
    { of: { kind: "pods" }, expected: { do: ["DeletePod 2s"], why: "RemoveOrphan" } },
    {
      of: { kind: "containers", container: "running" },
      expected: { do: ["StopContainer a 2s"], why: "RemoveOrphan" },
    },
    {
      of: { kind: "containers", container: ["waiting", "exited"] },
      expected: { do: ["RemovePod"], why: "RemoveOrphan" },
    },
  ]),
]);

export const orphanRows: readonly OrphanRow[] = [
  ...ours,
  // never removed, whatever is known of the API's side
  {
    of: { mark: ["another node's", "another cluster's", "no mark"] },
    expected: { do: [], why: "Foreign" },
  },
];
