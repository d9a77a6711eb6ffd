import { EmptyBTree } from "sorted-btree";
import type { Millis } from "../../core/time.ts";

/** An object that is removed at a time, unless it was written again before. */
export interface Expiry {
  readonly resource: string;
  readonly key: string;
  /** On the steady clock. */
  readonly at: Millis;
}

/** By the revision of the object's last write: with one lifetime for all, the first to be written is the first to go. */
export interface Expiring {
  readonly tree: ReturnType<typeof EmptyBTree.clone>;
}

export const noneExpiring: Expiring = { tree: EmptyBTree };

export const withExpiry = ({ tree }: Expiring, revision: number, expiry: Expiry): Expiring => {
  const next = tree.clone();
  next.set(revision, expiry);
  return { tree: next };
};

export const withoutExpiry = (expiring: Expiring, revision: number): Expiring => {
  if (!expiring.tree.has(revision)) return expiring;
  const next = expiring.tree.clone();
  next.delete(revision);
  return { tree: next };
};

export const firstExpiry = ({ tree }: Expiring): Expiry | undefined => {
  const first: number | undefined = tree.minKey();
  return first === undefined ? undefined : tree.get(first);
};
