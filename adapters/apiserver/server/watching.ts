import type { Now } from "../../../core/time.ts";
import { changesAfter } from "../history.ts";
import type { Change, ServerResponse } from "../response.ts";
import type { ServerState } from "../state.ts";
import { advance, watchWakeAt } from "../watch/advance.ts";
import type { Watch, WatchEvent } from "../watch/watch.ts";
import type { JsonTexts } from "./json_text.ts";

/** An open watch that somebody reads. */
export interface Watching {
  /**
   * The next lines, together, as soon as there are any; `undefined` when the watch has ended. One call at a time. Nothing is
   * made ahead: between two calls the watch holds no more than its place in the history.
   */
  next(): Promise<string | undefined>;
  close(): void;
}

/** Everything that is watched, told by whoever carries the state. */
export interface Watchings {
  open(response: Extract<ServerResponse, { readonly _tag: "Watch" }>): Watching;
  /** Changes that `state` has, for those who wait. */
  tell(changes: readonly Change[]): void;
  /** Tells those who wait what is due: a bookmark, or the end. */
  look(): void;
  /** When `look` has something to tell, on the steady clock. Whoever does not wait asks for himself when he does. */
  readonly dueAt: number | undefined;
  /** How many are open. */
  readonly size: number;
  /** Ends all. */
  close(): void;
}

/** What is written at once: enough to be cheap, not so much that others wait. */
const chunkCharacters = 65_536;

interface Open {
  readonly resource: string;
  /** When its clock says something though nothing changes. */
  dueAt(): number;
  /** It is told what is new, if somebody waits for it. */
  tell(changes: readonly Change[]): void;
  end(): void;
}

export const makeWatchings = (
  current: () => ServerState,
  now: () => Now,
  texts: JsonTexts,
  /** Called when somebody begins to wait, with when `look` has something to tell him. */
  onWaiting: (dueAt: number) => void,
): Watchings => {
  const all = new Set<Open>();
  const waiting = new Map<string, Set<Open>>();

  const begin = (first: Watch, events: readonly WatchEvent[]): Watching => {
    let watch = first, ended = false;
    /** Events that the reader was not given yet, from `at` on: those it began with, or those of one change. */
    let held = events, at = 0;
    let seen = current().revision;
    let reader: ((text: string | undefined) => void) | undefined;

    const leave = (): void => {
      waiting.get(first.resource)?.delete(open);
    };
    const end = (): void => {
      ended = true;
      held = [];
      at = 0;
      leave();
      all.delete(open);
      reader?.(undefined);
      reader = undefined;
    };
    const take = (): string => {
      let text = "";
      for (; at < held.length && text.length < chunkCharacters; at++) {
        text += texts.eventText(held[at] as WatchEvent);
      }
      return text;
    };
    /** Lets the watch look at changes; says whether there is something to read, or the end. */
    const look = (changes: readonly Change[]): boolean => {
      const state = current();
      const next = advance(state, watch, changes, now());
      watch = next.watch;
      seen = state.revision;
      held = next.events;
      at = 0;
      if (next.ended && held.length === 0) end();
      else if (next.ended) ended = true;
      return ended || held.length > 0;
    };
    const open: Open = {
      resource: first.resource,
      dueAt: () => watchWakeAt(watch),
      tell: (changes) => {
        if (reader === undefined || !look(changes) || reader === undefined) return;
        leave();
        const give = reader;
        reader = undefined;
        give(take());
      },
      end,
    };
    const next = (): Promise<string | undefined> => {
      if (at < held.length) return Promise.resolve(take());
      if (ended) {
        end();
        return Promise.resolve(undefined);
      }
      const { history, revision } = current();
      // it was read so slowly that what it has not told is forgotten: the real server ends such a watch too
      if (seen < history.compacted && seen < revision) {
        end();
        return Promise.resolve(undefined);
      }
      if ((seen < revision || open.dueAt() <= now().mono) && look(changesAfter(history, seen))) return next();
      return new Promise((resolve) => {
        reader = resolve;
        const peers = waiting.get(first.resource) ?? new Set();
        waiting.set(first.resource, peers.add(open));
        onWaiting(open.dueAt());
      });
    };
    all.add(open);
    return { next, close: end };
  };

  return {
    open: ({ watch, events }) => begin(watch, events),
    tell: (changes) => {
      const resources = new Set(changes.map(({ resource }) => resource));
      for (const resource of resources) {
        for (const open of [...waiting.get(resource) ?? []]) open.tell(changes);
      }
    },
    get dueAt() {
      let first: number | undefined;
      for (const peers of waiting.values()) {
        for (const open of peers) first = Math.min(first ?? Infinity, open.dueAt());
      }
      return first;
    },
    look: () => {
      const { mono } = now();
      for (const peers of waiting.values()) {
        for (const open of [...peers]) if (open.dueAt() <= mono) open.tell([]);
      }
    },
    get size() {
      return all.size;
    },
    close: () => {
      for (const open of [...all]) open.end();
    },
  };
};
