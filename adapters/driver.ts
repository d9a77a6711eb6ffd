import * as E from "fp-ts/lib/Either.js";
import type { Action } from "../core/action.ts";
import type { Event } from "../core/event.ts";
import type { State } from "../core/state.ts";
import { step } from "../core/step.ts";
import { lookup } from "../core/table.ts";
import type { Millis } from "../core/time.ts";
import { type Lane, makeLane } from "./lane.ts";
import { describeAction } from "./describe_action.ts";
import { type Hands, type Outcome, perform } from "./perform.ts";
import type { LogFields, Logger, Telemetry } from "./ports.ts";

export interface DriverOptions {
  readonly state: State;
  readonly hands: Hands;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Aborted: nothing more is decided, and what is in flight is given up on. */
  readonly signal: AbortSignal;
  /** Called after every step, and whenever a lane has run empty, with what is known then. */
  readonly onStep?: (state: State) => void;
  /** Called with every write of the node that failed. */
  readonly onFailed?: (action: Action, outcome: Extract<Outcome, { readonly _tag: "Left" }>) => void;
}

/** The loop around the pure core: events in, actions out, what became of them back in. */
export interface Driver {
  dispatch(event: Event): void;
  readonly state: State;
  /** Actions that wait or are under way. */
  readonly load: number;
  /** Rejects when the core broke one of its own invariants; never resolves otherwise. */
  readonly broken: Promise<never>;
}

/** Every write at a time beyond this only adds latency (measured against a real API server). */
const writes = { limit: 16, min: 2, max: 64 };
/** Bounds on calls of a back end, apart for starting and stopping: calls that hang never keep pods from being stopped. */
const calls = 256;
const events = { limit: 4, min: 1, maxWaiting: 256 };

const laneName = (action: Action): "now" | "writes" | "starts" | "stops" | "events" => {
  switch (action._tag) {
    case "PatchPodStatus":
    case "FinalizePod":
    case "EvictPod":
    case "ReadObject":
    case "ReadPod":
      return "writes";
    case "CreatePod":
    case "UpdatePod":
    case "UpdateFiles":
    case "StartContainer":
      return "starts";
    case "DeletePod":
    case "StopContainer":
    case "RemovePod":
      return "stops";
    case "WriteEvent":
      return "events";
    default:
      // the lease and the node never wait behind pods
      return "now";
  }
};

/** Starts nothing by itself: dispatch the first event. */
export const makeDriver = (options: DriverOptions): Driver => {
  const { hands, logger, telemetry, signal } = options;
  const { clock } = hands;
  const onIdle = (): void => options.onStep?.(state);
  const lanes: Readonly<Record<"now" | "writes" | "starts" | "stops" | "events", Lane>> = {
    now: makeLane(clock, { limit: Infinity, onIdle }),
    writes: makeLane(clock, { ...writes, onIdle }),
    starts: makeLane(clock, { limit: calls, onIdle }),
    stops: makeLane(clock, { limit: calls, onIdle }),
    events: makeLane(clock, { ...events, onIdle }),
  };
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const queue: Event[] = [];
  let state = options.state;
  let stepping = false;
  let timer: { readonly at: Millis; readonly cancel: () => void } | undefined;
  let wakeAt: Millis | undefined;

  const load = (): number => Object.values(lanes).reduce((sum, lane) => sum + lane.load, 0);

  const ring = (): void => {
    timer = undefined;
    if (wakeAt !== undefined && wakeAt <= clock.now().mono) dispatch({ _tag: "Tick" });
    else arm(wakeAt);
  };

  /** A timer that is due too early is set again when it rings: a new one after each step would cost more. */
  const arm = (at: Millis | undefined): void => {
    wakeAt = at;
    if (timer !== undefined && at !== undefined && timer.at <= at) return;
    timer?.cancel();
    timer = at === undefined || signal.aborted
      ? undefined
      : { at, cancel: clock.after(Math.max(0, at - clock.now().mono), ring) };
  };

  const carryOut = async (action: Action, fields: LogFields): Promise<"ok" | "slow"> => {
    const span = telemetry.span(`vk.${action._tag}`, fields);
    const outcome = await perform(hands, action, signal);
    const failed = E.isLeft(outcome);
    span.end(failed ? "error" : "ok", failed ? { fault: outcome.left._tag } : {});
    if (signal.aborted) return "ok";
    if (failed) {
      const fault = outcome.left;
      // a lease that is not there yet is made then
      const expected = action._tag === "RenewLease" && fault._tag === "NotFound";
      logger.log(expected ? "debug" : "warn", `${action._tag} failed`, {
        ...fields,
        fault: fault._tag,
        error: fault.message,
      });
      dispatch({ _tag: "ActionFailed", action, fault });
      options.onFailed?.(action, outcome);
      return fault._tag === "Throttled" ? "slow" : "ok";
    }
    dispatch({ _tag: "ActionDone", action, result: outcome.right });
    return "ok";
  };

  const submit = (action: Action): void => {
    const why = "uid" in action ? lookup(state.pods, action.uid)?.why : undefined;
    const fields = why === undefined ? describeAction(action) : { ...describeAction(action), why };
    logger.log("debug", action._tag, fields);
    const taken = lanes[laneName(action)].run(() => carryOut(action, fields));
    if (!taken) telemetry.count("vk.dropped", 1, { action: action._tag });
  };

  const take = (event: Event): void => {
    const [next, plan] = step(state, event, clock.now());
    state = next;
    telemetry.count("vk.steps", 1, { event: event._tag });
    plan.actions.forEach(submit);
    arm(plan.wakeAt);
  };

  const dispatch = (event: Event): void => {
    if (signal.aborted) return;
    queue.push(event);
    if (stepping) return;
    stepping = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) take(next);
    } catch (error) {
      queue.length = 0;
      broken.reject(error);
    } finally {
      stepping = false;
    }
    options.onStep?.(state);
  };

  signal.addEventListener("abort", () => arm(undefined), { once: true });

  return {
    dispatch,
    get state() {
      return state;
    },
    get load() {
      return load();
    },
    broken: broken.promise,
  };
};
