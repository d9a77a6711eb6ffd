import * as E from "fp-ts/lib/Either.js";
import { answeredObject, noEffect } from "../answer.ts";
import { notFound } from "../api_error.ts";
import type { Call, Outcome } from "../call.ts";
import { parseRevision, textOf } from "../query.ts";
import { lookup } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { invalidRevision, tooLargeRevision } from "./revisions.ts";

/** One object. A resourceVersion asks for one that is not older: it never is, and must not be from the future. */
export const get = (call: Call): Outcome => {
  const revision = parseRevision(textOf(call.request.query, "resourceVersion"));
  if (E.isLeft(revision)) {
    return E.left(invalidRevision(textOf(call.request.query, "resourceVersion"), revision.left));
  }
  if ((revision.right ?? 0) > call.state.revision) {
    return E.left(tooLargeRevision(revision.right ?? 0, call.state.revision));
  }
  const object = lookup(call.state, call.kind, call.namespace, call.name ?? "");
  return object === undefined
    ? E.left(notFound(subjectOf(call)))
    : E.right(answeredObject(call, noEffect(call.state), 200, object));
};
