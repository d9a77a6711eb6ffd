import type { Millis } from "../../../core/time.ts";

/** So often a watch on which nothing happens is told how far it has come. */
const everyMs = 60_000;

/** So long before its end it is told once more. */
const beforeEndMs = 2000;

/** When a watch that is at `mono` is told next. */
export const nextBookmarkAt = (mono: Millis, endsAt: Millis): Millis => {
  const last = endsAt - beforeEndMs;
  return last > mono ? Math.min(mono + everyMs, last) : Number.MAX_SAFE_INTEGER;
};

/** Also a watch that ends soon is told once. */
export const firstBookmarkAt = (mono: Millis, endsAt: Millis): Millis =>
  Math.min(nextBookmarkAt(mono, endsAt), endsAt);
