import { EmptyBTree } from "sorted-btree";
import type { Millis } from "../../core/time.ts";
import type { Change } from "./response.ts";

interface Entry {
  readonly change: Change;
  /** On the steady clock. */
  readonly at: Millis;
}

/** Changes in the order of revisions; those up to `compacted` are forgotten. Immutable, like `Objects`. */
export interface History {
  readonly compacted: number;
  readonly tree: ReturnType<typeof EmptyBTree.clone>;
}

export const noHistory: History = { compacted: 0, tree: EmptyBTree };

export interface HistoryBounds {
  readonly limit: number;
  readonly maxAgeMs: Millis;
}

/** With one more change; what is beyond the bounds is forgotten, a few at a time. */
export const remember = (
  { compacted, tree }: History,
  change: Change,
  at: Millis,
  { limit, maxAgeMs }: HistoryBounds,
): History => {
  const next = tree.clone();
  next.set(change.revision, { change, at } satisfies Entry);
  let forgotten = compacted;
  // more than one, so that a burst is forgotten in the end
  for (let times = 0; times < 4; times++) {
    const first: number | undefined = next.minKey();
    if (first === undefined) break;
    const entry: Entry = next.get(first);
    if (next.size <= limit && entry.at >= at - maxAgeMs) break;
    next.delete(first);
    forgotten = first;
  }
  return { compacted: forgotten, tree: next };
};

/** Changes after a revision, oldest first. The caller has compared it with `compacted`. */
export const changesAfter = ({ tree }: History, revision: number): readonly Change[] => {
  const changes: Change[] = [];
  for (let pair = tree.nextHigherPair(revision); pair !== undefined; pair = tree.nextHigherPair(pair[0])) {
    changes.push((pair[1] as Entry).change);
  }
  return changes;
};
