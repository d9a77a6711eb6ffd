import * as E from "fp-ts/lib/Either.js";
import { answeredObject, warned } from "../answer.ts";
import { type ApiError, conflict, notFound } from "../api_error.ts";
import { forbiddenTo, resourceAttributes } from "../auth/attributes.ts";
import { authorize } from "../auth/authorize.ts";
import { textOfBody } from "../body.ts";
import type { Call, Outcome } from "../call.ts";
import { textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { type AppliedBody, appliedBody } from "../patch/applied_body.ts";
import { serverSideApply } from "../patch/apply.ts";
import { withOwnersOf } from "../patch/managed_fields.ts";
import { checkFields } from "../schema/check.ts";
import { lookup } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { type WriteOptions, writeOptions } from "../write_options.ts";
import { nodeFault } from "./admission.ts";
import { changeTo, versionFault } from "./change.ts";
import { createFrom } from "./create.ts";
import { inNamespace, nameFault } from "./metadata.ts";

/** The object that an apply makes of `current`, as a body: its fields are those of its kind. */
const laidOver = (
  call: Call,
  current: ApiObject | undefined,
  applied: JsonObject,
  { manager, force }: WriteOptions,
): E.Either<ApiError, ApiObject> => {
  const { kind, subresource = "", now } = call;
  const result = serverSideApply({ kind, current, applied, manager, force, subresource, now });
  if (E.isLeft(result) || result.right === current) return result;
  const checked = checkFields(kind, result.right, "Ignore");
  if (E.isLeft(checked)) return checked;
  const wrongName = nameFault(call, checked.right.object);
  if (wrongName !== undefined) return E.left(wrongName);
  return inNamespace(call, checked.right.object) as E.Either<ApiError, ApiObject>;
};

/** Who may patch may not create by it. */
const createFault = (call: Call): ApiError | undefined => {
  const { state, user, kind, namespace = "", name = "" } = call;
  const { group, version, plural } = kind;
  const attributes = resourceAttributes({
    verb: "create",
    group,
    version,
    resource: plural,
    namespace,
    name,
  });
  const { allowed, reason } = authorize(state, user, attributes);
  return allowed ? undefined : forbiddenTo(user, attributes, reason);
};

const create = (call: Call, { applied, warnings }: AppliedBody, options: WriteOptions): Outcome => {
  if (call.subresource !== undefined) return E.left(notFound(subjectOf(call)));
  const refused = createFault(call);
  if (refused !== undefined) return E.left(refused);
  const made = laidOver(call, undefined, applied, options);
  if (E.isLeft(made)) return made;
  const uid = textAt(applied, "metadata", "uid");
  if (uid !== "") {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    return E.left(conflict(subjectOf(call), why));
  }
  const { resourceVersion: _, ...metadata } = made.right.metadata;
  const created = createFrom(call, { ...made.right, metadata }, (object) => withOwnersOf(object, made.right));
  if (E.isLeft(created)) return created;
  const { effect, object } = created.right;
  return E.right(answeredObject(call, effect, 201, object, [...warnings, ...created.right.warnings]));
};

const change = (
  call: Call,
  before: ApiObject,
  { applied, warnings }: AppliedBody,
  options: WriteOptions,
): Outcome => {
  const made = laidOver(call, before, applied, options);
  if (E.isLeft(made)) return made;
  const body = made.right;
  const fault = versionFault(call, body, before) ?? nodeFault(call, "UPDATE", { object: body, before });
  if (fault !== undefined) return E.left(fault);
  const changed = changeTo(call, before, body, (object) => withOwnersOf(object, body));
  if (E.isLeft(changed)) return changed;
  const { effect, object } = changed.right;
  return E.right(answeredObject(call, effect, 200, object, [...warnings, ...changed.right.warnings]));
};

/** Server-side apply: makes the object, or lays what is applied over it. */
export const apply = (call: Call): Outcome => {
  const options = writeOptions(call.request, "PatchOptions", true);
  if (E.isLeft(options)) return options;
  const text = textOfBody(call.request);
  if (E.isLeft(text)) return text;
  const body = appliedBody(text.right, options.right.fieldValidation);
  if (E.isLeft(body)) return body;
  const before = lookup(call.state, call.kind, call.namespace, call.name ?? "");
  const outcome = before === undefined
    ? create(call, body.right, options.right)
    : change(call, before, body.right, options.right);
  return warned(body.right.warnings, outcome);
};
