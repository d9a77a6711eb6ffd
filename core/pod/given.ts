import type { ResourceList } from "../kubernetes/node.ts";
import { noObjects, type Objects } from "../objects/objects.ts";

/** What a pod is resolved with, besides itself: the objects that it refers to, and its node. */
export interface Given {
  readonly objects: Objects;
  /** What containers without limits may use. */
  readonly allocatable: ResourceList;
}

/** There are no objects at all. */
export const nothingGiven: Given = { objects: noObjects(false), allocatable: {} };
