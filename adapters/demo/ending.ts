import { systemClock } from "../clock.ts";
import type { Millis } from "../../core/time.ts";

/** What is to be closed at the end, the last first. */
export type Closers = (() => Promise<void> | void)[];

const closeMs: Millis = 20_000;

/** Closes all, whatever happens on the way; tells what could not be closed. */
export const closeAll = async (closers: Closers): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const close of closers.splice(0).reverse()) {
    const late = Promise.withResolvers<void>();
    const cancel = systemClock.after(closeMs, () => late.reject(new Error(`not closed after ${closeMs} ms`)));
    await Promise.race([Promise.resolve().then(close), late.promise])
      .catch((error: unknown) => void problems.push(error instanceof Error ? error.message : String(error)))
      .finally(cancel);
  }
  return problems;
};

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
