import { type Millis, type Now, parseTime } from "../../../core/time.ts";
import type { ApiObject } from "../object.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

const whole = (ms: Millis, unit: Millis): number => Math.floor(ms / unit);

/** Two units, the second only where it is not 0. */
const pair = (ms: Millis, unit: Millis, name: string, lesser: Millis, lesserName: string): string => {
  const rest = whole(ms % unit, lesser);
  return `${whole(ms, unit)}${name}${rest === 0 ? "" : `${rest}${lesserName}`}`;
};

/** A duration in at most two units and about three digits, as kubectl shows ages: `45s`, `3m20s`, `5h`, `12d`, `2y40d`. */
export const humanDuration = (ms: Millis): string => {
  if (ms <= -2 * second) return "<invalid>";
  if (ms < 0) return "0s";
  if (ms < 2 * minute) return `${whole(ms, second)}s`;
  if (ms < 10 * minute) return pair(ms, minute, "m", second, "s");
  if (ms < 3 * hour) return `${whole(ms, minute)}m`;
  if (ms < 8 * hour) return pair(ms, hour, "h", minute, "m");
  if (ms < 2 * day) return `${whole(ms, hour)}h`;
  if (ms < 8 * day) return pair(ms, day, "d", hour, "h");
  if (ms < 2 * year) return `${whole(ms, day)}d`;
  if (ms < 8 * year) return pair(ms, year, "y", day, "d");
  return `${whole(ms, year)}y`;
};

/** How long ago a time of the API was. */
export const sinceText = (time: string | undefined, now: Now): string => {
  const wall = parseTime(time);
  return wall === undefined ? "<unknown>" : humanDuration(now.wall - wall);
};

export const ageOf = (object: ApiObject, now: Now): string =>
  sinceText(object.metadata.creationTimestamp, now);
