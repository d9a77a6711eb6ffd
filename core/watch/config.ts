import type { Backoff } from "../backoff.ts";
import type { Decode } from "../kubernetes/decode.ts";
import type { Millis } from "../time.ts";

/** What is listed and watched, and within which bounds. Make one with {@link watchConfig}. */
export interface WatchConfig<A> {
  /** The kind of one object, as in its own `kind`: `Pod`. */
  readonly kind: string;
  /** The collection: `/api/v1/pods`. */
  readonly path: string;
  /** Selectors: `{ fieldSelector: "spec.nodeName=a" }`. */
  readonly query: Readonly<Record<string, string>>;
  readonly decode: Decode<A>;
  /** Objects asked for in one page of the list. */
  readonly pageLimit: number;
  /**
   * A connection that brings nothing for so long is given up: it may be dead. The API server sends a bookmark every minute
   * (measured: 59 to 61 s) as soon as the collection has gone beyond where the watch began, so this is to be more than
   * that, and less than `serverTimeoutSeconds`.
   */
  readonly idleTimeoutMs: Millis;
  /** The longest life of a watch asked of the server; each one asks for 80 to 100 % of it, so that they spread out. */
  readonly serverTimeoutSeconds: number;
  /** A watch that lived for so long, however it ended, forgives the failures before it. */
  readonly steadyMs: Millis;
  /** A watch that lived shorter, and was closed in spite of news, is resumed only after a delay; a fifth of it with much news. */
  readonly laggingMs: Millis;
  /** After most faults. */
  readonly backoff: Backoff;
  /** After faults that only a person can heal: missing rights, wrong requests. */
  readonly slowBackoff: Backoff;
  /** The longest `Retry-After` that is believed. */
  readonly maxRetryAfterMs: Millis;
  /** Bound on all bytes of one list. */
  readonly maxListBytes: number;
  /** Bound on one line (one event) of a watch. */
  readonly maxLineBytes: number;
}

/** What has no good default, and anything else that is to differ from it. */
export type WatchSettings<A> =
  & Pick<WatchConfig<A>, "kind" | "path" | "decode">
  & Partial<WatchConfig<A>>;

const MiB = 1024 * 1024;

/** The settings with the defaults filled in: pages of 500, 90 s of silence, watches of 240 to 300 s. */
export const watchConfig = <A>(settings: WatchSettings<A>): WatchConfig<A> => ({
  query: {},
  pageLimit: 500,
  idleTimeoutMs: 90_000,
  serverTimeoutSeconds: 300,
  steadyMs: 10_000,
  laggingMs: 1_000,
  backoff: { baseMs: 500, capMs: 10_000, jitter: 0.25 },
  slowBackoff: { baseMs: 1_000, capMs: 30_000, jitter: 0.25 },
  maxRetryAfterMs: 300_000,
  maxListBytes: 256 * MiB,
  maxLineBytes: 16 * MiB,
  ...settings,
});
