import type { ApiError } from "../api_error.ts";
import { segmentsOfPath } from "../path.ts";
import type { ServerRequest } from "../request.ts";
import type { User } from "../user.ts";

/** A field selector's `key=value`. */
export interface Requirement {
  readonly key: string;
  readonly value: string;
}

/** What is asked of a resource. Absent parts are "". */
export interface ResourceAttributes {
  readonly _tag: "Resource";
  /** `get`, `list`, … or one of a policy only (`impersonate`, `approve`). */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** What a list, watch or deletecollection is restricted to by equality. */
  readonly fields: readonly Requirement[];
}

/** What is asked of a path that is no resource (`/version`). */
export interface PathAttributes {
  readonly _tag: "Path";
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

/** What a request wants to do, as policies speak of it. */
export type Attributes = ResourceAttributes | PathAttributes;

export const resourceAttributes = (
  given: Partial<ResourceAttributes> & Pick<ResourceAttributes, "verb" | "resource">,
): ResourceAttributes => ({
  _tag: "Resource",
  group: "",
  version: "v1",
  subresource: "",
  namespace: "",
  name: "",
  fields: [],
  ...given,
});

/** The equalities of a field selector's text; what is no equality restricts nothing here. */
export const equalities = (selector: string): readonly Requirement[] =>
  selector.split(",").flatMap((term) => {
    const [, key, value] = /^\s*([^=!\s]+)\s*==?\s*([^=!]*)$/.exec(term) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value: value.trim() }];
  });

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

const withSelectors: ReadonlySet<string> = new Set(["list", "watch", "deletecollection"]);

/** Subresources of a namespace; anything else after its name is a resource in it. */
const ofNamespaces: ReadonlySet<string> = new Set(["status", "finalize"]);

const isWatch = ({ query }: ServerRequest): boolean => {
  const [value] = query["watch"] ?? [];
  return value !== undefined && !["false", "0", "f", "F", "FALSE", "False"].includes(value);
};

const verbOf = (request: ServerRequest, name: string): string => {
  const verb = verbs[request.method] ?? "";
  if (name !== "") return verb;
  if (verb === "get") return isWatch(request) ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
};

/** What comes after group and version: a namespace, and the parts from the resource on. */
const scoped = (parts: readonly string[]): readonly [namespace: string, rest: readonly string[]] => {
  if (parts[0] !== "namespaces" || parts[1] === undefined) return ["", parts];
  const isWithin = parts[2] !== undefined && !ofNamespaces.has(parts[2]);
  return [parts[1], isWithin ? parts.slice(2) : parts];
};

/**
 * What a request wants to do. Pure syntax, as in the real API server: the resource need not exist. A list of one name by its
 * field selector is a list with a name.
 */
export const attributesOf = (request: ServerRequest): Attributes => {
  const segments = segmentsOfPath(request.path);
  const parts = request.path.includes("%") ? segments.map(decoded) : segments;
  const isCore = parts[0] === "api";
  const from = isCore ? 1 : 2;
  if (parts.length < from + 2 || (!isCore && parts[0] !== "apis")) {
    return { _tag: "Path", verb: request.method.toLowerCase(), path: request.path };
  }
  const [namespace, rest] = scoped(parts.slice(from + 1));
  const [resource = "", name = "", subresource = ""] = rest;
  const verb = verbOf(request, name);
  const fields = withSelectors.has(verb) ? equalities(request.query["fieldSelector"]?.[0] ?? "") : [];
  const named = verb === "deletecollection" ? undefined : fields.find(({ key }) => key === "metadata.name");
  return resourceAttributes({
    verb,
    group: isCore ? "" : parts[1] ?? "",
    version: parts[from] ?? "",
    resource,
    subresource,
    namespace,
    name: name === "" ? named?.value ?? "" : name,
    fields,
  });
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const quoted = (text: string): string => JSON.stringify(text);

const sentence = (user: User, attributes: Attributes): string => {
  const who = `User ${quoted(user.name)} cannot ${attributes.verb}`;
  if (attributes._tag === "Path") return `${who} path ${quoted(attributes.path)}`;
  const { resource, subresource, group, namespace } = attributes;
  const what = quoted(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quoted(namespace)}`;
  return `${who} resource ${what} in API group ${quoted(group)} ${where}`;
};

/** 403 as the real API server words it. `reason` is the authorizer's, "" when it gave none. */
export const forbiddenTo = (user: User, attributes: Attributes, reason: string): ApiError => {
  const text = escaped(sentence(user, attributes)) + (reason === "" ? "" : `: ${reason}`);
  const error = { code: 403, reason: "Forbidden" };
  if (attributes._tag === "Path") return { ...error, message: `forbidden: ${text}`, details: {} };
  const { group, resource, name } = attributes;
  const subject = `${resource}${group === "" ? "" : `.${group}`}${name === "" ? "" : ` ${quoted(name)}`}`;
  return {
    ...error,
    message: `${subject} is forbidden: ${text}`,
    details: { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: resource },
  };
};
