/** More than any chain of promises between two waits for virtual time is long: `settled.test.ts` shows it. */
const turns = 16;

const resolved = Promise.resolve();

/**
 * Resolves when every promise that could go on has gone on: only virtual time moves anything then. There is no I/O in a
 * simulated cluster, so that a number of turns of the microtask queue does it, the same on every runtime.
 */
export const settled = (): Promise<void> => {
  let turn = resolved;
  for (let left = turns; left > 0; left--) turn = turn.then();
  return turn;
};
