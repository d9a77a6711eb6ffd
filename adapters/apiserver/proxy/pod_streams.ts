import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest, forbidden, notFound } from "../api_error.ts";
import { attributesOf } from "../auth/attributes.ts";
import { authorize } from "../auth/authorize.ts";
import type { Call, Custom, Outcome } from "../call.ts";
import { textAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";
import { isTrue, textOf } from "../query.ts";
import type { ServerRequest } from "../request.ts";
import { chooseContainer } from "./container.ts";
import { kubeletEndpoint, nodeNamed } from "./kubelet_endpoint.ts";
import { readLogOptions } from "./log_options.ts";
import { queryText, withQuery } from "./query.ts";

const podNotFound = (name: string): ApiError => notFound({ group: "", plural: "pods", name });

interface Asked {
  readonly manner: "Log" | "Stream";
  readonly path: string;
  readonly query: string;
  readonly isInsecure: boolean;
}

/** The node that a pod is on, asked for something. A node that is gone is told as a pod: the real server does so. */
const askNode = (call: Call, pod: ApiObject, asked: Asked): Outcome => {
  const name = textAt(pod, "spec", "nodeName");
  const node = nodeNamed(call.state, name);
  const endpoint = node === undefined ? E.left(podNotFound(name)) : kubeletEndpoint(node);
  if (E.isLeft(endpoint)) return endpoint;
  const { manner, path, query, isInsecure } = asked;
  const target = { manner, scheme: "https", ...endpoint.right, path: withQuery(path, query) } as const;
  return E.right({
    state: call.state,
    response: {
      _tag: "Proxy",
      target: { ...target, name: pod.metadata.name, isKubelet: true, isInsecure },
    },
    changes: [],
  });
};

const nameOf = (pod: ApiObject): string => `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;

/** `pods/log`: the log of one container, as its node tells it; nothing of a pod that is on no node yet. */
export const podLog: Custom = (call, _, pod) => {
  if (pod === undefined) return E.left(podNotFound(call.name ?? ""));
  const options = readLogOptions(pod.metadata.name, call.request.query);
  if (E.isLeft(options)) return options;
  const container = chooseContainer(pod, options.right.container);
  if (E.isLeft(container)) return container;
  if (textAt(pod, "spec", "nodeName") === "") {
    const response = { _tag: "Text", status: 204, contentType: "text/plain", text: "" } as const;
    return E.right({ state: call.state, response, changes: [] });
  }
  const path = `/containerLogs/${nameOf(pod)}/${container.right}`;
  const { isInsecure, pairs } = options.right;
  return askNode(call, pod, { manner: "Log", path, query: queryText(pairs), isInsecure });
};

const isUpgrade = ({ headers }: ServerRequest): boolean => /upgrade/i.test(headers.connection ?? "");

/** A WebSocket begins with a GET, but what it does is no reading. */
const mayCreate = ({ state, user, request }: Call): E.Either<ApiError, void> => {
  const attributes = attributesOf(request);
  if (attributes.verb === "create" || attributes._tag === "Path") return E.right(undefined);
  const { allowed, reason } = authorize(state, user, { ...attributes, verb: "create" });
  const { group, resource: plural, name } = attributes;
  return allowed ? E.right(undefined) : E.left(forbidden({ group, plural, name }, reason));
};

type Query = ServerRequest["query"];
type Pairs = readonly (readonly [string, string])[];

/** What the kubelet calls the streams. */
const streams: Readonly<Record<string, string>> = {
  stdin: "input",
  stdout: "output",
  stderr: "error",
  tty: "tty",
};

const streamPairs = (query: Query): Pairs =>
  Object.entries(streams).filter(([name]) => isTrue(query, name)).map(([, name]) => [name, "1"] as const);

const stream =
  (path: string, hasContainer: boolean, pairs: (query: Query) => Pairs): Custom => (call, _, pod) => {
    const allowed = mayCreate(call);
    if (E.isLeft(allowed)) return allowed;
    if (pod === undefined) return E.left(podNotFound(call.name ?? ""));
    const { query } = call.request;
    const container = hasContainer ? chooseContainer(pod, textOf(query, "container")) : E.right("");
    if (E.isLeft(container)) return container;
    if (textAt(pod, "spec", "nodeName") === "") {
      return E.left(badRequest(`pod ${pod.metadata.name} does not have a host assigned`));
    }
    const end = container.right === "" ? "" : `/${container.right}`;
    const asked = askNode(call, pod, {
      manner: "Stream",
      path: `/${path}/${nameOf(pod)}${end}`,
      query: queryText(pairs(query)),
      isInsecure: false,
    });
    return E.isRight(asked) && !isUpgrade(call.request)
      ? E.left(badRequest("Upgrade request required"))
      : asked;
  };

export const podExec: Custom = stream("exec", true, (query) => [
  ...(query.command ?? []).map((part) => ["command", part] as const),
  ...streamPairs(query),
]);

export const podAttach: Custom = stream("attach", true, streamPairs);

export const podPortForward: Custom = stream("portForward", false, ({ ports = [] }) => {
  const all = ports.flatMap((list) => list.split(","));
  return all.length === 0 ? [] : [["port", all.join(",")]];
});
