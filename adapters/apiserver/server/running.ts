import type { Clock } from "../../ports.ts";
import type { Done } from "../call.ts";
import { type Control, startControl } from "../controllers/control.ts";
import { type Refused, settle } from "../controllers/settle.ts";
import type { ControlSettings } from "../controllers/settings.ts";
import { handle } from "../handle.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import type { ServerState } from "../state.ts";
import { type JsonTexts, makeJsonTexts } from "./json_text.ts";
import { makeWatchings, type Watchings } from "./watching.ts";

/** The state of a server, and everything that is to happen when it changes. */
export interface Running {
  readonly texts: JsonTexts;
  readonly watchings: Watchings;
  state(): ServerState;
  /** Carries a request out: at once and whole. */
  ask(request: ServerRequest): Done;
  /** Replaces the state by one that follows from it without a request (faults, settings). */
  replace(change: (state: ServerState) => ServerState): void;
  /** Calls back after every change; the returned function ends that. */
  listen(listener: (changes: readonly Change[]) => void): () => void;
  close(): void;
}

export interface RunningOptions {
  readonly state: ServerState;
  readonly clock: Clock;
  /** `false`: nothing happens that nobody has asked for. */
  readonly controllers: boolean | Partial<ControlSettings>;
  /** Told of what the controllers were refused. */
  readonly onRefused: (refused: Refused) => void;
}

/** Bookmarks and ends of watches are in time when they are this late. */
const watchStepMs = 1_000;

/** One timer: the earliest time that anybody has asked for. */
const makeAlarm = (clock: Clock, ring: () => void): {
  readonly set: (at: number | undefined) => void;
  readonly stop: () => void;
} => {
  let due = Infinity;
  let cancel = (): void => {};
  const stop = (): void => {
    cancel();
    due = Infinity;
  };
  return {
    set: (at) => {
      if (at === undefined || at >= due) return;
      cancel();
      due = at;
      cancel = clock.after(Math.max(0, at - clock.now().mono), () => {
        due = Infinity;
        ring();
      });
    },
    stop,
  };
};

export const makeRunning = ({ state: first, clock, controllers, onRefused }: RunningOptions): Running => {
  let state = first, closed = false;
  let control: Control | undefined = controllers === false
    ? undefined
    : startControl(controllers === true ? {} : controllers);
  let unseen: Change[] = [];
  const listeners = new Set<(changes: readonly Change[]) => void>();
  const texts = makeJsonTexts();
  const awaitWatches = (dueAt: number | undefined): void => {
    if (dueAt !== undefined) watches.set(Math.max(dueAt, clock.now().mono + watchStepMs));
  };
  const watchings = makeWatchings(() => state, () => clock.now(), texts, awaitWatches);

  const tell = (changes: readonly Change[]): void => {
    if (changes.length === 0) return;
    watchings.tell(changes);
    for (const listener of [...listeners]) listener(changes);
  };
  const look = (): void => {
    if (closed || control === undefined) return;
    const changes = unseen;
    unseen = [];
    const settled = settle(handle, { state, control }, changes, clock.now());
    state = settled.state;
    control = settled.control;
    for (const refused of settled.refused) onRefused(refused);
    tell(settled.changes);
    controlling.set(settled.wakeAt);
  };
  const controlling = makeAlarm(clock, look);
  const watches = makeAlarm(clock, () => {
    watchings.look();
    awaitWatches(watchings.dueAt);
  });
  // a server begins as one that has been there for a while: namespaces have their service accounts
  look();

  return {
    texts,
    watchings,
    state: () => state,
    ask: (request) => {
      const done = handle(state, request, clock.now());
      state = done.state;
      if (done.changes.length > 0) {
        if (control !== undefined) unseen.push(...done.changes);
        controlling.set(clock.now().mono);
        tell(done.changes);
      }
      return done;
    },
    replace: (change) => void (state = change(state)),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      closed = true;
      controlling.stop();
      watches.stop();
      watchings.close();
      listeners.clear();
    },
  };
};
