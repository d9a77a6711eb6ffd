import fc from "fast-check";
import { absent, present, type Seen, unknown } from "../../core/seen.ts";

/** What is known of a thing: unknown, absent, or mostly one of `some`. */
export const anySeen = <A>(some: fc.Arbitrary<A>): fc.Arbitrary<Seen<A>> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(unknown) },
    { weight: 2, arbitrary: fc.constant(absent) },
    { weight: 6, arbitrary: some.map(present) },
  );
