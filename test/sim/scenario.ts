import type { Millis } from "../../core/time.ts";
import type { MakeProvider } from "./own_backend.ts";
import { planFaults, plantOthers } from "./plan_faults.ts";
import { atRest, hangingPod, quietLives } from "./quiet.ts";
import { settled } from "./settled.ts";
import { unsettled } from "./settled_checks.ts";
import { userActs, userHeals } from "./user.ts";
import { createPod } from "./workload.ts";
import { makeWorld, type World } from "./world.ts";

/** What a simulation is run with, beside its seed. */
export interface SimulateOptions {
  /**
   * Virtual minutes in all, as far as they are more than chaos, healing and rest take (about an hour). Unless told 500, with a
   * provider of one's own no more than that hour.
   */
  readonly minutes?: number;
  /**
   * Resolves when all has gone on that waits for no virtual time. By default that are turns of the microtask queue: enough
   * for what does no I/O of its own. `acts` counts what the simulation itself sets going.
   */
  readonly settled?: (timeline: { readonly acts: number }) => Promise<void>;
  /** A provider of one's own, in the place of what the seed's scripts run: with all faults around it. */
  readonly provider?: MakeProvider;
}

/** What came of a seed. */
export interface Outcome {
  readonly seed: number;
  readonly problems: readonly string[];
  readonly story: readonly string[];
  readonly marks: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly simulatedMs: Millis;
}

const minute: Millis = 60_000;

/** Promise 8: so long after the last fault everything is as it should be. Three times the longest back-off. */
export const healingMs: Millis = 15 * minute;
const leastQuietMs: Millis = 10 * minute;
/** What is deleted last in the quiet time is gone by then. */
const lastMs: Millis = 10 * minute;
const restMs: Millis = 10 * minute;

/** More callbacks than that are a hot loop: some hundred a minute are usual. */
const hotTurns = 200_000;
const hotTurnsPerMinute = 5_000;

/** Runs virtual time up to `end`: what is due, and then all that follows from it, before the next. */
const runUntil = async (world: World, end: Millis, settle: () => Promise<void>): Promise<void> => {
  const { timeline, safety, nodes } = world;
  const most = hotTurns + hotTurnsPerMinute * (end - timeline.now) / minute;
  for (let turn = 0; turn < most; turn++) {
    const hasMore = timeline.runNext(end);
    await settle();
    for (const node of nodes) {
      node.look();
      const looked = node.instances.look?.();
      if (looked !== undefined) await looked;
    }
    if (safety.broken.length > 0 || !hasMore) return safety.look();
  }
  safety.fail(`promise 8: more than ${most} things happen until ${end / minute} minutes: a hot loop`);
};

const beginChaos = (world: World): void => {
  const { random, timeline, shape: { chaosMs, acts, crowd } } = world;
  plantOthers(world);
  for (let times = acts; times > 0; times--) timeline.after(random.below(chaosMs), () => userActs(world));
  if (crowd > 0) world.marks.hit("user: hundreds of pods");
  for (let index = 0; index < crowd; index++) {
    timeline.after(random.below(chaosMs / 2), () => createPod(world, `crowd-${index}`));
  }
  planFaults(world);
};

const nothing = (): readonly string[] => [];

/** One phase after the other, until one has shown a problem. */
const live = async (world: World, endMs: Millis, settle: () => Promise<void>): Promise<readonly string[]> => {
  const { random, timeline, story, safety, chaos, shape: { chaosMs } } = world;
  const run = (end: Millis): Promise<void> => runUntil(world, end, settle);
  beginChaos(world);
  await settle();
  await run(chaosMs);
  if (safety.broken.length > 0) return safety.broken;
  story.tell("world", "is healed");
  chaos.heal();
  userHeals(world);
  await run(chaosMs + healingMs);
  const afterHealing = [...safety.broken, ...unsettled(world)];
  if (afterHealing.length > 0) return afterHealing;
  safety.expectReady();
  const quietEnd = endMs - restMs - lastMs;
  const isOwn = world.nodes.some((node) => node.isOwn);
  // how long a pod of somebody's own provider takes, and what it does by itself, is not ours to judge
  const lives = isOwn ? nothing : quietLives(world, timeline.now, quietEnd);
  if (!isOwn && random.chance(0.3)) hangingPod(world, quietEnd);
  await run(endMs - restMs);
  story.tell("world", "is left alone");
  const rest = isOwn ? nothing : atRest(world, restMs);
  await run(endMs);
  return [...safety.broken, ...lives(), ...rest(), ...unsettled(world)];
};

/**
 * Chaos, then healing, quiet lives and rest, all of it from the seed: the promises of the design are looked at throughout, and
 * after healing everything is as it should be.
 */
export const simulate = async (seed: number, options: SimulateOptions = {}): Promise<Outcome> => {
  const world = makeWorld(seed, options.provider);
  const { timeline, story, nodes, shape } = world;
  const least = shape.chaosMs + healingMs + leastQuietMs + lastMs + restMs;
  const endMs = Math.max(least, (options.minutes ?? (options.provider === undefined ? 500 : 0)) * minute);
  const problems = await live(world, endMs, async () => await (options.settled ?? settled)(world.timeline));
  for (const { agent } of nodes) agent.kill();
  world.server.close();
  return {
    seed,
    problems: [...new Set(problems)],
    get story() {
      return story.lines;
    },
    marks: world.marks.all,
    requests: world.requests(),
    simulatedMs: timeline.now,
  };
};
