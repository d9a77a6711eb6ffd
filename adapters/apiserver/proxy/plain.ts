import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest, notFound } from "../api_error.ts";
import type { Call, Custom, Outcome } from "../call.ts";
import { at, numberAt, objectsAt, textAt } from "../kinds/fields.ts";
import { keyOf, objectAt } from "../objects.ts";
import type { ProxyTarget } from "../response.ts";
import { objectsOf } from "../state.ts";
import { kubeletEndpoint, nodeNamed } from "./kubelet_endpoint.ts";
import { queryText, withQuery } from "./query.ts";

interface Address {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** `name`, `name:port` or `scheme:name:port`. */
const addressOf = (id: string): Address | undefined => {
  const parts = id.split(":");
  const [scheme = "", name = "", port = ""] = parts.length === 3 ? parts : ["", ...parts];
  const isScheme = scheme === "" || scheme === "http" || scheme === "https";
  return parts.length > 3 || name === "" || !isScheme ? undefined : { scheme, name, port };
};

/** Loopback, link-local, multicast and no address at all: whoever is behind them is not meant for the server's callers. */
const isForbiddenHost = (host: string): boolean =>
  host === "" || host === "localhost" ||
  /^(127\.|169\.254\.|0\.0\.0\.0$|2(2[4-9]|3\d)\.|255\.255\.255\.255$)/.test(host) ||
  /^(::1?$|fe[89ab]|ff)/i.test(host);

const notAllowed: ApiError = badRequest("address not allowed");

const portOf = (text: string): E.Either<ApiError, number> => {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536
    ? E.right(port)
    : E.left(badRequest(`invalid port ${JSON.stringify(text)}`));
};

type Place = Pick<ProxyTarget, "scheme" | "host" | "port" | "name" | "isKubelet">;

const pass = (call: Call, place: Place): Outcome => {
  const pairs = Object.entries(call.request.query)
    .flatMap(([name, values]) => values.map((value) => [name, value] as const));
  const path = withQuery(call.rest === "" ? "/" : call.rest, queryText(pairs));
  const response = { _tag: "Proxy", target: { manner: "Plain", ...place, path, isInsecure: false } } as const;
  return E.right({ state: call.state, response, changes: [] });
};

/** `nodes/NAME/proxy`: the node's kubelet API, or another port of it. */
export const nodeProxy: Custom = (call) => {
  const address = addressOf(call.name ?? "");
  if (address === undefined) {
    return E.left(badRequest(`invalid node request ${JSON.stringify(call.name ?? "")}`));
  }
  const { name, scheme } = address;
  const node = nodeNamed(call.state, name);
  if (node === undefined) return E.left(notFound({ group: "", plural: "nodes", name }));
  const endpoint = kubeletEndpoint(node);
  if (E.isLeft(endpoint)) return endpoint;
  const { host, port } = endpoint.right;
  if (isForbiddenHost(host)) return E.left(notAllowed);
  if (address.port === "" || address.port === `${port}`) {
    return pass(call, { scheme: "https", host, port, name, isKubelet: true });
  }
  const other = portOf(address.port);
  return E.isLeft(other) ? other : pass(call, {
    scheme: scheme === "https" ? scheme : "http",
    host,
    port: other.right,
    name,
    isKubelet: false,
  });
};

/** `pods/NAME/proxy`: a port of the pod, by default the first that it names, else the scheme's own. */
export const podProxy: Custom = (call) => {
  const address = addressOf(call.name ?? "");
  if (address === undefined) {
    return E.left(badRequest(`invalid pod request ${JSON.stringify(call.name ?? "")}`));
  }
  const { name, scheme } = address;
  const pod = objectAt(objectsOf(call.state, "pods"), keyOf(call.namespace, name));
  if (pod === undefined) return E.left(notFound({ group: "", plural: "pods", name }));
  const host = textAt(pod, "status", "podIP");
  if (isForbiddenHost(host)) return E.left(notAllowed);
  const first = objectsAt(pod, "spec", "containers").flatMap((container) => objectsAt(container, "ports"))
    .map((port) => numberAt(port, "containerPort")).find((port) => port !== undefined);
  const port = portOf(address.port === "" ? `${first ?? (scheme === "https" ? 443 : 80)}` : address.port);
  return E.isLeft(port) ? port : pass(call, {
    scheme: scheme === "https" ? scheme : "http",
    host,
    port: port.right,
    name,
    isKubelet: false,
  });
};

/**
 * `services/NAME/proxy`: nobody makes endpoints here, so there are none. The real server does not find a service without a
 * selector at all, because it looks for its endpoints.
 */
export const serviceProxy: Custom = (call) => {
  const id = call.name ?? "";
  const address = addressOf(id);
  if (address === undefined) return E.left(badRequest(`invalid service request ${JSON.stringify(id)}`));
  const { name } = address;
  const service = objectAt(objectsOf(call.state, "services"), keyOf(call.namespace, name));
  if (service === undefined || at(service, "spec", "selector") === undefined) {
    return E.left(notFound({ group: "", plural: "services", name }));
  }
  const message = `no endpoints available for service ${JSON.stringify(name)}`;
  return E.left({ code: 503, reason: "ServiceUnavailable", message });
};
