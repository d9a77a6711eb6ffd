import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { onAbort } from "./on_abort.ts";
import type { CallOptions, Clock } from "./ports.ts";
import { faultOfError } from "./provider_error.ts";

/**
 * Calls a back end within a bound. Whatever it does (throw at once, reject, hang, ignore its signal), this resolves in
 * `timeoutMs` at the latest; a call that was given up on may still have had its effect: `OutcomeUnknown`.
 */
export const callBackend = <A>(
  what: string,
  call: (options: CallOptions) => Promise<A>,
  clock: Clock,
  timeoutMs: Millis,
  signal: AbortSignal,
): Promise<E.Either<Fault, A>> =>
  new Promise((resolve) => {
    const controller = new AbortController();
    const settle = (outcome: E.Either<Fault, A>): void => {
      cancel();
      leave();
      resolve(outcome);
    };
    const giveUp = (why: string): void => {
      controller.abort(new Error(why));
      settle(E.left({ _tag: "OutcomeUnknown", message: `${what} ${why}` }));
    };
    const late = (): void => giveUp(`was not answered within ${Math.round(timeoutMs / 1000)} s`);
    const stop = (): void => giveUp("was interrupted because the agent stops");
    const cancel = clock.after(timeoutMs, late);
    const leave = onAbort(signal, stop);
    if (signal.aborted) stop();
    // an async wrapper, so that a synchronous throw is a rejection like any other
    (async () => await call({ signal: controller.signal }))().then(
      (value) => settle(E.right(value)),
      (error: unknown) => settle(E.left(faultOfError(error))),
    );
  });
