import type { ServerResponse } from "../response.ts";

/** What of a server may be unwell. Ours is one value in memory: whoever gets an answer has all of it. */
const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ["ping", "etcd"],
  livez: ["ping", "etcd"],
  readyz: ["ping", "etcd", "informer-sync"],
};

const text = (status: number, body: string): ServerResponse => ({
  _tag: "Text",
  status,
  contentType: "text/plain; charset=utf-8",
  headers: { "x-content-type-options": "nosniff", "cache-control": "no-cache, private" },
  text: body,
});

/** As Go's own server says it. */
export const pageNotFound: ServerResponse = text(404, "404 page not found\n");

/**
 * `/healthz`, `/livez`, `/readyz` and a check below one (`/livez/ping`), with `verbose` and `exclude` as in the real one.
 * `undefined` when the path is none of them.
 */
export const healthAnswer = (
  path: string,
  query: Readonly<Record<string, readonly string[]>>,
): ServerResponse | undefined => {
  const [, name = "", check, ...more] = path.replace(/\/$/, "").split("/");
  const known = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (known === undefined) return undefined;
  if (more.length > 0 || (check !== undefined && !known.includes(check))) return pageNotFound;
  if (check !== undefined || query.verbose === undefined) return text(200, "ok");
  const excluded = query.exclude ?? [];
  const lines = known.map((each) => excluded.includes(each) ? `[+]${each} excluded: ok` : `[+]${each} ok`);
  return text(200, [...lines, `${name} check passed`, ""].join("\n"));
};
