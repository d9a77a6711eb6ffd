import type { Millis } from "./time.ts";

/**
 * When to look at what again: one persistent ordered structure (a leftist heap) for all pods, instead of a timer each.
 * A key that is pushed again leaves its older entry behind; the reader drops entries that its own record no longer asks for.
 */
export type Deadlines = Entry | undefined;

interface Entry {
  readonly at: Millis;
  readonly key: string;
  readonly rank: number;
  readonly left: Deadlines;
  readonly right: Deadlines;
}

const rankOf = (heap: Deadlines): number => heap?.rank ?? 0;

const merge = (a: Deadlines, b: Deadlines): Deadlines => {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const [top, other] = a.at <= b.at ? [a, b] : [b, a];
  const merged = merge(top.right, other);
  const [left, right] = rankOf(top.left) >= rankOf(merged) ? [top.left, merged] : [merged, top.left];
  return { at: top.at, key: top.key, rank: rankOf(right) + 1, left, right };
};

/** Adds a deadline. O(log n). */
export const pushDeadline = (heap: Deadlines, at: Millis, key: string): Deadlines =>
  merge(heap, { at, key, rank: 1, left: undefined, right: undefined });

/** The earliest deadline. */
export const nextDeadline = (heap: Deadlines): { readonly at: Millis; readonly key: string } | undefined =>
  heap;

/** Without the earliest deadline. O(log n). */
export const popDeadline = (heap: Deadlines): Deadlines =>
  heap === undefined ? undefined : merge(heap.left, heap.right);
