import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "./api_error.ts";
import { parsedBody } from "./body.ts";
import { apiVersionOf, type Kind } from "./kind.ts";
import type { Json, JsonObject } from "./object.ts";
import type { ServerRequest } from "./request.ts";

const typeOf = (json: Json): string => Array.isArray(json) ? "array" : typeof json;

const isObject = (json: Json): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** What a body is to be: its own kind and version, where they are said, must be these. */
export interface Expected {
  readonly kind: string;
  readonly apiVersion: string;
  /** Further versions that are taken for it. */
  readonly formerVersions?: readonly string[];
}

export const expectedOf = (kind: Kind, subresource: string | undefined): Expected => {
  const own = subresource === undefined ? undefined : kind.subresources[subresource];
  return {
    kind: own?.kind ?? kind.kind,
    apiVersion: own?.apiVersion ?? apiVersionOf(kind),
    ...(own?.formerVersions === undefined ? {} : { formerVersions: own.formerVersions }),
  };
};

const typeFault = (body: JsonObject, expected: Expected): string | undefined => {
  const kind = body["kind"] || expected.kind, apiVersion = body["apiVersion"] || expected.apiVersion;
  const versions = [expected.apiVersion, ...expected.formerVersions ?? []];
  if (kind === expected.kind && versions.some((one) => one === apiVersion)) return undefined;
  const version = `${apiVersion}`.split("/").at(-1);
  const why = kind === expected.kind
    ? `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`
    : `it is not a ${expected.kind}`;
  return `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ${why}`;
};

/** The object that a create or an update brings, with `kind` and `apiVersion`; nothing is an empty one. */
export const objectBody = (request: ServerRequest, expected: Expected): E.Either<ApiError, JsonObject> => {
  const fault = (why: string): string =>
    `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; json parse error: ${why}`;
  const json = parsedBody(request, (why) => fault(`${why} (${request.body === "" ? "<empty>" : "…"})`));
  if (E.isLeft(json)) return json;
  const body = json.right ?? {};
  if (!isObject(body)) return E.left(badRequest(fault(`json: cannot unmarshal ${typeOf(body)}`)));
  const wrong = typeFault(body, expected);
  return wrong === undefined
    ? E.right({ ...body, kind: expected.kind, apiVersion: expected.apiVersion })
    : E.left(badRequest(wrong));
};
