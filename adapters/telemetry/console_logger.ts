import type { Logger, LogLevel } from "../ports.ts";
import { lineLogger, type LineLoggerOptions, type LogRecord } from "./level.ts";
import { printableFields, printableText } from "./redact.ts";

/** The settings of {@link consoleLogger}. */
export interface ConsoleLoggerOptions extends LineLoggerOptions {
  /** Colours by ANSI sequences; give whether the output is a terminal. `false` by default. */
  readonly colours?: boolean;
}

const names: Readonly<Record<LogLevel, string>> = {
  debug: "DEBUG",
  info: "INFO ",
  warn: "WARN ",
  error: "ERROR",
};

const colours: Readonly<Record<LogLevel, string>> = { debug: "90", info: "36", warn: "33", error: "31" };

const plain = /^[^\s"=\\\p{Cc}\p{Cf}]+$/u;
/** Line ends and what could steer a terminal. */
const control = /[\p{Cc}\u2028\u2029]/gu;

const oneLine = (text: string): string =>
  text.replace(control, (found) => {
    const quoted = JSON.stringify(found).slice(1, -1);
    return quoted === found ? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}` : quoted;
  });

const fieldText = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "undefined";
  return plain.test(text) ? text : typeof value === "string" ? oneLine(JSON.stringify(text)) : oneLine(text);
};

/** `2026-01-01T00:00:00.000Z INFO  node is ready node=virtual-1`, always one line. */
export const textLine = ({ time, level, message, fields }: LogRecord, withColours: boolean): string => {
  const paint = (code: string, text: string): string =>
    withColours ? `\u001b[${code}m${text}\u001b[0m` : text;
  const pairs = Object.entries(printableFields(fields)).filter(([, value]) => value !== undefined).map((
    [name, value],
  ) => ` ${paint("90", `${oneLine(name)}=`)}${fieldText(value)}`);
  const head = `${paint("90", new Date(time).toISOString())} ${paint(colours[level], names[level])}`;
  return `${head} ${oneLine(printableText(message))}${pairs.join("")}`;
};

/**
 * One readable line for each message: time, level, message, and the fields as `name=value`. Fields named like a token,
 * password, secret or authorization are replaced. Never throws.
 *
 * @example
 * ```ts
 * const node = startVirtualNode({ name, api, provider, logger: consoleLogger({ level: "debug" }) });
 * ```
 */
export const consoleLogger = (options: ConsoleLoggerOptions = {}): Logger =>
  lineLogger(options, (record) => textLine(record, options.colours === true));
