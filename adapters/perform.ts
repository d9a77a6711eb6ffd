import * as E from "fp-ts/lib/Either.js";
import type { Action } from "../core/action.ts";
import type { Result } from "../core/event.ts";
import type { Fault } from "../core/fault.ts";
import { decodePod, type Pod } from "../core/kubernetes/pod.ts";
import type { ApiRequest } from "../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../core/kubernetes/status.ts";
import { decodeRead } from "../core/objects/key.ts";
import type { ObservedPod } from "../core/pod/observed.ts";
import type { Millis } from "../core/time.ts";
import { callBackend } from "./call.ts";
import type { ObjectWatches } from "./object_watches.ts";
import type { ApiPort, CallOptions, Clock, ContainerRuntime, Provider } from "./ports.ts";

/** A back end of either kind. */
export type AnyBackend = Provider | ContainerRuntime;

/** It runs single containers; the core makes them pods. */
export const isRuntime = (backend: AnyBackend): backend is ContainerRuntime => "start" in backend;

/** What actions are carried out with. */
export interface Hands {
  readonly api: ApiPort;
  readonly backend: AnyBackend | undefined;
  /** Of the back end, or of whatever else stands behind the node. */
  readonly ping: ((options: CallOptions) => Promise<void>) | undefined;
  /** The watches of what pods refer to. */
  readonly objects: Pick<ObjectWatches, "watch" | "unwatch">;
  readonly clock: Clock;
  /** How long create, update, start, remove and list may take. */
  readonly callTimeoutMs: Millis;
  readonly pingTimeoutMs: Millis;
}

/** The outcome of an action. */
export type Outcome = E.Either<Fault, Result>;

const nothing: Result = { _tag: "Nothing" };

/** How much longer than its grace period a stop may take before it counts as unanswered. */
const stopSlackMs = 30_000;

const sawPod = (pod: ObservedPod | void): Result => pod === undefined ? nothing : { _tag: "SawPod", pod };

