import * as E from "fp-ts/lib/Either.js";
import type { ApiPort, ApiResponse, ApiStream } from "../../adapters/ports.ts";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { emptyTable, valuesOf } from "../../core/table.ts";
import type { Millis } from "../../core/time.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import { type Answered, makeAttempts } from "./attempts.ts";
import { entryOf, type Judge } from "./judge.ts";
import { judgeStatuses } from "./conduct_statuses.ts";

/** What we look at in the body of a write. */
interface Body {
  readonly metadata?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly preconditions?: { readonly uid?: string };
  readonly status?: PodStatus;
}

const answeredBy = (answer: E.Either<Fault, ApiResponse | ApiStream>): Answered =>
  E.isLeft(answer)
    ? { failed: true }
    : { failed: answer.right.status >= 300, retryAfterMs: answer.right.retryAfterMs };

const isOfPod = ({ path }: ApiRequest): boolean => /\/pods\/[^/]+(\/status)?$/.test(path);

const isLease = ({ method, path }: ApiRequest): boolean => method === "PATCH" && path.includes("/leases/");

/** A lease must not wait for long: what six failures of it take at least. */
const leaseMs: Millis = 2_000;

const isEvent = ({ path }: ApiRequest): boolean => path.includes("/events");

/** Of a status that is about to be written: the version of the object that it was made from when that was decided. */
export type MadeFrom = ReadonlyMap<string, string | undefined>;

interface TokenBody {
  readonly spec?: { readonly boundObjectRef?: { readonly uid?: string } };
}

/** Whose token is asked for: they all have one path. */
const boundTo = ({ body }: ApiRequest): string | undefined =>
  (body as TokenBody | undefined)?.spec?.boundObjectRef?.uid;

/** What of a node is written: its parts are written, and refused, each on its own. */
const partsOf = ({ path, body }: ApiRequest): string => {
  if (!path.startsWith("/api/v1/nodes/")) return "";
  const { spec = {}, status = {} } = body as { readonly spec?: object; readonly status?: object };
  return Object.keys({ ...spec, ...status }).join(" ");
};

/** Requests of a pod: one at a time, each with the pod's UID, and a status only for the object that it was made from. */
const judgePods = (judge: Judge, madeFrom: MadeFrom): (request: ApiRequest) => (failed: boolean) => void => {
  const underWay = new Set<string>();
  const judgeStatus = judgeStatuses(judge);
  return (request) => {
    const { metadata, preconditions, status } = (request.body ?? {}) as Body;
    const uid = request.method === "DELETE" ? preconditions?.uid : metadata?.uid;
    if (uid === undefined) {
      judge.fail(`promise 6: writes to a pod without its UID: ${request.method} ${request.path}`);
      return () => {};
    }
    if (underWay.has(uid)) judge.fail(`promise 6: two requests of a pod at a time: ${request.method} ${uid}`);
    underWay.add(uid);
    let written = (): void => {};
    const desired = entryOf(judge, uid)?.desired;
    if (status !== undefined && desired?._tag === "Present") {
      // it may have waited for other writes since
      if (metadata?.resourceVersion === undefined || metadata.resourceVersion !== madeFrom.get(uid)) {
        judge.fail(`promise 6: writes a status that is not made from the newest object: ${uid}`);
      }
      written = judgeStatus(desired.value, status);
    }
    return (failed) => {
      underWay.delete(uid);
      if (!failed) written();
    };
  };
};

/** What is listed or watched: objects of one collection, each by its name, are watched apart. */
const collectionOf = ({ path, query }: ApiRequest): string => `${path} ${query?.fieldSelector ?? ""}`;

/** Lists and watches: what has expired is not resumed. */
const judgeStreams = (judge: Judge): (request: ApiRequest) => (status: number) => void => {
  const expired = new Map<string, string>();
  return (request) => {
    const { query = {} } = request;
    const path = collectionOf(request);
    const place = query.watch === undefined ? undefined : query.resourceVersion;
    if (place !== undefined && expired.get(path) === place) {
      judge.fail(`promise 8: resumes what has expired: ${path}`);
    }
    // what a new list gives is the newest place there is, also when it has not moved
    if (place === undefined) expired.delete(path);
    return (status) => {
      if (status === 410 && place !== undefined) expired.set(path, place);
    };
  };
};

/** Pods of one name are looked for in one way, each with a back-off of its own: whose turn it is cannot be told. */
const isOfSeveral = ({ method, path, query }: ApiRequest, judge: Judge): boolean => {
  if (method !== "GET" || !path.endsWith("/pods")) return false;
  const held = valuesOf(judge.state()?.pods ?? emptyTable);
  const named = held.filter(({ observed }) =>
    observed._tag === "Present" && query?.fieldSelector?.endsWith(`metadata.name=${observed.value.name}`)
  );
  return named.length > 1;
};

/** The port, with every request and every answer looked at on its way. */
export const judgedApi = (port: ApiPort, judge: Judge, madeFrom: MadeFrom): ApiPort => {
  const attempts = makeAttempts(judge.now, judge.fail);
  const judgePod = judgePods(judge, madeFrom);
  const judgeStream = judgeStreams(judge);

  const judgeLease = (request: ApiRequest): void => {
    if (!isLease(request)) return;
    const waited = judge.now() - (judge.state()?.node.memory.lease.sentAt ?? judge.now());
    if (waited > 0) judge.fail(`promise 10: the lease has waited for ${waited} ms`);
  };
  return {
    send: (request, signal) => {
      judgeLease(request);
      const ended = isOfPod(request) ? judgePod(request) : undefined;
      const { uid = boundTo(request) ?? judge.state()?.node.memory.uid ?? "" } =
        ((request.body ?? {}) as Body).metadata ?? {};
      const one = request.query?.fieldSelector ?? partsOf(request);
      const key = `${request.method} ${request.path} ${one} ${uid}`;
      const began = isEvent(request) || isOfSeveral(request, judge)
        ? undefined
        : attempts.begin(key, isLease(request) ? leaseMs : undefined);
      const answer = port.send(request, signal);
      void answer.then((given) => {
        ended?.(answeredBy(given).failed);
        began?.(answeredBy(given));
      });
      return answer;
    },
    stream: (request, signal) => {
      const told = judgeStream(request);
      const began = attempts.begin(`${request.method} ${collectionOf(request)}`);
      const answer = port.stream(request, signal);
      void answer.then((given) => {
        began(answeredBy(given));
        if (E.isRight(given)) told(given.right.status);
      });
      return answer;
    },
  };
};
