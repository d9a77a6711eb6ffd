import type { Logger } from "../ports.ts";
import { lineLogger, type LineLoggerOptions, type LogRecord } from "./level.ts";
import { printableFields, printableText } from "./redact.ts";

const reserved: ReadonlySet<string> = new Set(["time", "level", "msg"]);

/** One JSON object: `time` (RFC 3339), `level`, `msg`, and the fields; a field of such a name becomes `fields.time`. */
export const jsonLine = ({ time, level, message, fields }: LogRecord): string => {
  const line: Record<string, unknown> = {
    time: new Date(time).toISOString(),
    level,
    msg: printableText(message),
  };
  for (const [name, value] of Object.entries(printableFields(fields))) {
    line[reserved.has(name) ? `fields.${name}` : name] = value;
  }
  return JSON.stringify(line);
};

/**
 * One JSON object per line, for machines. Fields named like a token, password, secret or authorization are replaced.
 * Never throws.
 *
 * @example
 * ```ts
 * const logger = jsonLogger({ level: "debug" });
 * logger.log("info", "node is ready", { node: "virtual-1" });
 * // {"time":"2026-01-01T00:00:00.000Z","level":"info","msg":"node is ready","node":"virtual-1"}
 * ```
 */
export const jsonLogger = (options: LineLoggerOptions = {}): Logger => lineLogger(options, jsonLine);
