import fc from "fast-check";
import type { Millis } from "../../core/time.ts";
import type { WatchConfig } from "../../core/watch/config.ts";
import { initialWatch, type WatchInput, type WatchOutput, type WatchState } from "../../core/watch/state.ts";
import { watchStep } from "../../core/watch/step.ts";
import { anyFault } from "./fault.ts";
import { anyOf, maybe } from "./record.ts";
import { anyStatus } from "./status.ts";
import { anyJson, anyListOf, anyWatchEventOf } from "./wire.ts";

const encoder = new TextEncoder();

const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** Text that may not even be UTF-16. */
const anyNonsense = fc.string({ maxLength: 400, unit: "binary" });

/** One line of a watch of objects of this kind, sometimes one that makes no sense. */
export const anyWatchLineOf = (kind: string, object: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: anyWatchEventOf(kind, object).map((event) => `${JSON.stringify(event)}\n`),
    },
    { weight: 1, arbitrary: anyJson.map((json) => `${JSON.stringify(json)}\n`) },
    { weight: 1, arbitrary: anyNonsense },
  );

/** The body of an answer: a list of objects of this kind, lines of a watch, an error, or nonsense. */
export const anyBodyOf = (kind: string, object: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: anyListOf(kind, object).map((list) => JSON.stringify(list)) },
    {
      weight: 4,
      arbitrary: fc.array(anyWatchLineOf(kind, object), { maxLength: 8 }).map((lines) => lines.join("")),
    },
    { weight: 1, arbitrary: anyStatus.map((status) => JSON.stringify(status)) },
    { weight: 1, arbitrary: anyNonsense },
  );

const response = (status: number, retryAfterMs?: Millis): WatchInput => ({
  _tag: "Response",
  status,
  retryAfterMs,
});

const chunk = (text: string): WatchInput => ({ _tag: "Chunk", bytes: bytesOf(text) });

const end: WatchInput = { _tag: "End" };

/** What may come in together: a whole answer, the beginning of one, an error, the end of a connection. */
export const anyWatchInputsOf = (
  kind: string,
  object: fc.Arbitrary<unknown>,
): fc.Arbitrary<readonly WatchInput[]> => {
  const body = anyBodyOf(kind, object);
  return fc.oneof(
    { weight: 4, arbitrary: body.map((text) => [response(200), chunk(text), end]) },
    { weight: 4, arbitrary: body.map((text) => [response(200), chunk(text)]) },
    {
      weight: 2,
      arbitrary: fc.tuple(anyOf(401, 404, 410, 429, 500), body, maybe(anyOf(0, 1_000))).map((
        [status, text, after],
      ) => [response(status, after), chunk(text), end]),
    },
    { weight: 1, arbitrary: anyFault.map((fault): readonly WatchInput[] => [{ _tag: "Broken", fault }]) },
    { weight: 1, arbitrary: anyOf<readonly WatchInput[]>([end], [{ _tag: "Relist" }], [{ _tag: "Start" }]) },
  );
};

/** An input of a watch and when it came (`mono`). */
export interface TimedInput {
  readonly input: WatchInput;
  readonly at: Millis;
}

/** Inputs of one watch at their times, from its start; a `Tick` whenever one may be due before the next. */
export const anyWatchStoryOf = (
  kind: string,
  object: fc.Arbitrary<unknown>,
): fc.Arbitrary<readonly TimedInput[]> =>
  fc.array(fc.tuple(anyOf(0, 1, 700, 20_000, 100_000), anyWatchInputsOf(kind, object)), { maxLength: 12 })
    .map((parts) => {
      let at = 0;
      const story: TimedInput[] = [{ input: { _tag: "Start" }, at }];
      for (const [ms, inputs] of parts) {
        at += ms;
        story.push({ input: { _tag: "Tick" }, at }, ...inputs.map((input) => ({ input, at })));
      }
      return story;
    });

/** Where a story leads: the state, and all that was told on the way. */
export const watched = <A>(
  config: WatchConfig<A>,
  story: readonly TimedInput[],
): readonly [state: WatchState<A>, outputs: readonly WatchOutput<A>[]] => {
  let state: WatchState<A> = initialWatch;
  const all: WatchOutput<A>[] = [];
  for (const { input, at } of story) {
    const [next, outputs] = watchStep(config, state, input, { mono: at, wall: at });
    state = next;
    all.push(...outputs);
  }
  return [state, all];
};

/** Any state that the watch of this collection may come to, with such objects in it. */
export const anyWatchStateOf = <A>(
  config: WatchConfig<A>,
  object: fc.Arbitrary<unknown>,
): fc.Arbitrary<WatchState<A>> =>
  anyWatchStoryOf(config.kind, object).map((story) => watched(config, story)[0]);

/** Anything that the watch of this collection may tell on its way, with such objects in it. */
export const anyWatchOutputsOf = <A>(
  config: WatchConfig<A>,
  object: fc.Arbitrary<unknown>,
): fc.Arbitrary<readonly WatchOutput<A>[]> =>
  anyWatchStoryOf(config.kind, object).map((story) => watched(config, story)[1]);
