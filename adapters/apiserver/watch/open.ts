import * as E from "fp-ts/lib/Either.js";
import { hash32 } from "../../../core/hash.ts";
import type { Millis } from "../../../core/time.ts";
import { expired, statusOf } from "../api_error.ts";
import type { Call, Done, Outcome } from "../call.ts";
import { changesAfter } from "../history.ts";
import type { ApiObject } from "../object.ts";
import { textOf } from "../query.ts";
import { bookmarkEvent, columnsOnce, shapedEvent } from "../shape.ts";
import { fileOf } from "../store.ts";
import { pageOf } from "../verbs/page.ts";
import { eventOf } from "./event.ts";
import type { Watch, WatchEvent } from "./watch.ts";
import { type WatchOptions, watchOptions } from "./watch_options.ts";
import { firstBookmarkAt } from "./bookmark.ts";

const minSeconds = 1800;

/** Half an hour to an hour, so that clients do not all come again at once. */
const lifeMs = ({ request, state }: Call, asked: number | undefined): Millis =>
  1000 *
  (asked !== undefined && asked > 0
    ? asked
    : minSeconds + hash32(`${request.path} ${state.revision}`) % minSeconds);

const watchOf = (call: Call, options: WatchOptions, revision: number): Watch => {
  const { kind, namespace, request, now } = call;
  const endsAt = now.mono + lifeMs(call, options.timeoutSeconds);
  return {
    resource: fileOf(kind),
    group: kind.group,
    version: kind.version,
    plural: kind.plural,
    ...(namespace === undefined ? {} : { namespace }),
    selection: options.selection,
    revision,
    bookmarks: options.bookmarks,
    accept: request.headers["accept"] ?? "",
    includeObject: textOf(request.query, "includeObject"),
    endsAt,
    nextBookmarkAt: options.bookmarks ? firstBookmarkAt(now.mono, endsAt) : Number.MAX_SAFE_INTEGER,
  };
};

const opened = ({ state }: Call, watch: Watch, events: readonly WatchEvent[]): Done => ({
  state,
  changes: [],
  response: { _tag: "Watch", ...columnsOnce(watch, events) },
});

/** What there is, as additions; whoever asked for it is told where it ends. */
const fromNow = (call: Call, options: WatchOptions): Outcome => {
  const { state, kind, now } = call;
  const page = pageOf(call, { selection: options.selection, limit: 0 });
  if (E.isLeft(page)) return page;
  const watch = watchOf(call, options, state.revision);
  const added = (object: ApiObject): WatchEvent => shapedEvent(kind, watch, "ADDED", object, now);
  const isMarked = options.initial === true && options.bookmarks;
  const end = isMarked ? [bookmarkEvent(kind, watch, state.revision, true, now)] : [];
  return E.right(opened(call, watch, [...page.right.objects.map(added), ...end]));
};

/** What has changed since a revision. */
const since = (call: Call, options: WatchOptions, revision: number): Done => {
  const { state, kind, now } = call;
  const watch = watchOf(call, options, Math.max(revision, state.revision));
  if (revision < state.history.compacted) {
    const error = expired(`too old resource version: ${revision} (${state.history.compacted})`);
    return opened(call, { ...watch, endsAt: now.mono }, [{ type: "ERROR", object: statusOf(error) }]);
  }
  const events = changesAfter(state.history, revision).flatMap((change) => {
    if (change.resource !== watch.resource) return [];
    const event = eventOf(kind, watch, change, now);
    return event === undefined ? [] : [event];
  });
  return opened(call, watch, events);
};

/** Opens a watch: the events that are there already, and the value that tells the others. */
export const openWatch = (call: Call): Outcome => {
  const options = watchOptions(call);
  if (E.isLeft(options)) return options;
  const { revision, initial } = options.right;
  if (initial ?? (revision === undefined || revision === 0)) return fromNow(call, options.right);
  const from = revision === undefined || revision === 0 ? call.state.revision : revision;
  return E.right(since(call, options.right, from));
};
