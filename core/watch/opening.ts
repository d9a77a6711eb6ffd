import type { Fault } from "../fault.ts";
import type { Millis } from "../time.ts";
import { addBytes, noBytes } from "./bytes.ts";
import type { WatchConfig } from "./config.ts";
import { barrenAfter, faultOfAnswer, maxReasonBytes, retryAfter } from "./retry.ts";
import { sendNext } from "./send.ts";
import type { Answer, Transition, WatchInput, WatchPhase, WatchState } from "./state.ts";

type Opening = Extract<WatchPhase<never>, { readonly _tag: "Opening" }>;
type Refused = Extract<WatchPhase<never>, { readonly _tag: "Refused" }>;

const unanswered = (message: string): Fault => ({ _tag: "Unavailable", message });

/** Leaves an open connection for a list. */
export const relist = <A>(config: WatchConfig<A>, state: WatchState<A>, now: Millis): Transition<A> => {
  const [next, outputs] = sendNext(config, { ...state, resourceVersion: undefined }, now);
  return [next, [{ _tag: "Abort" }, ...outputs]];
};

const answered = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  input: Extract<WatchInput, { readonly _tag: "Response" }>,
  now: Millis,
): Transition<A> => {
  const { status, retryAfterMs } = input;
  const success = status >= 200 && status < 300;
  return [{
    ...state,
    phase: success
      ? { _tag: "Watching", line: noBytes, since: now, heard: 0 }
      : { _tag: "Refused", answer: { status, retryAfterMs, body: noBytes }, since: now },
    wakeAt: now + config.idleTimeoutMs,
  }, []];
};

/** One step while a watch was asked for and not yet answered. */
export const openingStep = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  _phase: Opening,
  input: WatchInput,
  now: Millis,
): Transition<A> => {
  switch (input._tag) {
    case "Response":
      return answered(config, state, input, now);
    case "End": {
      const fault = unanswered("the connection closed without an answer");
      return retryAfter(config, state, { fault, open: false }, now);
    }
    case "Broken":
      return retryAfter(config, state, { fault: input.fault, open: false }, now);
    case "Tick": {
      const fault = unanswered(`no answer within ${config.idleTimeoutMs / 1000} s`);
      return retryAfter(config, state, { fault, open: true }, now);
    }
    case "Relist":
      return relist(config, state, now);
    case "Chunk":
    case "Start":
      return [state, []];
  }
};

const refused = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  answer: Answer,
  open: boolean,
  now: Millis,
): Transition<A> => {
  const fault = faultOfAnswer(answer);
  const barren = barrenAfter(state.barren, fault);
  return retryAfter(config, { ...state, barren }, { fault, open }, now);
};

/** One step while the reason of a refused watch is coming. */
export const refusedStep = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Refused,
  input: WatchInput,
  now: Millis,
): Transition<A> => {
  const { answer } = phase;
  switch (input._tag) {
    case "Chunk": {
      const room = maxReasonBytes - answer.body.length;
      const more: Answer = { ...answer, body: addBytes(answer.body, input.bytes.subarray(0, room)) };
      if (input.bytes.length > room) return refused(config, state, more, true, now);
      return [{ ...state, phase: { ...phase, answer: more } }, []];
    }
    case "End":
    case "Broken":
      return refused(config, state, answer, false, now);
    case "Tick":
      return refused(config, state, answer, true, now);
    case "Relist":
      return [{ ...state, resourceVersion: undefined }, []];
    case "Response":
    case "Start":
      return [state, []];
  }
};
