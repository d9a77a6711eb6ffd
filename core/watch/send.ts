import { hash32 } from "../hash.ts";
import type { ApiRequest } from "../kubernetes/request.ts";
import type { Millis } from "../time.ts";
import type { WatchConfig } from "./config.ts";
import { noPages, type Pages, type Transition, type WatchState } from "./state.ts";

/** What tells this list and watch from others: selectors included, so that nodes spread out. */
export const watchKey = <A>(config: WatchConfig<A>): string =>
  `${config.path}?${Object.entries(config.query).map(([key, value]) => `${key}=${value}`).join("&")}`;

/** After so many expired continue tokens the list is asked for in one piece, which cannot expire. */
const maxExpired = 2;

/** The first page is a consistent read: it names no resourceVersion. */
const pageRequest = <A>(config: WatchConfig<A>, next: string | undefined, whole: boolean): ApiRequest => ({
  method: "GET",
  path: config.path,
  query: {
    ...config.query,
    ...(whole ? {} : { limit: String(config.pageLimit) }),
    ...(next === undefined ? {} : { continue: next }),
  },
});

const watchRequest = <A>(config: WatchConfig<A>, resourceVersion: string, attempt: number): ApiRequest => {
  const spread = 0.2 * (hash32(`${watchKey(config)}#${attempt}`) % 1024) / 1023;
  return {
    method: "GET",
    path: config.path,
    query: {
      ...config.query,
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion,
      timeoutSeconds: String(Math.round(config.serverTimeoutSeconds * (1 - spread))),
    },
  };
};

/** Asks for the page after `pages`. */
export const sendPage = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  pages: Pages<A>,
  now: Millis,
): Transition<A> => [
  {
    ...state,
    phase: { _tag: "Listing", pages, answer: undefined, since: now },
    resourceVersion: undefined,
    wakeAt: now + config.idleTimeoutMs,
  },
  [{ _tag: "Send", request: pageRequest(config, pages.next, state.expired >= maxExpired) }],
];

/** Asks for what is due: a watch from where the last one ended, or else the list from its beginning. */
export const sendNext = <A>(config: WatchConfig<A>, state: WatchState<A>, now: Millis): Transition<A> => {
  if (state.resourceVersion === undefined) return sendPage(config, state, noPages, now);
  const watches = state.watches + 1;
  return [
    {
      ...state,
      phase: { _tag: "Opening", since: now },
      watches,
      wakeAt: now + config.idleTimeoutMs,
    },
    [{ _tag: "Send", request: watchRequest(config, state.resourceVersion, watches) }],
  ];
};
