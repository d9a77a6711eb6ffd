/** `name=value&…`. */
export const queryText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

/** A path with its query, if it has one. */
export const withQuery = (path: string, query: string): string => query === "" ? path : `${path}?${query}`;
