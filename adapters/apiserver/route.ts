import * as E from "fp-ts/lib/Either.js";
import { type ApiError, methodNotAllowed, noSuchPath } from "./api_error.ts";
import type { ResourceAttributes } from "./auth/attributes.ts";
import { absentResource } from "./discovery/absent.ts";
import type { Kind } from "./kind.ts";
import { segmentsOfPath } from "./path.ts";
import type { ServerRequest } from "./request.ts";
import { kindOf } from "./served.ts";
import type { Verb } from "./verb.ts";

/** What a path names and what is to be done with it. */
export interface Route {
  readonly kind: Kind;
  readonly verb: Verb;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly rest: string;
}

/** The segments of a path from its resource on, as they are on the wire; and whether they are below a namespace. */
const segmentsOf = (path: string): readonly [inNamespace: boolean, segments: readonly string[]] => {
  const parts = segmentsOfPath(path);
  const from = parts[0] === "api" ? 2 : 3;
  const below = parts[from] === "namespaces" && parts.length > from + 2;
  const isOwn = parts[from + 2] === "status" || parts[from + 2] === "finalize";
  return below && !isOwn ? [true, parts.slice(from + 2)] : [false, parts.slice(from)];
};

/** `proxy` has paths of its own below it, with the slash that they may end with. */
const restOf = (path: string, segments: readonly string[]): string => {
  const rest = segments.slice(3);
  return rest.length === 0 && !path.endsWith("/")
    ? ""
    : `/${rest.join("/")}${rest.length > 0 && path.endsWith("/") ? "/" : ""}`;
};

/** 405 as it is told of paths that name something. */
export const notAllowed: ApiError = { ...methodNotAllowed(), details: {} };

const verbs: ReadonlySet<string> = new Set<Verb>([
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
]);

const onOne: ReadonlySet<Verb> = new Set<Verb>(["get", "update", "patch", "delete"]);

/** Objects of a namespace are found in all of them, and made and deleted in one. */
const needsNamespace: ReadonlySet<Verb> = new Set<Verb>(["create", "deletecollection"]);

const verbFault = (kind: Kind, verb: Verb, segments: readonly string[], inNamespace: boolean) => {
  const [, name, subresource] = segments;
  if (subresource !== undefined) {
    return kind.subresources[subresource]?.verbs.includes(verb) === true ? undefined : notAllowed;
  }
  if (!kind.verbs.includes(verb) || (name !== undefined) !== onOne.has(verb)) return notAllowed;
  return kind.namespaced && !inNamespace && needsNamespace.has(verb) ? notAllowed : undefined;
};

const isNothing = (kind: Kind, segments: readonly string[], inNamespace: boolean): boolean => {
  const [, name, subresource] = segments;
  if (inNamespace && !kind.namespaced) return true;
  if (name !== undefined && kind.namespaced && !inNamespace) return true;
  if (subresource !== undefined && !Object.hasOwn(kind.subresources, subresource)) return true;
  return segments.length > 3 && subresource !== "proxy";
};

/** What a request is about, or why there is no such thing (404) or nothing like that can be done with it (405). */
export const routeOf = (
  request: ServerRequest,
  attributes: ResourceAttributes,
): E.Either<ApiError, Route> => {
  const { group, version, resource, namespace } = attributes;
  const kind = kindOf(group, version, resource);
  if (kind === undefined) return E.left(absentResource(group, version, resource) ?? noSuchPath);
  const [inNamespace, segments] = segmentsOf(request.path);
  if (isNothing(kind, segments, inNamespace)) return E.left(noSuchPath);
  const [, name, subresource] = segments;
  if (!verbs.has(attributes.verb) || request.method === "HEAD") return E.left(notAllowed);
  const verb = attributes.verb as Verb;
  const fault = verbFault(kind, verb, segments, inNamespace);
  if (fault !== undefined) return E.left(fault);
  return E.right({
    kind,
    verb,
    ...(inNamespace ? { namespace } : {}),
    ...(name === undefined ? {} : { name: attributes.name }),
    ...(subresource === undefined ? {} : { subresource }),
    rest: subresource === undefined ? "" : restOf(request.path, segments),
  });
};
