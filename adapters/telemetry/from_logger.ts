import type { LogFields, Logger, LogLevel } from "../ports.ts";
import { printableFields, printableText } from "./redact.ts";

/** A logger as most libraries have it: `console`, winston, pino, bunyan, log4js, loglevel, `@std/log`. */
export type LeveledLogger = Readonly<Record<LogLevel, (...args: any[]) => void>>;

/** The settings of {@link fromLogger}. */
export interface FromLoggerOptions {
  /** The fields are the first argument and the message the second, as pino and bunyan want it. */
  readonly fieldsFirst?: boolean;
}

const argsOf = (message: string, fields: LogFields | undefined, fieldsFirst: boolean): readonly unknown[] => {
  if (fields === undefined || Object.keys(fields).length === 0) return [message];
  const printable = printableFields(fields);
  return fieldsFirst ? [printable, message] : [message, printable];
};

/**
 * Our logger over one that the program already has; that one decides about levels and output. Fields named like a
 * token, password, secret or authorization are replaced. What it throws is dropped: a log must not end a node.
 *
 * @example
 * ```ts
 * const logger = fromLogger(pino(), { fieldsFirst: true });
 * const other = fromLogger(winston.createLogger());
 * ```
 */
export const fromLogger = (logger: LeveledLogger, options: FromLoggerOptions = {}): Logger => ({
  log: (level, message, fields) => {
    try {
      logger[level](...argsOf(printableText(message), fields, options.fieldsFirst === true));
    } catch {
      // There is nobody left to tell.
    }
  },
});
