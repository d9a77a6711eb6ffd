import * as E from "fp-ts/lib/Either.js";
import { answered, answeredObject } from "../answer.ts";
import { notFound } from "../api_error.ts";
import type { Call, Outcome } from "../call.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { lookup } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { everlastingFault, nodeFault } from "./admission.ts";
import { deleteOptions } from "./delete_options.ts";
import { deleteOne } from "./deletion.ts";
import { isToldWhenDeleted } from "./manners.ts";

const gone = ({ kind: { group, plural } }: Call, { metadata }: ApiObject): JsonObject => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details: { name: metadata.name, ...(group === "" ? {} : { group }), kind: plural, uid: metadata.uid },
});

/** Deletes the object that the path names. Answered with it while it is still there, and by some kinds afterwards. */
export const deleteObject = (call: Call): Outcome => {
  const options = deleteOptions(call.request);
  if (E.isLeft(options)) return options;
  const object = lookup(call.state, call.kind, call.namespace, call.name ?? "");
  const refused = everlastingFault(call) ??
    nodeFault(call, "DELETE", object === undefined ? {} : { before: object });
  if (refused !== undefined) return E.left(refused);
  if (object === undefined) return E.left(notFound(subjectOf(call)));
  const deleted = deleteOne(call.state, call.kind, object, options.right, call.now);
  if (E.isLeft(deleted)) return deleted;
  const { effect, object: last, isPlain } = deleted.right;
  return E.right(
    isPlain && !isToldWhenDeleted(call.kind)
      ? answered(effect, 200, gone(call, last))
      : answeredObject(call, effect, 200, last),
  );
};
