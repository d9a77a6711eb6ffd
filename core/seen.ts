/**
 * What is known of a thing. *Unknown* (not listed yet, or the list failed) is never *Absent* (positively known):
 * nothing is created, deleted or failed on the strength of an unknown.
 */
export type Seen<A> =
  | { readonly _tag: "Unknown" }
  | { readonly _tag: "Absent" }
  | { readonly _tag: "Present"; readonly value: A };

/** Not known: not listed yet, or the list failed. */
export const unknown: Seen<never> = { _tag: "Unknown" };
/** Positively known not to be there. */
export const absent: Seen<never> = { _tag: "Absent" };
/** Known to be there. */
export const present = <A>(value: A): Seen<A> => ({ _tag: "Present", value });
