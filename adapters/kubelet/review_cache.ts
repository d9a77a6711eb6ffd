import * as E from "fp-ts/lib/Either.js";
import type { Millis } from "../../core/time.ts";

/** What was found, and how long that holds. */
export interface Finding<A> {
  readonly value: A;
  readonly ttlMs: Millis;
}

/** Answers of reviews, kept for a while; failures are not kept. */
export interface ReviewCache<A> {
  get(key: string, review: () => Promise<E.Either<string, Finding<A>>>): Promise<E.Either<string, A>>;
}

/** Why a review was not even begun. */
export const tooManyReviews = "too many reviews are under way";

/**
 * A cache of at most `limit` answers, the least recently asked for going first. Whoever asks for the same key at the same time
 * shares one review, and at most `maxReviews` are under way: callers without rights must not flood the API server.
 */
export const reviewCache = <A>(
  options: { readonly now: () => Millis; readonly limit: number; readonly maxReviews: number },
): ReviewCache<A> => {
  const kept = new Map<string, { readonly value: A; readonly until: Millis }>();
  const pending = new Map<string, Promise<E.Either<string, A>>>();

  const keep = (key: string, { value, ttlMs }: Finding<A>): void => {
    kept.delete(key);
    kept.set(key, { value, until: options.now() + ttlMs });
    for (const oldest of kept.keys()) {
      if (kept.size <= options.limit) return;
      kept.delete(oldest);
    }
  };

  const begin = async (
    key: string,
    review: () => Promise<E.Either<string, Finding<A>>>,
  ): Promise<E.Either<string, A>> => {
    try {
      const found = await review();
      if (E.isLeft(found)) return found;
      keep(key, found.right);
      return E.right(found.right.value);
    } finally {
      pending.delete(key);
    }
  };

  return {
    get: (key, review) => {
      const known = kept.get(key);
      if (known !== undefined && options.now() < known.until) {
        kept.delete(key);
        kept.set(key, known);
        return Promise.resolve(E.right(known.value));
      }
      const shared = pending.get(key);
      if (shared !== undefined) return shared;
      if (pending.size >= options.maxReviews) return Promise.resolve(E.left(tooManyReviews));
      const begun = begin(key, review);
      pending.set(key, begun);
      return begun;
    },
  };
};
