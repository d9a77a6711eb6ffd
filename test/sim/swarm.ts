import type { Random } from "./random.ts";

/** Faults that belong together: a seed leaves out whole classes, so that what the others do is seen by itself. */
export type FaultClass =
  | "requests"
  | "watches"
  | "objects"
  | "calls"
  | "news"
  | "backends"
  | "agents"
  | "servers"
  | "users";

const classes: readonly FaultClass[] = [
  "requests",
  "watches",
  "objects",
  "calls",
  "news",
  "backends",
  "agents",
  "servers",
  "users",
];

/** Which faults a seed has, and how often. */
export interface Swarm {
  readonly random: Random;
  has(which: FaultClass): boolean;
  /** A probability up to `most`; 0 where the class is left out, and for some of those that are not. */
  odds(which: FaultClass, most: number): number;
  /** How many times, below `bound`; 0 where the class is left out. */
  times(which: FaultClass, bound: number): number;
}

export const drawSwarm = (random: Random): Swarm => {
  const on = new Set(classes.filter(() => random.chance(0.75)));
  return {
    random,
    has: (which) => on.has(which),
    // always draws: what one class is given does not change what the others are given
    odds: (which, most) => {
      const [isUsed, share] = [random.chance(0.7), random.next()];
      return on.has(which) && isUsed ? share * most : 0;
    },
    times: (which, bound) => {
      const times = random.below(bound);
      return on.has(which) ? times : 0;
    },
  };
};
