import * as E from "fp-ts/lib/Either.js";
import { answered, type Effect, noEffect } from "../answer.ts";
import { badRequest, notFound } from "../api_error.ts";
import type { Call, Custom } from "../call.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { putObject } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { type DeleteOptions, deleteOptions } from "../verbs/delete_options.ts";
import { deleteOne } from "../verbs/deletion.ts";
import { objectAt, textAt } from "./fields.ts";
import { withCondition } from "./pod_conditions.ts";
import { success } from "./success.ts";

const disrupted = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
} as const;

/** The pod says why it goes before it goes. */
const told = (
  call: Call,
  pod: ApiObject,
  dryRun: boolean,
): { readonly effect: Effect; readonly pod: ApiObject } => {
  if (dryRun) return { effect: noEffect(call.state), pod };
  const put = putObject(call.state, call.kind, withCondition(pod, disrupted, call.now), call.now);
  return { effect: { state: put.state, changes: [put.change] }, pod: put.object };
};

const optionsOf = (call: Call, body: JsonObject) =>
  deleteOptions({ ...call.request, body: JSON.stringify(objectAt(body, "deleteOptions")) });

const evicted = (call: Call, pod: ApiObject, options: DeleteOptions) => {
  const { resourceVersion: asked, ...rest } = options;
  const now = told(call, pod, options.dryRun);
  // the version that was asked for is that of before it was told
  const expected = asked === pod.metadata.resourceVersion ? now.pod.metadata.resourceVersion : asked;
  const wanted = expected === undefined ? rest : { ...rest, resourceVersion: expected };
  const deleted = deleteOne(now.effect.state, call.kind, now.pod, wanted, call.now);
  return E.isLeft(deleted) ? deleted : E.right({
    state: deleted.right.effect.state,
    changes: [...now.effect.changes, ...deleted.right.effect.changes],
  });
};

/** `POST pods/NAME/eviction`: a deletion that says so. Disruption budgets are not served, so that none is in its way. */
export const podEviction: Custom = (call, body = {}, pod) => {
  if (textAt(body, "metadata", "name") !== call.name) {
    return E.left(badRequest("name in URL does not match name in Eviction object"));
  }
  const options = optionsOf(call, body);
  if (E.isLeft(options)) return options;
  if (pod === undefined) return E.left(notFound(subjectOf(call)));
  const effect = evicted(call, pod, options.right);
  return E.isLeft(effect) ? effect : E.right(answered(effect.right, 201, success));
};
