import type { Filled } from "../why.ts";

/**
 * Every reason that `reconcileNode` gives for a plan, with `*` for the differences that it names: there is no other, by type.
 * For tests that want to see each of them.
 */
export const nodeWhys = [
  "the node has not been read yet",
  "a write is in flight",
  "the first ping has not been answered",
  "silent: the back end does not answer",
  "stopping: not registered",
  "in sync",
  "waiting for the watch",
  "create: *",
  "conditions: *",
  "status: *",
  "spec: *",
  "taints: *",
  "metadata: *",
  "held back: create: *",
  "held back: conditions: *",
  "held back: status: *",
  "held back: spec: *",
  "held back: taints: *",
  "held back: metadata: *",
] as const;
export type NodeWhy = Filled<typeof nodeWhys[number]>;
