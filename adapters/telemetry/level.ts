import type { LogFields, Logger, LogLevel } from "../ports.ts";

/** From the most to the least talkative. */
export const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** One thing to be told. */
export interface LogRecord {
  /** Unix time. */
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** What the loggers that write lines have in common. */
export interface LineLoggerOptions {
  /** The lowest level that is written; `info` by default. */
  readonly level?: LogLevel;
  /** Takes a line without its end; `console.error` by default. It should not block; what it throws is dropped. */
  readonly write?: (line: string) => void;
  /** Unix time in milliseconds; the system's by default. */
  readonly now?: () => number;
}

const toConsole = (line: string): void => console.error(line);

/** A logger that turns records of the level and above into lines. It never throws: a log must not end a node. */
export const lineLogger = (options: LineLoggerOptions, format: (record: LogRecord) => string): Logger => {
  const { level: lowest = "info", write = toConsole, now = Date.now } = options;
  const from = logLevels.indexOf(lowest);
  return {
    log: (level, message, fields) => {
      if (logLevels.indexOf(level) < from) return;
      try {
        write(format({ time: now(), level, message, fields }));
      } catch {
        // There is nobody left to tell.
      }
    },
  };
};
