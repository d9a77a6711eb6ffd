import process from "node:process";
import type { Millis } from "../../core/time.ts";
import type { Logger } from "../ports.ts";

/** When the program is to end. */
export interface Stopping {
  /** Aborts when a stop is asked for: by a signal of the system, or by the caller. */
  readonly signal: AbortSignal;
  /** Resolves when it is asked for once more: then nothing is waited for. */
  readonly atOnce: Promise<void>;
  /** Gives the signals back. */
  close(): void;
}

/** A signal of the system that asks a program to end. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP";

/** Task runners pass Ctrl-C on to what the terminal has told already: those of one moment are one. */
const oneMomentMs: Millis = 500;

/** Listens to SIGTERM, SIGINT (or others) and the caller's signal until it is closed. */
export const listenForStop = (
  logger: Logger,
  caller: AbortSignal | undefined,
  names: readonly StopSignal[] = ["SIGTERM", "SIGINT"],
): Stopping => {
  const stop = new AbortController();
  const atOnce = Promise.withResolvers<void>();
  let askedAt = -Infinity;
  const asked = (by: string): void => {
    const now = performance.now();
    if (by === "SIGINT" && now - askedAt < oneMomentMs) return;
    askedAt = now;
    if (stop.signal.aborted) {
      logger.log("warn", "stopping at once", { by });
      return atOnce.resolve();
    }
    logger.log("info", "stopping; once more to stop at once", { by });
    stop.abort(new Error(`stopped by ${by}`));
  };
  const listeners = names.map((name) => [name, () => asked(name)] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  const byCaller = (): void => asked("the caller");
  caller?.addEventListener("abort", byCaller, { once: true });
  if (caller?.aborted === true) byCaller();
  return {
    signal: stop.signal,
    atOnce: atOnce.promise,
    close: () => {
      for (const [name, listener] of listeners) process.off(name, listener);
      caller?.removeEventListener("abort", byCaller);
    },
  };
};
