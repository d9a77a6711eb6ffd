import type { Now } from "../time.ts";
import type { WatchConfig } from "./config.ts";
import { listingStep } from "./listing.ts";
import { openingStep, refusedStep } from "./opening.ts";
import { sendNext } from "./send.ts";
import type { Transition, WatchInput, WatchState } from "./state.ts";
import { watchingStep } from "./watching.ts";

/**
 * List and watch of one collection as a pure machine over bytes and time.
 *
 * Start with `initialWatch` and the input `Start`; perform the outputs in their order; give `Tick` at `state.wakeAt`.
 * It lists in pages, tells the complete list as one `Replaced`, and watches from there. It resumes from the last
 * resourceVersion seen (never compared or parsed), lists again when that has expired or brings nothing, and waits
 * with a growing delay after each failure, so that a failing server is asked only a bounded number of times a
 * minute. After faults stop, it is in sync again within the longest delay, or the idle time-out for a dead connection.
 *
 * Total: no input makes it throw. Deterministic: its jitter is a hash of the path and the attempt.
 * (API concepts, "Efficient detection of changes" and "Retrieving large results sets in chunks".)
 */
export const watchStep = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  input: WatchInput,
  now: Now,
): Transition<A> => {
  if (input._tag === "Tick" && (state.wakeAt === undefined || now.mono < state.wakeAt)) return [state, []];
  const { phase } = state;
  switch (phase._tag) {
    case "Idle":
      return input._tag === "Start" ? sendNext(config, state, now.mono) : [state, []];
    case "Waiting":
      if (input._tag === "Relist") return [{ ...state, resourceVersion: undefined }, []];
      return input._tag === "Tick" ? sendNext(config, state, now.mono) : [state, []];
    case "Listing":
      return listingStep(config, state, phase, input, now.mono);
    case "Opening":
      return openingStep(config, state, phase, input, now.mono);
    case "Refused":
      return refusedStep(config, state, phase, input, now.mono);
    case "Watching":
      return watchingStep(config, state, phase, input, now.mono);
  }
};
