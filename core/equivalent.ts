const isEmpty = (value: unknown): boolean => {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value !== "object") return false;
  for (const _key in value) return false;
  return true;
};

/**
 * Equal as the API server sees it: what is absent, `null`, an empty text, list or object is the same thing
 * (fields with `omitempty` do not survive a round trip).
 */
export const equivalent = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return isEmpty(a) && isEmpty(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return isEmpty(a) && isEmpty(b);
    return a.length === b.length && a.every((item, index) => equivalent(item, b[index]));
  }
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key in left) if (!equivalent(left[key], right[key])) return false;
  for (const key in right) if (!(key in left) && !isEmpty(right[key])) return false;
  return true;
};
