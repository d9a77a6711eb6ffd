import { formatTime, type Now } from "../../../core/time.ts";
import type { ApiObject, JsonObject } from "../object.ts";

/** The condition that says that somebody else than the pod has ended it. */
export const disruptionTarget = (
  pod: ApiObject,
  reason: string,
  message: string,
  now: Now,
): JsonObject => ({
  type: "DisruptionTarget",
  status: "True",
  reason,
  message,
  lastTransitionTime: formatTime(now.wall),
  ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
});
