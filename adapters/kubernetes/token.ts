import type { Millis } from "../../core/time.ts";

/**
 * Gives the bearer token to send now, `undefined` for none. `rejected` is a token that the API server has just refused
 * with 401: the source then looks for a newer one. Throws when there should be a token and none can be had.
 */
export type TokenSource = (rejected?: string) => Promise<string | undefined>;

/** A token and, where its origin tells, the Unix time at which it ends. */
export interface Token {
  readonly token: string | undefined;
  readonly expiresAt?: Millis;
}

/** Where a token comes from, and how often it is looked at. */
export interface CachedTokenOptions {
  /** Fetches the token of now, from a file, a plugin or an issuer; `rejected` as in {@link TokenSource}. */
  readonly read: (rejected?: string) => Promise<Token>;
  /** For how long a token is used without looking again; 60 s by default, as client-go does with token files. */
  readonly maxAgeMs?: Millis;
  /** After a 401 it is read again, but not more often than this; 1 s by default. */
  readonly minAgeMs?: Millis;
  /** Unix time. */
  readonly now?: () => Millis;
}

/** Read anew this long before the end of a token. */
const expiryMarginMs = 10_000;

/**
 * A {@link TokenSource} over something slower. Callers at the same time share one reading. When reading fails, a token
 * that is held and was not refused is used on.
 */
export const cachedToken = (options: CachedTokenOptions): TokenSource => {
  const { read, maxAgeMs = 60_000, minAgeMs = 1000, now = Date.now } = options;
  let held: { readonly token: Token; readonly at: Millis } | undefined;
  let reading: Promise<string | undefined> | undefined;

  const isFresh = (rejected: string | undefined): boolean => {
    if (held === undefined) return false;
    const { token: { token, expiresAt }, at } = held;
    const age = now() - at;
    if (age < 0) return false;
    if (rejected !== undefined && token === rejected) return age < minAgeMs;
    return age < maxAgeMs &&
      (age < minAgeMs || expiresAt === undefined || now() < expiresAt - expiryMarginMs);
  };

  const renew = async (rejected: string | undefined): Promise<string | undefined> => {
    try {
      const token = await read(rejected);
      held = { token, at: now() };
      return token.token;
    } catch (error) {
      const last = held?.token.token;
      if (held === undefined || last === undefined || last === rejected) throw error;
      // Not again for every request: the next reading is due after `minAgeMs`.
      held = { token: held.token, at: now() - maxAgeMs + minAgeMs };
      return last;
    } finally {
      reading = undefined;
    }
  };

  return (rejected) => isFresh(rejected) ? Promise.resolve(held?.token.token) : reading ??= renew(rejected);
};
