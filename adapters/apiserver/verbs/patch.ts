import * as E from "fp-ts/lib/Either.js";
import { answeredObject, warned } from "../answer.ts";
import { badRequest, notFound } from "../api_error.ts";
import { mediaType, parseJson, textOfBody } from "../body.ts";
import type { Call, Outcome } from "../call.ts";
import { applyType, isPatchType, patchedObject, unknownPatchType, unreadPatch } from "../patch/patch.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { lookup } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { type WriteOptions, writeOptions } from "../write_options.ts";
import { nodeFault } from "./admission.ts";
import { apply } from "./apply.ts";
import { changeTo, recordedBy, versionFault } from "./change.ts";
import { inNamespace, nameFault } from "./metadata.ts";

const patchedTo = (
  call: Call,
  before: ApiObject,
  patched: JsonObject,
  options: WriteOptions,
  warnings: readonly string[],
): Outcome => {
  const wrongName = nameFault(call, patched);
  if (wrongName !== undefined) return E.left(wrongName);
  const body = inNamespace(call, patched);
  if (E.isLeft(body)) return body;
  const fault = versionFault(call, body.right, before) ??
    nodeFault(call, "UPDATE", { object: body.right, before });
  if (fault !== undefined) return E.left(fault);
  const changed = changeTo(call, before, body.right, recordedBy(call, options.manager));
  if (E.isLeft(changed)) return changed;
  const { effect, object } = changed.right;
  return E.right(answeredObject(call, effect, 200, object, [...warnings, ...changed.right.warnings]));
};

/** Changes an object by a description of the change. */
export const patch = (call: Call): Outcome => {
  const { kind, namespace, name = "" } = call;
  const contentType = mediaType(call.request.headers["content-type"]);
  if (contentType === applyType) return apply(call);
  if (!isPatchType(contentType)) return E.left(unknownPatchType);
  const options = writeOptions(call.request, "PatchOptions");
  if (E.isLeft(options)) return options;
  const text = textOfBody(call.request);
  if (E.isLeft(text)) return text;
  const before = lookup(call.state, kind, namespace, name);
  if (before === undefined) return E.left(notFound(subjectOf(call)));
  const json = parseJson(text.right);
  if (E.isLeft(json)) return E.left(badRequest(unreadPatch(contentType, json.left)));
  const checked = patchedObject({
    kind,
    contentType,
    current: before,
    patch: json.right,
    text: text.right,
    mode: options.right.fieldValidation,
  });
  if (E.isLeft(checked)) return checked;
  const { object, warnings } = checked.right;
  return warned(warnings, patchedTo(call, before, object, options.right, warnings));
};
