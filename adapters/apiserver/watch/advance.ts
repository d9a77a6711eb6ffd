import type { Millis, Now } from "../../../core/time.ts";
import type { Change } from "../response.ts";
import { kindOf } from "../served.ts";
import { bookmarkEvent, columnsOnce } from "../shape.ts";
import type { ServerState } from "../state.ts";
import { nextBookmarkAt } from "./bookmark.ts";
import { eventOf } from "./event.ts";
import type { Watch, WatchEvent } from "./watch.ts";

/** What a watch has to tell, and the watch that has told it. */
export interface Advanced {
  readonly watch: Watch;
  readonly events: readonly WatchEvent[];
  /** The stream is to be closed after these events. */
  readonly ended: boolean;
}

const nothing: readonly WatchEvent[] = [];

/** When a watch has something to say though nothing changes: a bookmark, or its end. */
export const watchWakeAt = ({ endsAt, nextBookmarkAt }: Watch): Millis => Math.min(endsAt, nextBookmarkAt);

const told = (watch: Watch, changes: readonly Change[], now: Now): readonly WatchEvent[] => {
  const isOwn = ({ resource, revision }: Change): boolean =>
    resource === watch.resource && revision > watch.revision;
  if (!changes.some(isOwn)) return nothing;
  const own = changes.filter(isOwn);
  const kind = kindOf(watch.group, watch.version, watch.plural);
  if (kind === undefined) return nothing;
  return own.flatMap((change) => eventOf(kind, watch, change, now) ?? []);
};

const withBookmark = (
  state: ServerState,
  watch: Watch,
  events: readonly WatchEvent[],
  now: Now,
): Advanced => {
  const kind = kindOf(watch.group, watch.version, watch.plural);
  const revision = Math.max(watch.revision, state.revision);
  const bookmark = kind === undefined ? [] : [bookmarkEvent(kind, watch, revision, false, now)];
  return {
    ...columnsOnce({ ...watch, nextBookmarkAt: nextBookmarkAt(now.mono, watch.endsAt) }, [
      ...events,
      ...bookmark,
    ]),
    ended: now.mono >= watch.endsAt,
  };
};

/**
 * Goes on with a watch: `changes` are all that were made since it was last advanced, and `state` has them. Without a change of
 * its resource and nothing due at `now` it costs next to nothing and the watch stays the same value.
 */
export const advance = (
  state: ServerState,
  watch: Watch,
  changes: readonly Change[],
  now: Now,
): Advanced => {
  const events = told(watch, changes, now);
  const last = changes.at(-1)?.revision ?? 0;
  const next = events.length === 0 || last <= watch.revision ? watch : { ...watch, revision: last };
  if (watch.bookmarks && now.mono >= watch.nextBookmarkAt) return withBookmark(state, next, events, now);
  return { ...columnsOnce(next, events), ended: now.mono >= watch.endsAt };
};
