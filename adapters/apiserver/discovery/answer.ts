import { methodNotAllowed, noSuchPath, statusOf } from "../api_error.ts";
import { tokenDocument } from "../auth/tokens/discovery.ts";
import { kinds } from "../kinds/kinds.ts";
import type { JsonObject } from "../object.ts";
import { openapiAnswer } from "../openapi/documents.ts";
import type { ServerRequest } from "../request.ts";
import type { ServerResponse } from "../response.ts";
import type { ServerSettings } from "../state.ts";
import { documentsOf } from "./documents.ts";
import { healthAnswer, pageNotFound } from "./health.ts";
import { versionInfo } from "./version.ts";

const documents = documentsOf(kinds);

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const wantsAggregated = (accept: string | undefined): boolean =>
  (accept ?? "").split(",").some((each) => {
    const parameters = new Set(each.split(";").map((part) => part.trim()));
    return parameters.has("application/json") && parameters.has("g=apidiscovery.k8s.io") &&
      parameters.has("v=v2") && parameters.has("as=APIGroupDiscoveryList");
  });

const answer = (body: JsonObject, headers?: Readonly<Record<string, string>>): ServerResponse => ({
  _tag: "Answer",
  status: 200,
  ...(headers === undefined ? {} : { headers }),
  body,
});

const apiVersions = ({ host, port }: ServerSettings["address"]): JsonObject => ({
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [{
    clientCIDR: "0.0.0.0/0",
    serverAddress: `${host.includes(":") ? `[${host}]` : host}:${port}`,
  }],
});

const rootPaths = (): JsonObject => ({
  paths: [
    ...["/api", ...Object.keys(documents.plain)],
    ...["/healthz", "/livez", "/openapi/v3", "/readyz", "/version"],
  ].sort(),
});

const documentAt = (path: string, request: ServerRequest, settings: ServerSettings): ServerResponse => {
  const aggregated = documents.aggregated[path];
  if (aggregated !== undefined && wantsAggregated(request.headers.accept)) {
    return answer(aggregated, { "content-type": aggregatedType, vary: "Accept" });
  }
  if (path === "/api") return answer(apiVersions(settings.address), { vary: "Accept" });
  if (path === "/version") return answer(versionInfo);
  const openapi = openapiAnswer(path);
  if (openapi !== undefined) return answer(openapi);
  if (path === "/" || path === "") return answer(rootPaths());
  const ofTokens = tokenDocument(settings, path);
  if (ofTokens !== undefined) return answer(ofTokens.body, { "content-type": ofTokens.contentType });
  const document = documents.plain[path];
  if (document !== undefined) return answer(document);
  // a group that is there without this version, or none at all: the real server tells them apart
  const [, prefix, group] = path.split("/");
  return prefix === "api" || (prefix === "apis" && documents.plain[`/apis/${group}`] !== undefined)
    ? { _tag: "Answer", status: noSuchPath.code, body: statusOf(noSuchPath) }
    : pageNotFound;
};

/**
 * What is answered on paths of no object: health, version, discovery and OpenAPI documents, and 404 on all others. Metrics and
 * whatever else there is are to be asked for before.
 */
export const discoveryAnswer = (request: ServerRequest, settings: ServerSettings): ServerResponse => {
  const path = request.path.length > 1 ? request.path.replace(/\/$/, "") : request.path;
  const health = healthAnswer(path, request.query);
  if (health !== undefined) return health;
  const found = documentAt(path, request, settings);
  if (found._tag === "Text" || request.method === "GET" || request.method === "HEAD") return found;
  const refused = methodNotAllowed();
  return { _tag: "Answer", status: refused.code, body: statusOf({ ...refused, details: {} }) };
};
