import * as E from "fp-ts/lib/Either.js";
import { answered } from "../answer.ts";
import { type ApiError, statusOf } from "../api_error.ts";
import type { Call, Outcome } from "../call.ts";
import type { ApiObject } from "../object.ts";
import type { Change } from "../response.ts";
import { lookup } from "../store.ts";
import { nodeFault } from "./admission.ts";
import { deleteOptions } from "./delete_options.ts";
import { deleteOne } from "./deletion.ts";
import { listOptions } from "./list_options.ts";
import { answeredPage, pageOf } from "./page.ts";

/** Deletes what a list would show, one page of it, and answers with that list as it was. */
export const deleteCollection = (call: Call): Outcome => {
  const options = deleteOptions(call.request);
  if (E.isLeft(options)) return options;
  const listing = listOptions(call);
  if (E.isLeft(listing)) return listing;
  const page = pageOf(call, listing.right);
  if (E.isLeft(page)) return page;
  const changes: Change[] = [];
  let { state } = call;
  const one = (listed: ApiObject): ApiError | undefined => {
    const object = lookup(state, call.kind, listed.metadata.namespace, listed.metadata.name);
    if (object === undefined) return undefined;
    const refused = nodeFault({ ...call, state, name: listed.metadata.name }, "DELETE", { before: object });
    if (refused !== undefined) return refused;
    const deleted = deleteOne(state, call.kind, object, options.right, call.now);
    if (E.isLeft(deleted)) return deleted.left;
    state = deleted.right.effect.state;
    for (const change of deleted.right.effect.changes) changes.push(change);
    return undefined;
  };
  for (const object of page.right.objects) {
    const fault = one(object);
    // what was deleted before stays deleted
    if (fault !== undefined) return E.right(answered({ state, changes }, fault.code, statusOf(fault)));
  }
  return E.right(answeredPage(call, { state, changes }, page.right));
};
