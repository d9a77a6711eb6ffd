import * as E from "fp-ts/lib/Either.js";
import { formatTime } from "../../../../core/time.ts";
import {
  type ApiError,
  badRequest,
  type Cause,
  conflict,
  internalError,
  invalid,
  notFound,
} from "../../api_error.ts";
import type { Call, Custom } from "../../call.ts";
import { invalidValue } from "../../kinds/causes.ts";
import { at, numberAt, objectAt as fieldsAt, textAt } from "../../kinds/fields.ts";
import { drawUid } from "../../names.ts";
import type { ApiObject, Json, JsonObject } from "../../object.ts";
import { keyOf, objectAt } from "../../objects.ts";
import { objectsOf, type ServerState } from "../../state.ts";
import { invalidQuestion } from "../answers.ts";
import { textsAt } from "../texts.ts";
import { type Binding, claimsOf, issuer, type TokenOffer } from "./claims.ts";
import { signJwt } from "./jwt.ts";
import { keyOfSettings } from "./keyring.ts";

const kind = "TokenRequest";
const group = "authentication.k8s.io";

const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;

/** Kubelets ask for this: the token is good for a year, and stale (in the audit log only) after the hour. */
const extendedFrom = 3607;
const extendedSeconds = 365 * 24 * 3600;

const identityFault = (
  call: Call,
  body: JsonObject | undefined,
  account: ApiObject,
): ApiError | undefined => {
  const name = call.name ?? "", given = textAt(body, "metadata", "name");
  if (given !== "" && given !== name) {
    const message = "must match the service account name if specified";
    return invalid(kind, group, name, [invalidValue("metadata.name", given, message)]);
  }
  const uid = textAt(body, "metadata", "uid");
  if (uid === "" || uid === account.metadata.uid) return undefined;
  return conflict(
    { group, plural: kind, name },
    `the UID in the token request (${uid}) does not match the UID of the service account (${account.metadata.uid})`,
  );
};

const lifeFaults = (seconds: number): readonly Cause[] => {
  const field = "spec.expirationSeconds";
  if (seconds < leastSeconds) {
    return [invalidValue(field, seconds, "may not specify a duration less than 10 minutes")];
  }
  return seconds > mostSeconds
    ? [invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds")]
    : [];
};

const stored = (state: ServerState, plural: string, namespace: string | undefined, name: string) => {
  const object = objectAt(objectsOf(state, plural), keyOf(namespace, name));
  return object === undefined ? E.left(notFound({ group: "", plural, name })) : E.right(object);
};

/** What a pod's token tells of its node, which need not exist. */
const nodeOf = (
  state: ServerState,
  pod: ApiObject,
): { readonly name: string; readonly uid?: string } | undefined => {
  const name = textAt(pod, "spec", "nodeName");
  if (name === "") return undefined;
  const node = objectAt(objectsOf(state, "nodes"), name);
  return node === undefined ? { name } : { name, uid: node.metadata.uid };
};

const podBinding = (call: Call, name: string): E.Either<ApiError, Binding> => {
  const pod = stored(call.state, "pods", call.namespace, name);
  if (E.isLeft(pod)) return pod;
  const account = JSON.stringify(call.name ?? "");
  const mismatch =
    `cannot bind token for serviceaccount ${account} to pod running with different serviceaccount name.`;
  return textAt(pod.right, "spec", "serviceAccountName") === call.name
    ? E.right({ kind: "pod", object: pod.right, node: nodeOf(call.state, pod.right) })
    : E.left(badRequest(mismatch));
};

const bindingTo = (call: Call, reference: Json): E.Either<ApiError, Binding> => {
  const apiVersion = textAt(reference, "apiVersion");
  const title = textAt(reference, "kind");
  const name = textAt(reference, "name");
  if (!apiVersion.includes("/") && title === "Pod") return podBinding(call, name);
  if (!apiVersion.includes("/") && title === "Secret") {
    return E.map((object: ApiObject): Binding => ({ kind: "secret", object }))(
      stored(call.state, "secrets", call.namespace, name),
    );
  }
  if (!apiVersion.includes("/") && title === "Node") {
    return E.map((object: ApiObject): Binding => ({ kind: "node", object }))(
      stored(call.state, "nodes", undefined, name),
    );
  }
  const version = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  return E.left(badRequest(`cannot bind token to object of type ${version}, Kind=${title}`));
};

const bindingOf = (call: Call, reference: Json | undefined): E.Either<ApiError, Binding | undefined> => {
  if (reference === undefined) return E.right(undefined);
  const binding = bindingTo(call, reference);
  if (E.isLeft(binding)) return binding;
  const uid = textAt(reference, "uid");
  if (uid === "" || uid === binding.right.object.metadata.uid) return binding;
  return E.left(
    conflict(
      { group: "", plural: textAt(reference, "kind"), name: textAt(reference, "name") },
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    ),
  );
};

const lifeOf = (
  binding: Binding | undefined,
  audiences: readonly string[],
  seconds: number,
): Pick<TokenOffer, "expirationSeconds" | "warnAfterSeconds"> =>
  binding?.kind === "pod" && seconds === extendedFrom && audiences.every((audience) => audience === issuer)
    ? { expirationSeconds: extendedSeconds, warnAfterSeconds: seconds }
    : { expirationSeconds: seconds, warnAfterSeconds: undefined };

/**
 * A new token of a service account, bound to nothing or to a Pod, Secret or Node. It is a JWT that this server verifies again;
 * nothing is stored.
 */
export const tokenRequest: Custom = (call, body, account) => {
  const { namespace, name = "", now } = call;
  if (account === undefined) return E.left(notFound({ group: "", plural: "serviceaccounts", name }));
  const fault = identityFault(call, body, account);
  if (fault !== undefined) return E.left(fault);
  const given = textsAt(body, "spec", "audiences");
  const audiences = given.length === 0 ? [issuer] : given;
  const seconds = numberAt(body, "spec", "expirationSeconds") ?? defaultSeconds;
  const causes = lifeFaults(seconds);
  if (causes.length > 0) return E.left(invalidQuestion(kind, group, causes));
  const reference = at(body, "spec", "boundObjectRef");
  const binding = bindingOf(call, reference);
  if (E.isLeft(binding)) return binding;
  const key = keyOfSettings(call.state.settings);
  if (key === undefined) {
    return E.left(internalError("failed to generate token: settings.tokenKey is no P-256 key"));
  }
  const [state, id] = drawUid(call.state);
  const life = lifeOf(binding.right, audiences, seconds);
  const token = signJwt(key, claimsOf({ id, account, binding: binding.right, audiences, ...life }, now));
  const answer: JsonObject = {
    kind,
    apiVersion: `${group}/v1`,
    metadata: {
      ...fieldsAt(body, "metadata"),
      name,
      namespace,
      uid: account.metadata.uid,
      creationTimestamp: formatTime(now.wall),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: reference ?? null },
    status: { token, expirationTimestamp: formatTime(now.wall + seconds * 1000) },
  };
  return E.right({ state, changes: [], response: { _tag: "Answer", status: 201, body: answer } });
};
