import type { ServerRequest } from "../request.ts";
import type { User } from "../user.ts";

const queryOf = (search: string): ServerRequest["query"] => {
  if (search === "") return {};
  const query: Record<string, string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(search)) (query[name] ??= []).push(value);
  return query;
};

/** Path and query of a request target (`/api/v1/pods?watch=true`). */
export const splitTarget = (target: string): Pick<ServerRequest, "path" | "query"> => {
  const at = target.indexOf("?");
  return at < 0
    ? { path: target, query: {} }
    : { path: target.slice(0, at), query: queryOf(target.slice(at + 1)) };
};

/** What a caller sends, on whatever way it came. */
export interface Sent {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly user?: User;
}

export const toRequest = ({ method, target, headers, body, user }: Sent): ServerRequest => ({
  method,
  ...splitTarget(target),
  headers,
  ...(body === undefined || body === "" ? {} : { body }),
  ...(user === undefined ? {} : { user }),
});
