import type { ApiObject } from "../../adapters/apiserver/object.ts";
import type { Mark } from "./mark_list.ts";
import type { World } from "./world.ts";

export type UserMark = Extract<Mark, `user: ${string}` | `lease: ${string}` | `node: deleted`>;

/** An act, how often it is done, and what it is; each is given a pod of the cluster. What the server refuses is no matter. */
export type Act = readonly [
  mark: UserMark | undefined,
  weight: number,
  (world: World, pod: ApiObject) => void,
];
