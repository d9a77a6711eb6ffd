import fc from "fast-check";

type Parts<A extends object> = { readonly [Key in keyof A]: fc.Arbitrary<A[Key]> };

/** An object with all of `required` and some of `optional`: what is left out is not there, instead of `undefined`. */
export const anyRecord = <A extends object, B extends object = object>(
  required: Parts<A>,
  optional?: Parts<B>,
): fc.Arbitrary<A & Partial<B>> =>
  fc.record({ ...required, ...optional } as Parts<A & B>, {
    requiredKeys: Object.keys(required) as never,
    noNullPrototype: true,
  }) as fc.Arbitrary<A & Partial<B>>;

/** One of these, each as likely as it is often named. */
export const anyOf = <const A>(...values: readonly A[]): fc.Arbitrary<A> => fc.constantFrom(...values);

/** `undefined`, or `weight` times as often one of `some`. */
export const maybe = <A>(some: fc.Arbitrary<A>, weight = 1): fc.Arbitrary<A | undefined> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight, arbitrary: some });

/** Mostly one of `usual`, seldom one of `rare`. */
export const seldom = <A, B>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** A map from text to `values`. */
export const anyMap = <A>(
  keys: fc.Arbitrary<string>,
  values: fc.Arbitrary<A>,
  most = 3,
): fc.Arbitrary<Readonly<Record<string, A>>> =>
  fc.dictionary(keys, values, { maxKeys: most, noNullPrototype: true });
