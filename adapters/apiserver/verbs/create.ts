import * as E from "fp-ts/lib/Either.js";
import { answeredObject, type Effect, noEffect, warned } from "../answer.ts";
import { alreadyExists, type ApiError, invalid } from "../api_error.ts";
import type { Call, Outcome } from "../call.ts";
import { textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { expectedOf, objectBody } from "../object_body.ts";
import { jsonTextOf } from "../body.ts";
import { lookup, putObject } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { type WriteOptions, writeOptions } from "../write_options.ts";
import { namespaceFault, nodeFault } from "./admission.ts";
import { groupOfFaults } from "./manners.ts";
import { asNew, inNamespace, withName } from "./metadata.ts";
import { recordUpdate, withOwnersOf } from "../patch/managed_fields.ts";
import { checkFields } from "../schema/check.ts";

/** An object that was made, in a state that has it (unless it is a dry run). */
export interface Created {
  readonly effect: Effect;
  readonly object: ApiObject;
  readonly warnings: readonly string[];
}

const versionGiven: ApiError = {
  code: 500,
  reason: "",
  message: "resourceVersion should not be set on objects to be created",
};

const isVersioned = (body: JsonObject): boolean => {
  const version = textAt(body, "metadata", "resourceVersion");
  return version !== "" && version !== "0";
};

const withoutVersion = (object: ApiObject): ApiObject => {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ApiObject["metadata"] };
};

const stored = (call: Call, object: ApiObject): readonly [Effect, ApiObject] => {
  if (call.dryRun) return [noEffect(call.state), withoutVersion(object)];
  const put = putObject(call.state, call.kind, object, call.now);
  return [{ state: put.state, changes: [put.change] }, put.object];
};

/** Who creates owns what is set. */
export const createdBy = ({ kind, now }: Call, { manager }: Pick<WriteOptions, "manager">) =>
(
  after: ApiObject,
): ApiObject => recordUpdate({ before: undefined, after, manager, subresource: "", kind, now });

/** Makes an object of a body whose fields were checked. `record` tells who owns them. */
export const createFrom = (
  call: Call,
  checked: JsonObject,
  record: (object: ApiObject) => ApiObject,
): E.Either<ApiError, Created> => {
  const { kind, now } = call;
  const placed = inNamespace(call, checked);
  if (E.isLeft(placed)) return placed;
  const asked = textAt(checked, "metadata", "name");
  const refused = namespaceFault(call, asked) ?? nodeFault(call, "CREATE", { object: placed.right });
  if (refused !== undefined) return E.left(refused);
  // it is the store that minds, which a dry run does not reach
  if (isVersioned(checked) && !call.dryRun) return E.left(versionGiven);
  const [named, body] = withName(call.state, kind, placed.right);
  const [state, fresh] = asNew(named, kind, body, now);
  const context = { state, user: call.user, now, dryRun: call.dryRun };
  // what admission adds is nobody's
  const recorded = record(kind.defaults(fresh));
  const prepared = kind.onCreate(recorded, context);
  if (E.isLeft(prepared)) return prepared;
  const object = withOwnersOf(prepared.right, recorded), { name } = object.metadata;
  const causes = kind.validate(object, undefined, "");
  if (causes.length > 0) return E.left(invalid(kind.kind, groupOfFaults(kind), name, causes));
  if (lookup(state, kind, call.namespace, name) !== undefined) {
    return E.left(alreadyExists(subjectOf(call, name)));
  }
  const [effect, result] = stored({ ...call, state }, object);
  return E.right({ effect, object: result, warnings: kind.warnings?.(object, undefined, "") ?? [] });
};

export const create = (call: Call): Outcome => {
  const options = writeOptions(call.request, "CreateOptions");
  if (E.isLeft(options)) return options;
  const body = objectBody(call.request, expectedOf(call.kind, call.subresource));
  if (E.isLeft(body)) return body;
  const checked = checkFields(call.kind, body.right, options.right.fieldValidation, jsonTextOf(call.request));
  if (E.isLeft(checked)) return checked;
  const { warnings } = checked.right;
  const created = warned(
    warnings,
    createFrom(call, checked.right.object, createdBy(call, options.right)),
  );
  if (E.isLeft(created)) return created;
  const { effect, object } = created.right;
  return E.right(answeredObject(call, effect, 201, object, [...warnings, ...created.right.warnings]));
};
