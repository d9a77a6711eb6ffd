import type { Event, NodeFacts } from "../core/event.ts";
import { backoffMs, faultBackoff } from "../core/backoff.ts";
import { pause } from "./pause.ts";
import type { Clock, Logger } from "./ports.ts";
import type { AnyBackend } from "./perform.ts";
import { faultOfError } from "./provider_error.ts";

interface SourceOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly dispatch: (event: Event) => void;
}

/** How long a stream must have lived for its end not to count as a failure. */
const steadyMs = 30_000;

/** Reads a stream of a back end for as long as the agent lives; begins anew, ever more slowly, when it ends. */
const follow = async <A>(
  what: string,
  open: () => AsyncIterable<A>,
  options: SourceOptions,
  handlers: { readonly opened: () => void; readonly item: (item: A) => void },
): Promise<void> => {
  const { clock, logger, signal } = options;
  let end = (): void => {};
  signal.addEventListener("abort", () => end(), { once: true });
  // not `Promise.race` with a promise of the end: that one would keep every item for as long as the agent lives
  const orEnd = (next: Promise<IteratorResult<A>>): Promise<IteratorResult<A>> =>
    new Promise((resolve, reject) => {
      end = () => resolve({ done: true, value: undefined });
      next.then(resolve, reject);
      if (signal.aborted) end();
    });
  for (let attempt = 1; !signal.aborted; attempt++) {
    const since = clock.now().mono;
    try {
      const iterator = open()[Symbol.asyncIterator]();
      // subscribed by the first `next`; only a list made after that misses nothing
      let next = iterator.next();
      handlers.opened();
      for (;;) {
        const result = await orEnd(next);
        if (result.done === true || signal.aborted) break;
        handlers.item(result.value);
        next = iterator.next();
      }
      if (signal.aborted) void Promise.resolve(iterator.return?.()).catch(() => {});
      else logger.log("debug", `${what} ended; it is opened again`);
    } catch (error) {
      logger.log("warn", `${what} failed; it is opened again`, { error: faultOfError(error).message });
    }
    if (clock.now().mono - since > steadyMs) attempt = 1;
    if (!signal.aborted) await pause(clock, backoffMs(faultBackoff, attempt, what), signal);
  }
};

/** Turns what a back end tells by itself into events, until the signal aborts. Never rejects. */
export const followBackend = async (backend: AnyBackend, options: SourceOptions): Promise<void> => {
  const watch = backend.watch?.bind(backend);
  if (watch === undefined) return;
  await follow("the back end's watch", () => watch({ signal: options.signal }), options, {
    opened: () => options.dispatch({ _tag: "BackendReset" }),
    item: (event) => {
      if (event._tag === "Changed") options.dispatch({ _tag: "BackendChanged", pod: event.pod });
      else if (event._tag === "Gone") options.dispatch({ _tag: "BackendGone", uid: event.uid });
      else options.dispatch({ _tag: "BackendReset" });
    },
  });
};

/** The same for what a source says of the node. */
export const followNode = async (
  facts: ((options: { readonly signal: AbortSignal }) => AsyncIterable<NodeFacts>) | undefined,
  options: SourceOptions,
): Promise<void> => {
  if (facts === undefined) return;
  await follow("the node's facts", () => facts({ signal: options.signal }), options, {
    opened: () => {},
    item: (next) => options.dispatch({ _tag: "NodeFactsChanged", facts: next }),
  });
};
