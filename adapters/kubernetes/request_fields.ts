import type { ApiRequest } from "../../core/kubernetes/request.ts";

/** What a span says of a request: few values, whatever the cluster holds. */
export interface RequestFields {
  readonly verb: string;
  readonly path: string;
  readonly [field: string]: unknown;
}

/** `/api/v1/namespaces/a/pods/b/status` -> `/api/v1/namespaces/{namespace}/pods/{name}/status`. */
export const pathTemplate = (path: string): string => {
  const parts = path.split("/").slice(1);
  const prefix = parts[0] === "api" ? 2 : parts[0] === "apis" ? 3 : undefined;
  if (prefix === undefined) return path;
  let at = prefix;
  if (parts[at] === "namespaces" && parts.length > at + 2) {
    parts[at + 1] = "{namespace}";
    at += 2;
  }
  if (parts.length > at + 1) parts[at + 1] = "{name}";
  // Below a proxy the path is another server's.
  const end = parts[at + 2] === "proxy" ? at + 3 : parts.length;
  return `/${parts.slice(0, end).join("/")}`;
};

const isTrue = (value: string | undefined): boolean => value === "true" || value === "1";

/** The verb as the API server's authorization knows it: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`. */
const verbOf = (request: ApiRequest, template: string): string => {
  switch (request.method) {
    case "GET":
      return isWatch(request)
        ? "watch"
        : /\{name\}/.test(template) || !/^\/apis?\//.test(template)
        ? "get"
        : "list";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return "delete";
  }
};

/** A request whose answer has no end of its own. */
export const isWatch = (request: ApiRequest): boolean =>
  request.method === "GET" && (isTrue(request.query?.watch) || isTrue(request.query?.follow));

/** The {@link RequestFields} of a request. */
export const requestFields = (request: ApiRequest): RequestFields => {
  const path = pathTemplate(request.path);
  return { verb: verbOf(request, path), path };
};
