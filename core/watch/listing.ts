import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../fault.ts";
import type { Millis } from "../time.ts";
import { addBytes, joinBytes, noBytes } from "./bytes.ts";
import type { WatchConfig } from "./config.ts";
import { decodePage, type Page } from "./page.ts";
import { faultOfAnswer, maxReasonBytes, retryAfter } from "./retry.ts";
import { sendNext, sendPage } from "./send.ts";
import type { Answer, Pages, Transition, WatchInput, WatchPhase, WatchState } from "./state.ts";

type Listing<A> = Extract<WatchPhase<A>, { readonly _tag: "Listing" }>;

/** A server that gives more pages than this is going in circles. */
const maxPages = 10_000;

/** A page may take so many idle times in all, however steadily its bytes trickle. */
const maxIdleTimes = 10;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const failed = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  fault: Fault,
  open: boolean,
  now: Millis,
): Transition<A> => retryAfter(config, { ...state, resourceVersion: undefined }, { fault, open }, now);

const undecodable = (message: string): Fault => ({ _tag: "Undecodable", message, path: "" });

const withPage = <A>(pages: Pages<A>, page: Page<A>, bytes: number): Pages<A> => ({
  items: [...pages.items, page.items],
  bad: [...pages.bad, page.bad],
  resourceVersion: pages.resourceVersion ?? page.resourceVersion,
  next: page.next,
  bytes: pages.bytes + bytes,
});

const complete = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  pages: Pages<A>,
  now: Millis,
): Transition<A> => {
  const listed: WatchState<A> = {
    ...state,
    resourceVersion: pages.resourceVersion,
    synced: true,
    barren: 0,
    expired: 0,
  };
  const [next, outputs] = sendNext(config, listed, now);
  return [next, [{ _tag: "Replaced", items: pages.items.flat(), bad: pages.bad.flat() }, ...outputs]];
};

const pageEnded = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  before: Pages<A>,
  answer: Answer,
  now: Millis,
): Transition<A> => {
  const decoded = decodePage(joinBytes(answer.body), config.kind, config.decode);
  if (E.isLeft(decoded)) return failed(config, state, undecodable(decoded.left), false, now);
  const pages = withPage(before, decoded.right, answer.body.length);
  if (pages.next === undefined) return complete(config, state, pages, now);
  if (pages.next === before.next || pages.items.length >= maxPages) {
    return failed(config, state, undecodable("the list never ends: its pages repeat"), false, now);
  }
  return sendPage(config, state, pages, now);
};

const refused = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Listing<A>,
  answer: Answer,
  open: boolean,
  now: Millis,
): Transition<A> => {
  const fault = faultOfAnswer(answer);
  const expired = fault._tag === "Gone" && phase.pages.next !== undefined ? state.expired + 1 : state.expired;
  return failed(config, { ...state, expired }, fault, open, now);
};

const addChunk = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Listing<A>,
  answer: Answer,
  bytes: Uint8Array,
  now: Millis,
): Transition<A> => {
  const success = isSuccess(answer.status);
  const room = success ? bytes.length : maxReasonBytes - answer.body.length;
  const body = addBytes(answer.body, bytes.subarray(0, room));
  if (bytes.length > room) return refused(config, state, phase, { ...answer, body }, true, now);
  if (success && phase.pages.bytes + body.length > config.maxListBytes) {
    const message = `the list is larger than ${config.maxListBytes} bytes`;
    return failed(config, state, undecodable(message), true, now);
  }
  const wakeAt = Math.min(now + config.idleTimeoutMs, phase.since + maxIdleTimes * config.idleTimeoutMs);
  return [{ ...state, phase: { ...phase, answer: { ...answer, body } }, wakeAt }, []];
};

/** One step while a page is on its way. Nothing is told before the last page has been read. */
export const listingStep = <A>(
  config: WatchConfig<A>,
  state: WatchState<A>,
  phase: Listing<A>,
  input: WatchInput,
  now: Millis,
): Transition<A> => {
  const { answer } = phase;
  switch (input._tag) {
    case "Response": {
      const started: Answer = { status: input.status, retryAfterMs: input.retryAfterMs, body: noBytes };
      return [{ ...state, phase: { ...phase, answer: started }, wakeAt: now + config.idleTimeoutMs }, []];
    }
    case "Chunk":
      return answer === undefined ? [state, []] : addChunk(config, state, phase, answer, input.bytes, now);
    case "End":
      if (answer === undefined) {
        const fault: Fault = { _tag: "Unavailable", message: "the connection closed without an answer" };
        return failed(config, state, fault, false, now);
      }
      return isSuccess(answer.status)
        ? pageEnded(config, state, phase.pages, answer, now)
        : refused(config, state, phase, answer, false, now);
    case "Broken":
      return answer === undefined || isSuccess(answer.status)
        ? failed(config, state, input.fault, false, now)
        : refused(config, state, phase, answer, false, now);
    case "Tick": {
      if (answer !== undefined && !isSuccess(answer.status)) {
        return refused(config, state, phase, answer, true, now);
      }
      const message = `nothing came for ${config.idleTimeoutMs / 1000} s, or the answer took too long`;
      return failed(config, state, { _tag: "Unavailable", message }, true, now);
    }
    case "Start":
    case "Relist":
      return [state, []];
  }
};
