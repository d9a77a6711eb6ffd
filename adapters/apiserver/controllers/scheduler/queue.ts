import { EmptyBTree } from "sorted-btree";
import { numberAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import { keyOf } from "../../objects.ts";
import type { Wanted } from "./filter.ts";

type Tree = ReturnType<typeof EmptyBTree.clone>;

/** A pod that waits to be bound, and its spec by number. */
export interface Pending {
  readonly uid: string;
  readonly generation: number;
  /** What it asks of a node; absent when it was not looked at, or when it is not for want of a node that it waits. */
  readonly wanted?: Wanted | undefined;
}

/** Pods in the order in which they are to be bound. Immutable, like `Objects`. */
export interface Queue {
  readonly tree: Tree;
}

export const emptyQueue: Queue = { tree: EmptyBTree };

const highest = 2 ** 31;

/** Those of higher priority first, then the older ones. It ends in `namespace/name`. */
export const placeOfPod = (pod: ApiObject): string => {
  const { creationTimestamp, namespace, name } = pod.metadata;
  const priority = numberAt(pod, "spec", "priority") ?? 0;
  return `${`${highest - priority}`.padStart(10, "0")} ${creationTimestamp} ${keyOf(namespace, name)}`;
};

/** The `namespace/name` in a place. */
export const keyAt = (place: string): string => place.slice(place.lastIndexOf(" ") + 1);

export const pendingAt = ({ tree }: Queue, place: string): Pending | undefined => tree.get(place);

export const withPending = ({ tree }: Queue, place: string, pending: Pending): Queue => {
  const next = tree.clone();
  next.set(place, pending);
  return { tree: next };
};

export const withoutPending = (queue: Queue, place: string): Queue => {
  if (!queue.tree.has(place)) return queue;
  const next = queue.tree.clone();
  next.delete(place);
  return { tree: next };
};

/** The places and their pods, the most urgent first. */
export const pendingIn = ({ tree }: Queue): IterableIterator<readonly [string, Pending]> => tree.entries();

export const isEmpty = ({ tree }: Queue): boolean => tree.size === 0;
