import type { Clock } from "../../adapters/ports.ts";
import type { Millis } from "../../core/time.ts";

/** Virtual time: callbacks in the order of their times, and of their making where these are equal. */
export interface Timeline {
  readonly now: Millis;
  /** Calls back once; the returned function cancels it. */
  after(ms: Millis, what: () => void): () => void;
  /** Runs the next callback that is due by `end`; `false` when there is none, and it is `end` then. */
  runNext(end: Millis): boolean;
  /** Something went on that is no callback and makes none: what waits until all has settled waits on. */
  act(): void;
  /** How often anything went on. */
  readonly acts: number;
}

interface Due {
  readonly at: Millis;
  readonly order: number;
  what: (() => void) | undefined;
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

const push = (heap: Due[], due: Due): void => {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(due, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = due;
};

const pop = (heap: Due[]): Due | undefined => {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = at * 2 + 1;
    if (left >= heap.length) break;
    const child = left + 1 < heap.length && isBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
};

export const makeTimeline = (): Timeline => {
  const heap: Due[] = [];
  let now = 0;
  let order = 0;
  let acts = 0;
  return {
    get now() {
      return now;
    },
    after: (ms, what) => {
      acts += 1;
      const due: Due = { at: now + (ms > 0 ? ms : 0), order: order++, what };
      push(heap, due);
      return () => {
        due.what = undefined;
      };
    },
    runNext: (end) => {
      while (heap[0] !== undefined && heap[0].what === undefined) pop(heap);
      if (heap[0] === undefined || heap[0].at > end) {
        now = end;
        return false;
      }
      const due = pop(heap)!;
      now = due.at;
      const { what } = due;
      due.what = undefined;
      what?.();
      return true;
    },
    act: () => {
      acts += 1;
    },
    get acts() {
      return acts;
    },
  };
};

/** The clocks of one machine: `skewMs` is by how much its wall clock is wrong at the moment. */
export const clockOf = (timeline: Timeline, epoch: Millis, skewMs: () => Millis): Clock => ({
  now: () => ({ mono: timeline.now, wall: epoch + timeline.now + skewMs() }),
  // whole milliseconds, as on every runtime
  after: (ms, callback) => timeline.after(Math.ceil(ms), callback),
});
