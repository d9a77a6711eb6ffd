import type { LogFields } from "../ports.ts";

/** What stands in the place of a secret. */
export const redacted = "[redacted]";

const secretName = /token|passw(or)?d|passphrase|secret|authorization|credential|api[-_]?key|cookie/i;

/** Whether something of this name is never to be printed. */
export const isSecretName = (name: string): boolean => secretName.test(name);

const maxDepth = 6;
const maxItems = 100;
const maxText = 8_192;

/** Credentials that got into a text, as in the echo of a header. */
const credential = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;

/** A text without credentials and of a bounded length. */
export const printableText = (text: string): string => {
  const short = text.length > maxText ? `${text.slice(0, maxText)}… (${text.length} characters)` : text;
  return short.replace(credential, `$1 ${redacted}`);
};

const errorText = (error: Error): string => {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.name}: ${error.message}${error.message.endsWith(cause) ? "" : cause}`;
};

const printable = (value: unknown, depth: number): unknown => {
  switch (typeof value) {
    case "string":
      return printableText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
    case "undefined":
      return value;
    case "function":
      return "[function]";
    case "object":
      break;
    default:
      return String(value);
  }
  if (value === null) return null;
  if (value instanceof Error) return printableText(errorText(value));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (depth >= maxDepth) return "…";
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => printable(item, depth + 1));
  return printableRecord(value as LogFields, depth + 1);
};

/** A getter may throw, and a proxy; the rest of the line is to be told all the same. */
const read = (record: LogFields, name: string, depth: number): unknown => {
  try {
    return printable(record[name], depth);
  } catch {
    return "[unreadable]";
  }
};

const printableRecord = (record: LogFields, depth: number): LogFields => {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(record).slice(0, maxItems)) {
    const value = read(record, name, depth);
    result[name] = value !== undefined && isSecretName(name) ? redacted : value;
  }
  return result;
};

/**
 * The fields as plain data that is safe to print: what is named like a token, password, secret or authorization is
 * replaced, errors become text, and depth, length and number are bounded (so that cycles end).
 */
export const printableFields = (fields: LogFields | undefined): LogFields =>
  fields === undefined ? {} : printableRecord(fields, 0);
