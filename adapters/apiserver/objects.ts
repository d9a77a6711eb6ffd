import { EmptyBTree } from "sorted-btree";
import type { ApiObject } from "./object.ts";

/** The objects of one resource in the order of their keys. Immutable: a change shares all but the path to it. */
export interface Objects {
  readonly tree: ReturnType<typeof EmptyBTree.clone>;
}

export const noObjects: Objects = { tree: EmptyBTree };

/** `namespace/name`, or the name alone of what has no namespace: etcd's order. */
export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;

export const countOf = ({ tree }: Objects): number => tree.size;

export const objectAt = ({ tree }: Objects, key: string): ApiObject | undefined => tree.get(key);

export const withObject = ({ tree }: Objects, key: string, object: ApiObject): Objects => {
  const next = tree.clone();
  next.set(key, object);
  return { tree: next };
};

export const withoutObject = ({ tree }: Objects, key: string): Objects => {
  const next = tree.clone();
  next.delete(key);
  return { tree: next };
};

/** Entries from `after` on (not itself), as long as `visit` does not give `false`. */
export const visitAfter = (
  { tree }: Objects,
  after: string,
  visit: (key: string, object: ApiObject) => boolean,
): void => {
  for (let pair = tree.nextHigherPair(after); pair !== undefined; pair = tree.nextHigherPair(pair[0])) {
    if (!visit(pair[0], pair[1])) return;
  }
};
