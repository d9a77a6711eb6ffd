import * as E from "fp-ts/lib/Either.js";
import { bootstrap } from "../../adapters/apiserver/bootstrap.ts";
import { handle } from "../../adapters/apiserver/handle.ts";
import { resourceOf } from "../../adapters/apiserver/kind.ts";
import { kinds } from "../../adapters/apiserver/kinds/kinds.ts";
import type { ApiObject } from "../../adapters/apiserver/object.ts";
import { lookup, putObject } from "../../adapters/apiserver/store.ts";
import { serverItself } from "../../adapters/apiserver/user.ts";
import type { Fault } from "../../core/fault.ts";
import { decodeNode, type Node } from "../../core/kubernetes/node.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import type { Now } from "../../core/time.ts";

const nodeKind = kinds.find((kind) => resourceOf(kind) === "nodes")!;

const empty = bootstrap({}, { mono: 0, wall: 0 });

const objectOf = ({ metadata, spec, status }: Node): ApiObject =>
  JSON.parse(JSON.stringify({
    apiVersion: "v1",
    kind: "Node",
    metadata: { creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
    spec,
    status,
  }));

const nodeOf = (object: ApiObject): Node => {
  const decoded = decodeNode(object);
  if (E.isRight(decoded)) return decoded.right;
  throw new Error(`a stored node cannot be read: ${decoded.left.problems.join(", ")}`);
};

/** The node after a request about it to the in-memory API server, or the fault that answers it. */
export const applyToNode = (
  node: Node | undefined,
  request: ApiRequest,
  version: number,
  now: Now,
): Node | Fault => {
  const before = node === undefined ? empty : putObject(
    { ...empty, revision: Number(node.metadata.resourceVersion) - 1 },
    nodeKind,
    objectOf(node),
    now,
  ).state;
  const { state, response } = handle({ ...before, revision: version - 1 }, {
    method: request.method,
    path: request.path,
    query: {},
    headers: { "content-type": request.contentType ?? "application/json" },
    body: JSON.stringify(request.body),
    user: serverItself,
  }, now);
  if (response._tag !== "Answer") throw new Error(`${request.path} is answered by no object`);
  if (response.status >= 300) {
    return faultOfStatus(response.status, parseStatus(JSON.stringify(response.body)), undefined);
  }
  const after = lookup(state, nodeKind, undefined, String((response.body as ApiObject).metadata.name));
  if (after === undefined) throw new Error(`${request.path} has left no node`);
  return node !== undefined && after.metadata.resourceVersion === node.metadata.resourceVersion
    ? node
    : nodeOf(after);
};

export const isFault = (value: Node | Fault): value is Fault => "_tag" in value;
