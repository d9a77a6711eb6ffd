import type { Millis, Now } from "../../../core/time.ts";
import type { Done } from "../call.ts";
import type { ServerRequest } from "../request.ts";
import type { Change, ServerResponse } from "../response.ts";
import type { ServerState } from "../state.ts";
import { callControllers, type Control, hasNews, nextLook, withFailure } from "./control.ts";
import type { Asked } from "./controller.ts";

/** `handle` of the server. */
export type Handle = (state: ServerState, request: ServerRequest, now: Now) => Done;

/** A request of a controller that the server did not grant. */
export interface Refused extends Asked {
  readonly response: ServerResponse;
}

export interface Settled {
  readonly state: ServerState;
  readonly control: Control;
  /** What the controllers changed, in order: for the watches. */
  readonly changes: readonly Change[];
  /** When to settle again though nothing changes; no later than `now` when there is more to do at once. */
  readonly wakeAt: Millis | undefined;
  /** For a log: the server goes on without them. */
  readonly refused: readonly Refused[];
}

/** An Event is news and no more: nothing depends on its being told (a namespace that is being deleted takes none). */
const isNews = ({ method, path }: ServerRequest): boolean => method === "POST" && path.endsWith("/events");

/** Also when what was to be changed has been changed by another, or is gone: its controller is told so. */
const isGranted = (response: ServerResponse): boolean =>
  response._tag === "Answer" && (response.status < 300 || response.status === 404 || response.status === 409);

/**
 * Tells the controllers `changes`, lets the server handle what they ask for, tells them what came of it, until there is nothing
 * to do (or a bound is met: see `wakeAt`).
 */
export const settle = (
  handle: Handle,
  before: { readonly state: ServerState; readonly control: Control },
  changes: readonly Change[],
  now: Now,
): Settled => {
  const unseen: Change[] = [...before.control.unseen, ...changes];
  const made: Change[] = [], refused: Refused[] = [];
  let { state } = before, control: Control = { ...before.control, unseen: [] }, next = 0;
  for (let left = control.settings.requestsAtOnce; left > 0; left--) {
    if (next === control.queue.length) {
      control = { ...control, unseen: unseen.splice(0), queue: [] };
      if (!hasNews(control, now)) break;
      control = callControllers(control, state, now);
      next = 0;
    }
    const asked = control.queue[next];
    if (asked === undefined) continue;
    next++;
    const done = handle(state, asked.request, now);
    state = done.state;
    made.push(...done.changes);
    unseen.push(...done.changes);
    if (isGranted(done.response) || isNews(asked.request)) continue;
    refused.push({ ...asked, response: done.response });
    control = withFailure(control, asked.controller, now);
  }
  control = { ...control, unseen, queue: control.queue.slice(next) };
  const isBusy = control.queue.length > 0 || hasNews(control, now);
  return { state, control, changes: made, wakeAt: isBusy ? now.mono : nextLook(control), refused };
};
