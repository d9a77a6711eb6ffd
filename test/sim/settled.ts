import type { Timeline } from "./timeline.ts";

/** More than a chain of promises is long between two acts of the timeline: `settled.test.ts` shows it. */
const turns = 24;

const resolved = Promise.resolve();

const wholeRound = (): Promise<void> => {
  let turn = resolved;
  for (let left = turns; left > 0; left--) turn = turn.then();
  return turn;
};

/**
 * Resolves when every promise that could go on has gone on: only virtual time moves anything then. There is no I/O in a
 * simulated cluster, so that turns of the microtask queue do it, the same number on every runtime: rounds of them, until
 * one has passed in which nothing went on.
 */
export const settled = async (timeline: Pick<Timeline, "acts">): Promise<void> => {
  for (let before = -1; before !== timeline.acts;) {
    before = timeline.acts;
    await wholeRound();
  }
};
