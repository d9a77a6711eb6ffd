import * as E from "fp-ts/lib/Either.js";
import type { Now } from "../../core/time.ts";
import { type ApiError, noSuchPath, statusOf } from "./api_error.ts";
import { attributesOf, forbiddenTo } from "./auth/attributes.ts";
import { authenticate } from "./auth/authenticate.ts";
import { authorize } from "./auth/authorize.ts";
import { jsonTextOf } from "./body.ts";
import type { Call, Done, Outcome } from "./call.ts";
import { customs } from "./customs.ts";
import { discoveryAnswer } from "./discovery/answer.ts";
import { meetFault } from "./faults.ts";
import { resourceOf } from "./kind.ts";
import { expectedOf, objectBody } from "./object_body.ts";
import type { JsonObject } from "./object.ts";
import type { ServerRequest } from "./request.ts";
import { textOf } from "./query.ts";
import { notAllowed, routeOf } from "./route.ts";
import { checkFields } from "./schema/check.ts";
import { typeNameOf } from "./schema/type_of.ts";
import { isServedVersion } from "./served.ts";
import type { ServerState } from "./state.ts";
import { expire, lookup } from "./store.ts";
import { formOf } from "./table/accept.ts";
import { nodeFault } from "./verbs/admission.ts";
import { create } from "./verbs/create.ts";
import { deleteCollection } from "./verbs/delete_collection.ts";
import { deleteObject } from "./verbs/delete.ts";
import { get } from "./verbs/get.ts";
import { list } from "./verbs/list.ts";
import { namespaceFault } from "./verbs/metadata.ts";
import { patch } from "./verbs/patch.ts";
import { update } from "./verbs/update.ts";
import { openWatch } from "./watch/open.ts";

const refused = (state: ServerState, error: ApiError): Done => ({
  state,
  response: {
    _tag: "Answer",
    status: error.code,
    ...(error.headers === undefined ? {} : { headers: error.headers }),
    body: statusOf(error),
  },
  changes: [],
});

/** Reviews and other questions bring a body; a stream or a proxy has none that is the server's to read. */
const bodyOfCustom = (call: Call): E.Either<ApiError, JsonObject | undefined> => {
  const { kind, request, subresource } = call;
  const isQuestion = kind.virtual === true || subresource === undefined ||
    kind.subresources[subresource]?.verbs.includes("get") === false;
  if (call.verb !== "create" || !isQuestion) return E.right(undefined);
  const expected = expectedOf(kind, subresource);
  const body = objectBody(request, expected);
  if (E.isLeft(body)) return body;
  const mode = textOf(request.query, "fieldValidation") === "Strict" ? "Strict" : "Ignore";
  const checked = checkFields(typeNameOf(expected), body.right, mode, jsonTextOf(request));
  if (E.isLeft(checked)) return checked;
  const fault = namespaceFault(call, checked.right.object);
  return fault === undefined ? E.right(checked.right.object) : E.left(fault);
};

const ofVerb = (call: Call): Outcome => {
  switch (call.verb) {
    case "get":
      return get(call);
    case "list":
      return list(call);
    case "watch":
      return openWatch(call);
    case "create":
      return create(call);
    case "update":
      return update(call);
    case "patch":
      return patch(call);
    case "delete":
      return deleteObject(call);
    case "deletecollection":
      return deleteCollection(call);
  }
};

/** Without a `Custom` a subresource is a part of the object, that is read and written. */
const isPart = ({ subresource, verb }: Call): boolean =>
  subresource === undefined || verb === "get" || verb === "update" || verb === "patch";

const carryOut = (call: Call): Outcome => {
  const resource = resourceOf(call.kind);
  const custom = customs[call.subresource === undefined ? resource : `${resource}/${call.subresource}`];
  if (custom === undefined) {
    if (!isPart(call)) return E.left(notAllowed);
    const form = formOf(call.request.headers["accept"]);
    return E.isLeft(form) ? form : ofVerb(call);
  }
  const body = bodyOfCustom(call);
  if (E.isLeft(body)) return body;
  const refusal = body.right === undefined ? undefined : nodeFault(call, "CREATE", { object: body.right });
  if (refusal !== undefined) return E.left(refusal);
  const object = call.name === undefined
    ? undefined
    : lookup(call.state, call.kind, call.namespace, call.name);
  return custom(call, body.right, object);
};

/** Of no object: health, discovery, OpenAPI, and what is not there at all. */
const ofPath = (state: ServerState, request: ServerRequest): Done => ({
  state,
  response: discoveryAnswer(request, state.settings),
  changes: [],
});

/** Who asks, whether they may, what it is about: then it is carried out. */
const answer = (state: ServerState, request: ServerRequest, now: Now): Done => {
  const user = authenticate(state, request, now);
  if (E.isLeft(user)) return refused(state, user.left);
  const attributes = attributesOf(request);
  const decision = authorize(state, user.right, attributes);
  if (!decision.allowed) return refused(state, forbiddenTo(user.right, attributes, decision.reason));
  if (attributes._tag === "Path") return ofPath(state, request);
  const route = routeOf(request, attributes);
  if (E.isLeft(route)) {
    const { group, version } = attributes;
    const isUnknown = route.left === noSuchPath && !isServedVersion(group, version);
    return isUnknown ? ofPath(state, request) : refused(state, route.left);
  }
  const dryRun = (request.query["dryRun"] ?? []).length > 0;
  const outcome = carryOut({ ...route.right, state, request, user: user.right, now, dryRun });
  return E.isLeft(outcome) ? refused(state, outcome.left) : outcome.right;
};

/**
 * What the server answers to a request and what it is afterwards. Total and deterministic: the same arguments give the same.
 * `changes` are every write in the order of revisions, for watches and controllers; among them Events whose life is over.
 */
export const handle = (state: ServerState, request: ServerRequest, now: Now): Done => {
  const { state: current, changes } = expire(state, now);
  const fault = meetFault(current, request);
  const done = fault === undefined ? answer(current, request, now) : refused(fault.state, fault.error);
  return changes.length === 0 ? done : { ...done, changes: [...changes, ...done.changes] };
};
