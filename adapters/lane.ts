import type { Clock } from "./ports.ts";

/** A queue of tasks of which only so many run at a time, first come, first served. */
export interface Lane {
  /** Queues a task; `false` when the lane is full and the task was not taken. */
  run(task: () => Promise<"ok" | "slow">): boolean;
  /** Tasks waiting and running. */
  readonly load: number;
}

export interface LaneOptions {
  /** How many may run at first; without `min` and `max` always. */
  readonly limit: number;
  /**
   * Adapts between `min` and `max`: while tasks wait, one more for each that went well, until the first `slow` one; half
   * after a `slow` one, and from then on one more for every full round that went well.
   */
  readonly min?: number;
  readonly max?: number;
  /** How many may wait. */
  readonly maxWaiting?: number;
  /** Called when the last task has ended. */
  readonly onIdle?: () => void;
}

/** At most this often is the limit halved: tasks that were sent together fail together. */
const calmMs = 1_000;

/**
 * A lane whose width follows what the other side can take (slow start, additive increase, multiplicative decrease, as
 * TCP): a task answers `slow` when it was throttled.
 */
export const makeLane = (clock: Clock, options: LaneOptions): Lane => {
  const waiting: (() => Promise<"ok" | "slow">)[] = [];
  const { min = options.limit, max = options.limit, maxWaiting = Infinity } = options;
  let head = 0;
  let limit = options.limit;
  let running = 0;
  let halvedAt = -Infinity;

  const adapt = (outcome: "ok" | "slow"): void => {
    if (outcome === "ok") {
      const untried = halvedAt === -Infinity;
      if (!untried || head < waiting.length) limit = Math.min(max, limit + (untried ? 1 : 1 / limit));
      return;
    }
    const now = clock.now().mono;
    if (now - halvedAt < calmMs) return;
    halvedAt = now;
    limit = Math.max(min, limit / 2);
  };

  const ended = (outcome: "ok" | "slow"): void => {
    adapt(outcome);
    running -= 1;
    next();
    if (running === 0) options.onIdle?.();
  };

  const next = (): void => {
    while (running < Math.floor(limit) && head < waiting.length) {
      const task = waiting[head++];
      if (head > 1024 && head * 2 > waiting.length) {
        waiting.splice(0, head);
        head = 0;
      }
      if (task === undefined) continue;
      running += 1;
      void task().then(ended, () => ended("ok"));
    }
    if (head === waiting.length) {
      waiting.length = 0;
      head = 0;
    }
  };

  return {
    run: (task) => {
      if (waiting.length - head >= maxWaiting) return false;
      waiting.push(task);
      next();
      return true;
    },
    get load() {
      return running + waiting.length - head;
    },
  };
};
