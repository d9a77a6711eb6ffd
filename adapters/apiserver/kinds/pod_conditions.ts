import { formatTime, type Now } from "../../../core/time.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { listAt, objectAt, objectsAt, textAt } from "./fields.ts";

/** The pod with this condition; its transition is now unless its status stays what it was. */
export const withCondition = (pod: ApiObject, said: JsonObject, now: Now): ApiObject => {
  const type = textAt(said, "type");
  const conditions = objectsAt(pod, "status", "conditions");
  const was = conditions.find((one) => textAt(one, "type") === type);
  const isSame = was !== undefined && textAt(was, "status") === textAt(said, "status");
  const since = isSame ? was["lastTransitionTime"] ?? null : formatTime(now.wall);
  const condition = { lastProbeTime: null, ...said, lastTransitionTime: since };
  const next = was === undefined
    ? [...listAt(pod, "status", "conditions"), condition]
    : conditions.map((one) => one === was ? condition : one);
  return { ...pod, status: { ...objectAt(pod, "status"), conditions: next } };
};
