import * as E from "fp-ts/lib/Either.js";
import { bootstrap } from "../../adapters/apiserver/bootstrap.ts";
import { handle } from "../../adapters/apiserver/handle.ts";
import { resourceOf } from "../../adapters/apiserver/kind.ts";
import { kinds } from "../../adapters/apiserver/kinds/kinds.ts";
import type { ApiObject } from "../../adapters/apiserver/object.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import type { ServerState } from "../../adapters/apiserver/state.ts";
import { putObject } from "../../adapters/apiserver/store.ts";
import { serverItself } from "../../adapters/apiserver/user.ts";
import type { Fault } from "../../core/fault.ts";
import { decodePod, type Pod } from "../../core/kubernetes/pod.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import type { Now } from "../../core/time.ts";

type Watcher = (event: { readonly _tag: "Applied" | "Deleted"; readonly pod: Pod }) => void;

/** The pods of one node on the in-memory API server, answered at once; everything else is simply there. */
export interface PodsApi {
  readonly pods: ReadonlyMap<string, Pod>;
  /** Puts a pod there as it is, with the UID that it has. */
  create(pod: Pod): void;
  /** A user's deletion. */
  remove(uid: string, graceSeconds: number): void;
  edit(uid: string, change: (pod: Pod) => Pod): void;
  watch(watcher: Watcher): void;
  send(request: ApiRequest): E.Either<Fault, unknown>;
}

const podKind = kinds.find((kind) => resourceOf(kind) === "pods")!;

const empty: ServerState = bootstrap({}, { mono: 0, wall: 0 });

const podOf = (object: ApiObject): Pod => {
  const decoded = decodePod(object);
  if (E.isRight(decoded)) return decoded.right;
  throw new Error(`a stored pod cannot be read: ${decoded.left.problems.join(", ")}`);
};

/** What the tests leave out because nobody looks at it. */
const objectOf = ({ metadata, spec, status }: Pod): ApiObject =>
  JSON.parse(JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
    spec: {
      ...spec,
      containers: spec.containers.map((container) => ({ image: "none", ...container })),
    },
    status,
  }));

export const makePodsApi = (now: () => Now): PodsApi => {
  const pods = new Map<string, Pod>();
  const watchers: Watcher[] = [];
  let state: ServerState = empty;

  const tell = ({ resource, type, object }: Change): void => {
    if (resource !== "pods") return;
    const pod = podOf(object);
    if (type === "DELETED") pods.delete(pod.metadata.uid);
    else pods.set(pod.metadata.uid, pod);
    for (const watcher of watchers) watcher({ _tag: type === "DELETED" ? "Deleted" : "Applied", pod });
  };
  const put = (pod: Pod): void => {
    const done = putObject(state, podKind, objectOf(pod), now());
    state = done.state;
    tell(done.change);
  };
  const ask = (request: ApiRequest): E.Either<Fault, unknown> => {
    const done = handle(state, {
      method: request.method,
      path: request.path,
      query: Object.fromEntries(Object.entries(request.query ?? {}).map(([name, value]) => [name, [value]])),
      headers: { "content-type": request.contentType ?? "application/json" },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      user: serverItself,
    }, now());
    state = done.state;
    done.changes.forEach(tell);
    if (done.response._tag !== "Answer") throw new Error(`${request.path} is answered by no object`);
    const { status, body } = done.response;
    if (status < 300) return E.right(body);
    return E.left(faultOfStatus(status, parseStatus(JSON.stringify(body)), undefined));
  };

  return {
    pods,
    create: put,
    edit: (uid, change) => {
      const pod = pods.get(uid);
      if (pod !== undefined) put(change(pod));
    },
    remove: (uid, graceSeconds) => {
      const pod = pods.get(uid);
      if (pod === undefined) return;
      const path = `/api/v1/namespaces/${pod.metadata.namespace ?? "default"}/pods/${pod.metadata.name}`;
      ask({ method: "DELETE", path, query: { gracePeriodSeconds: `${graceSeconds}` } });
    },
    watch: (watcher) => void watchers.push(watcher),
    send: (request) => request.path.includes("/pods") ? ask(request) : E.right({}),
  };
};
