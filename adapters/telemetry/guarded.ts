import type { Logger, Telemetry } from "../ports.ts";
import { noTelemetry } from "../silent.ts";

/** Who is told what happens. */
interface Told {
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
}

/** What is thrown is dropped: there is nobody left to tell. */
const attempt = <A>(tell: () => A): A | undefined => {
  try {
    return tell();
  } catch {
    return undefined;
  }
};

const guardedLogger = (logger: Logger): Logger => ({
  log: (level, message, fields) => void attempt(() => logger.log(level, message, fields)),
});

const guardedTelemetry = (telemetry: Telemetry): Telemetry => ({
  span: (name, fields) => {
    const span = attempt(() => telemetry.span(name, fields)) ?? noTelemetry.span(name, fields);
    return { end: (outcome, more) => void attempt(() => span.end(outcome, more)) };
  },
  count: (name, value, fields) => void attempt(() => telemetry.count(name, value, fields)),
});

/** The options, with a logger and telemetry that cannot throw: telling must never stop what is told of. */
export const guarded = <A extends Told>(options: A): A => ({
  ...options,
  ...(options.logger === undefined ? {} : { logger: guardedLogger(options.logger) }),
  ...(options.telemetry === undefined ? {} : { telemetry: guardedTelemetry(options.telemetry) }),
});
