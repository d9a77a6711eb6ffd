import type { Millis } from "../../core/time.ts";

/** Milliseconds to wait by a `Retry-After` header (RFC 9110, 10.2.3): seconds, or an HTTP date against `wall`. */
export const retryAfterOf = (header: string | null | undefined, wall: Millis): Millis | undefined => {
  if (header === null || header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // `Date.parse` alone takes nearly any text with a number in it for a date.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - wall);
};
