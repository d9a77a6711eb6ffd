import type { Filled } from "../why.ts";

/** Why nothing of a pod's containers will be started any more. */
export type DoneWhy = "every container has ended" | `init container ${string} failed`;

/** Every reason of a plan for the containers of one pod, with `*` for what is a name or a number. */
export const containersWhys = [
  "finished: every container has ended",
  "finished: init container * failed",
  "finishing: every container has ended",
  "finishing: init container * failed",
  "start *",
  "restart * (*)",
  "stop *: image changed",
  "starting *",
  "refused until the spec changes: *",
  "back-off: *",
  "runs",
  "waits for init container *",
] as const;
/** Why containers are started, stopped, or left alone. */
export type ContainersWhy = Filled<typeof containersWhys[number]>;

/** Why a container of a pod that is not deleted is stopped. */
export type StopWhy = "image changed" | DoneWhy;
