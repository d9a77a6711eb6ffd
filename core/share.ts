type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const shareList = (known: readonly unknown[], fresh: readonly unknown[]): readonly unknown[] => {
  let same = known.length === fresh.length;
  let mixed: unknown[] | undefined;
  for (let at = 0; at < fresh.length; at++) {
    const part = shareWith(known[at], fresh[at]);
    if (part !== known[at]) same = false;
    if (part !== fresh[at]) (mixed ??= fresh.slice())[at] = part;
  }
  return same ? known : mixed ?? fresh;
};

const hasMore = (known: Fields, fresh: Fields): boolean => {
  for (const key in known) if (!Object.hasOwn(fresh, key)) return true;
  return false;
};

/** A copy of `fresh` with the parts of `known` up to a key: texts too, which are only pointed to. */
const mixUpTo = (end: string, known: Fields, fresh: Fields): Record<string, unknown> => {
  const mixed: Record<string, unknown> = { ...fresh };
  for (const key in fresh) {
    if (key === end) break;
    mixed[key] = known[key];
  }
  return mixed;
};

const shareRecord = (known: Fields, fresh: Fields): Fields => {
  // to be assigned to, it would be no field
  if (Object.hasOwn(fresh, "__proto__")) return fresh;
  let mixed: Record<string, unknown> | undefined;
  for (const key in fresh) {
    const part = shareWith(known[key], fresh[key]);
    if (mixed === undefined && part !== known[key]) mixed = mixUpTo(key, known, fresh);
    if (mixed !== undefined) mixed[key] = part;
  }
  if (mixed !== undefined) return mixed;
  return hasMore(known, fresh) ? mixUpTo("", known, fresh) : known;
};

/**
 * `fresh`, a JSON value, in which every part that equals the part of `known` in its place is that very part: two objects
 * that say nearly the same take little more memory than one. What can be read of it does not change.
 */
export const shareWith = <A>(known: unknown, fresh: A): A => {
  if (known === fresh) return known as A;
  if (!isObject(known) || !isObject(fresh)) return fresh;
  if (!Array.isArray(fresh)) return (Array.isArray(known) ? fresh : shareRecord(known, fresh)) as A;
  return (Array.isArray(known) ? shareList(known, fresh) : fresh) as A;
};
