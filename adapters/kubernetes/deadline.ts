import type { Millis } from "../../core/time.ts";

/** Whether a request's signal aborted because its time was over, as that of `AbortSignal.timeout` does. */
export const isExpired = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof DOMException && reason.name === "TimeoutError";

/** One request's own end: it comes when the caller aborts, when the time is over, or by `cancel`. */
export interface Deadline {
  /** See {@link isExpired}. */
  readonly signal: AbortSignal;
  /** Why `signal` aborted, if it did. */
  readonly reason: () => "aborted" | "expired" | undefined;
  /** No more time limit; the caller's abort still ends it. */
  readonly lift: () => void;
  /** Ends it now. */
  readonly cancel: () => void;
  /** Lets go of the timer and the caller's signal. To be called once, whatever happened. */
  readonly release: () => void;
}

/** Begins a deadline of `ms` under the caller's `signal`. (`AbortSignal.any` would hold each one until a collection.) */
export const beginDeadline = (signal: AbortSignal, ms: Millis): Deadline => {
  const controller = new AbortController();
  let reason: "aborted" | "expired" | undefined;
  const end = (why: "aborted" | "expired"): void => {
    reason ??= why;
    controller.abort(why === "expired" ? new DOMException("no answer in time", "TimeoutError") : undefined);
  };
  const onAbort = (): void => end("aborted");
  const timer = setTimeout(() => end("expired"), ms);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  const lift = (): void => clearTimeout(timer);
  return {
    signal: controller.signal,
    reason: () => reason,
    lift,
    cancel: onAbort,
    release: () => {
      lift();
      signal.removeEventListener("abort", onAbort);
    },
  };
};

/** `promise`, or a rejection as soon as `signal` aborts, for promises that do not watch the signal themselves. */
export const unlessAborted = <A>(signal: AbortSignal, promise: Promise<A>): Promise<A> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject);
  });
