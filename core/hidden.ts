/**
 * Puts a field on an object in a way that it can be read, but is never printed, listed, copied by a spread, compared or
 * sent: for what is secret. Whoever needs it names it.
 */
export const withHidden = <A extends object, Key extends string, B>(
  object: A,
  key: Key,
  value: B,
): A & { readonly [key in Key]: B } =>
  Object.defineProperty(object, key, { value, enumerable: false }) as A & { readonly [key in Key]: B };
