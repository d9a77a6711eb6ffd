import * as E from "fp-ts/lib/Either.js";
import type { Millis } from "../time.ts";

/** `v1.PodLogOptions` after validation. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Only lines at or after this Unix time (from `sinceSeconds` or `sinceTime`). */
  readonly since?: Millis;
}

/** Why a request is refused: the HTTP status and the text for people. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** A query by name; of a repeated name the first value counts. */
export type Query = Readonly<Record<string, string | undefined>>;

const undecodable = (name: string, value: string, expected: string): Refusal => ({
  status: 400,
  message: `Unable to decode query: ${name}=${JSON.stringify(value)} is not ${expected}.`,
});

const invalid = (message: string): Refusal => ({ status: 422, message: `Invalid request: ${message}.` });

/** As the API server's parameter codec: any text but `0` and `false` is true, the empty one too. */
const flag = (value: string | undefined): boolean =>
  value !== undefined && value !== "0" && value.toLowerCase() !== "false";

const int64 = (value: string): number | undefined => {
  if (!/^[+-]?\d{1,19}$/.test(value)) return undefined;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));
};

const whole = (query: Query, name: string, least: 0 | 1): E.Either<Refusal, number | undefined> => {
  const value = query[name];
  if (value === undefined) return E.right(undefined);
  const number = int64(value);
  if (number === undefined) return E.left(undecodable(name, value, "an integer"));
  if (number >= least) return E.right(number);
  return E.left(invalid(`${name} is ${value}, but must be ${least === 0 ? "0 or more" : "greater than 0"}`));
};

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** `Date.parse` alone takes 30 February for 1 March. */
const instant = (value: string): Millis | undefined => {
  const parts = rfc3339.exec(value);
  if (parts === null) return undefined;
  const lastDay = new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate();
  const wall = Date.parse(value.replace(",", "."));
  return Number.isNaN(wall) || Number(parts[3]) > lastDay ? undefined : wall;
};

/** Old clients send the time as JSON: `null` and the empty text stand for none. */
const sinceTime = (value: string | undefined): E.Either<Refusal, Millis | undefined> => {
  if (value === undefined || value === "" || value === "null") return E.right(undefined);
  const wall = instant(value);
  return wall === undefined
    ? E.left(undecodable("sinceTime", value, "an RFC 3339 time, as 2026-01-31T23:59:59Z"))
    : E.right(wall);
};

/** Back ends give one log of both streams, so one stream alone is refused rather than mixed with the other. */
const stream = (value: string | undefined): Refusal | undefined => {
  if (value === undefined || value === "" || value === "All") return undefined;
  if (value !== "Stdout" && value !== "Stderr") {
    return invalid(`stream is ${JSON.stringify(value)}, but must be All, Stdout or Stderr`);
  }
  return {
    status: 501,
    message: `stream=${value} is not supported by this node: its logs hold both streams.`,
  };
};

const window = (
  query: Query,
  now: Millis,
): E.Either<Refusal, { readonly since?: Millis }> => {
  const seconds = whole(query, "sinceSeconds", 1);
  const time = sinceTime(query.sinceTime);
  if (E.isLeft(time)) return time;
  if (E.isLeft(seconds)) return seconds;
  if (time.right !== undefined && seconds.right !== undefined) {
    return E.left(invalid("at most one of sinceTime and sinceSeconds may be given"));
  }
  if (seconds.right !== undefined) return E.right({ since: now - seconds.right * 1000 });
  return E.right(time.right === undefined ? {} : { since: time.right });
};

/**
 * Reads the query of `/containerLogs`, as kube-apiserver and old clients (`tail=N|all`) write it; `now` is Unix time.
 * Left: 400 for a value that cannot be read, 422 for one that may not be (kubelet `server.go`, `ValidatePodLogOptions`),
 * 501 for `stream=Stdout|Stderr`. Names that it does not know are ignored.
 */
export const parseLogOptions = (query: Query, now: Millis): E.Either<Refusal, LogOptions> => {
  const { tail } = query;
  const tailLines = tail === undefined || tail === "" ? query.tailLines : tail === "all" ? undefined : tail;
  const lines = whole({ tailLines }, "tailLines", 0);
  if (E.isLeft(lines)) return lines;
  const bytes = whole(query, "limitBytes", 1);
  if (E.isLeft(bytes)) return bytes;
  const since = window(query, now);
  if (E.isLeft(since)) return since;
  const refused = stream(query.stream);
  if (refused !== undefined) return E.left(refused);
  return E.right({
    follow: flag(query.follow),
    previous: flag(query.previous),
    timestamps: flag(query.timestamps),
    ...(lines.right === undefined ? {} : { tailLines: lines.right }),
    ...(bytes.right === undefined ? {} : { limitBytes: bytes.right }),
    ...since.right,
  });
};
