import * as E from "fp-ts/lib/Either.js";
import { answeredObject, warned } from "../answer.ts";
import { notFound } from "../api_error.ts";
import type { Call, Outcome } from "../call.ts";
import type { JsonObject } from "../object.ts";
import { expectedOf, objectBody } from "../object_body.ts";
import { jsonTextOf } from "../body.ts";
import { lookup } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { type WriteOptions, writeOptions } from "../write_options.ts";
import { nodeFault } from "./admission.ts";
import { changeTo, recordedBy, uidFault, versionFault } from "./change.ts";
import { createdBy, createFrom } from "./create.ts";
import { isCreatedByUpdate } from "./manners.ts";
import { inNamespace, nameFault } from "./metadata.ts";
import { checkFields } from "../schema/check.ts";

const createInstead = (
  call: Call,
  body: JsonObject,
  options: WriteOptions,
  warnings: readonly string[],
): Outcome => {
  const created = createFrom(call, body, createdBy(call, options));
  if (E.isLeft(created)) return created;
  const { effect, object } = created.right;
  return E.right(answeredObject(call, effect, 201, object, [...warnings, ...created.right.warnings]));
};

const putInPlace = (
  call: Call,
  read: JsonObject,
  options: WriteOptions,
  warnings: readonly string[],
): Outcome => {
  const wrongName = nameFault(call, read);
  if (wrongName !== undefined) return E.left(wrongName);
  const body = inNamespace(call, read);
  if (E.isLeft(body)) return body;
  const before = lookup(call.state, call.kind, call.namespace, call.name ?? "");
  if (before === undefined) {
    return isCreatedByUpdate(call.kind) && call.subresource === undefined
      ? createInstead(call, body.right, options, warnings)
      : E.left(notFound(subjectOf(call)));
  }
  const fault = uidFault(call, body.right, before) ?? versionFault(call, body.right, before) ??
    nodeFault(call, "UPDATE", { object: body.right, before });
  if (fault !== undefined) return E.left(fault);
  const changed = changeTo(call, before, body.right, recordedBy(call, options.manager));
  if (E.isLeft(changed)) return changed;
  const { effect, object } = changed.right;
  return E.right(answeredObject(call, effect, 200, object, [...warnings, ...changed.right.warnings]));
};

/** Puts an object in the place of the one of its name, if that is still what it was made from. */
export const update = (call: Call): Outcome => {
  const options = writeOptions(call.request, "UpdateOptions");
  if (E.isLeft(options)) return options;
  const read = objectBody(call.request, expectedOf(call.kind, call.subresource));
  if (E.isLeft(read)) return read;
  const checked = checkFields(call.kind, read.right, options.right.fieldValidation, jsonTextOf(call.request));
  if (E.isLeft(checked)) return checked;
  const { object, warnings } = checked.right;
  return warned(warnings, putInPlace(call, object, options.right, warnings));
};