/** Sends a request; any answer but a 2xx is a fault. */
export const sendRequest = async (
  api: ApiPort,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<E.Either<Fault, string>> => {
  const answer = await api.send(request, signal);
  if (E.isLeft(answer)) return answer;
  const { status, text, retryAfterMs } = answer.right;
  if (status >= 200 && status < 300) return E.right(text);
  return E.left(faultOfStatus(status, parseStatus(text), retryAfterMs));
};

/** The pod of this UID in a list, if it is there; a list that cannot be read tells nothing. */
const podInList = (text: string, uid: string): E.Either<Fault, Pod | undefined> => {
  const unreadable: Fault = {
    _tag: "Undecodable",
    message: "the list of pods could not be read",
    path: "items",
  };
  try {
    const list = JSON.parse(text) as { readonly items?: unknown };
    if (!Array.isArray(list.items)) return E.left(unreadable);
    const same = list.items.find((item: { metadata?: { uid?: unknown } }) => item?.metadata?.uid === uid);
    if (same === undefined) return E.right(undefined);
    const pod = decodePod(same);
    return E.isLeft(pod) ? E.left(unreadable) : pod;
  } catch {
    return E.left(unreadable);
  }
};

const done: Outcome = E.right(nothing);

const byApi = async (hands: Hands, request: ApiRequest, signal: AbortSignal): Promise<Outcome> => {
  const answer = await sendRequest(hands.api, request, signal);
  return E.isLeft(answer) ? answer : done;
};

const readPod = async (
  hands: Hands,
  action: Extract<Action, { readonly _tag: "ReadPod" }>,
  signal: AbortSignal,
): Promise<Outcome> => {
  const answer = await sendRequest(hands.api, action.request, signal);
  if (E.isLeft(answer)) return answer;
  const pod = podInList(answer.right, action.uid);
  return E.isLeft(pod) ? pod : E.right({ _tag: "ReadPod", pod: pod.right });
};

/** Everything of the key, decoded one by one. */
const readObject = async (
  hands: Hands,
  { key, request }: Extract<Action, { readonly _tag: "ReadObject" }>,
  signal: AbortSignal,
): Promise<Outcome> => {
  const answer = await sendRequest(hands.api, request, signal);
  if (E.isLeft(answer)) return answer;
  const read = decodeRead(key, answer.right);
  return E.isLeft(read)
    ? E.left({ _tag: "Undecodable", message: read.left, path: request.path })
    : E.right({ _tag: "ReadObject", items: read.right.items, bad: read.right.bad });
};

const missing = (what: string): Promise<never> => Promise.reject(new Error(`the back end cannot ${what}`));

/** What to call on the back end for an action, how long it may take, and what its answer means. */
const backendCall = (
  backend: AnyBackend,
  action: Action,
): ((options: CallOptions) => Promise<Result>) | undefined => {
  const provider = isRuntime(backend) ? undefined : backend;
  const runtime = isRuntime(backend) ? backend : undefined;
  switch (action._tag) {
    case "CreatePod":
      return async (options) =>
        sawPod(await (provider?.create(action.intent, options) ?? missing("create pods")));
    case "UpdatePod":
      return async (options) =>
        sawPod(await (provider?.update?.(action.intent, options) ?? missing("update pods")));
    case "UpdateFiles":
      return async (options) => {
        await (backend.updateFiles?.(action.ref, action.volumes, options) ?? missing("update files"));
        return nothing;
      };
    case "DeletePod":
      return async ({ signal }) => {
        await (provider?.delete(action.ref, { signal, graceMs: action.graceMs }) ?? missing("delete pods"));
        return nothing;
      };
    case "StartContainer":
      return async (options) => {
        const { intent, container, restartCount } = action;
        return sawPod(
          await (runtime?.start({ intent, container, restartCount }, options) ?? missing("start containers")),
        );
      };
    case "StopContainer":
      return async ({ signal }) =>
        sawPod(
          await (runtime?.stop(action.ref, action.container, { signal, graceMs: action.graceMs }) ??
            missing("stop containers")),
        );
    case "RemovePod":
      return async (options) => {
        await (runtime?.remove(action.ref, options) ?? missing("remove pods"));
        return nothing;
      };
    case "ListBackend":
      return async (options) => ({ _tag: "Listed", pods: [...await backend.list(options)] });
    default:
      return undefined;
  }
};

const timeoutOf = (hands: Hands, action: Action): Millis => {
  switch (action._tag) {
    case "StopContainer":
    case "DeletePod":
      return action.graceMs + stopSlackMs;
    case "PingBackend":
      return hands.pingTimeoutMs;
    default:
      return hands.callTimeoutMs;
  }
};

/** Carries out one action. Never rejects, and resolves within a bound, whatever the other side does. */
export const perform = (hands: Hands, action: Action, signal: AbortSignal): Promise<Outcome> => {
  if (action._tag === "ReadPod") return readPod(hands, action, signal);
  if (action._tag === "ReadObject") return readObject(hands, action, signal);
  if (action._tag === "WatchObject" || action._tag === "UnwatchObject") {
    if (action._tag === "WatchObject") hands.objects.watch(action.key);
    else hands.objects.unwatch(action.key);
    return Promise.resolve(done);
  }
  if ("request" in action) return byApi(hands, action.request, signal);
  const { ping } = hands;
  const call = action._tag === "PingBackend"
    ? async (options: CallOptions) => await ping?.(options).then(() => nothing) ?? nothing
    : hands.backend === undefined
    ? undefined
    : backendCall(hands.backend, action);
  if (call === undefined) {
    const message = `${action._tag}: this node has no back end`;
    return Promise.resolve(E.left({ _tag: "Rejected", message, fields: [] }));
  }
  return callBackend(action._tag, call, hands.clock, timeoutOf(hands, action), signal);
};
