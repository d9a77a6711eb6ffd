/** Milliseconds: a duration, or a point on one of the two clocks of {@link Now}. */
export type Millis = number;

/**
 * The time as an argument: the core never reads a clock.
 * `mono` never goes back and is only good for deadlines; `wall` is Unix time and is what the API is told.
 */
export interface Now {
  readonly mono: Millis;
  readonly wall: Millis;
}

/** The years 1 to 9999: what RFC 3339 can say. */
const earliest: Millis = Date.parse("0001-01-01T00:00:00Z");
const latest: Millis = Date.parse("9999-12-31T23:59:59.999Z");

/** A back end may tell any number as a time, and none of them is to stop us. */
const isoOf = (wall: Millis): string =>
  new Date(Number.isNaN(wall) ? 0 : Math.min(Math.max(wall, earliest), latest)).toISOString();

/** Kubernetes `metav1.Time`: RFC 3339 in UTC with whole seconds. A time of another year than 1 to 9999 is the nearest of those. */
export const formatTime = (wall: Millis): string => `${isoOf(wall).slice(0, 19)}Z`;

/** Kubernetes `metav1.MicroTime`: RFC 3339 in UTC with six digits of a second. */
export const formatMicroTime = (wall: Millis): string => `${isoOf(wall).slice(0, 23)}000Z`;

/** Unix milliseconds of an RFC 3339 text, or `undefined` when it is none (the API's JSON has `null` for no time). */
export const parseTime = (text: string | null | undefined): Millis | undefined => {
  if (text === undefined || text === null) return undefined;
  const wall = Date.parse(text);
  return Number.isNaN(wall) ? undefined : wall;
};

/** The earlier of two times, where `undefined` means never. */
export const earlier = (a: Millis | undefined, b: Millis | undefined): Millis | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
