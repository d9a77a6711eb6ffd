import { equivalent } from "../equivalent.ts";
import type { ObjectRef } from "../kubernetes/meta.ts";
import type { PodCondition, PodStatus } from "../kubernetes/pod_status.ts";
import { type ApiRequest, patchPodStatus } from "../kubernetes/request.ts";

const ownedFields = [
  "phase",
  "reason",
  "message",
  "startTime",
  "hostIP",
  "hostIPs",
  "podIP",
  "podIPs",
  "observedGeneration",
  "initContainerStatuses",
  "containerStatuses",
] as const;

const conditionCovered = (want: PodCondition, have: readonly PodCondition[]): boolean => {
  const found = have.find((condition) => condition.type === want.type);
  return found !== undefined && found.status === want.status && equivalent(found.reason, want.reason) &&
    equivalent(found.message, want.message) && equivalent(found.lastTransitionTime, want.lastTransitionTime);
};

/** Whether `have` already says all that `want` says; what others own in `have` is not looked at. */
export const statusCovered = (want: PodStatus, have: PodStatus): boolean =>
  ownedFields.every((field) => equivalent(want[field], have[field])) &&
  (want.conditions ?? []).every((condition) => conditionCovered(condition, have.conditions ?? []));

type Ips = readonly { readonly ip: string }[] | undefined;

/** `podIPs` and `hostIPs` merge by `ip` in a strategic merge: other addresses must be replaced outright. */
const ipsPatch = (want: Ips, have: Ips): unknown => {
  if (want === undefined) {
    return have === undefined || have.length === 0 ? undefined : [{ $patch: "replace" }];
  }
  const stale = (have ?? []).length > 0 && !equivalent(want, have);
  return stale ? [{ $patch: "replace" }, ...want] : want;
};

const orNull = (want: unknown, have: unknown): unknown =>
  want === undefined && have !== undefined ? null : want;

/**
 * The PATCH of `pods/status` that brings `have` to `want`: strategic merge, so that conditions of others survive;
 * `metadata.uid` is a precondition (the server answers 422 when the name belongs to another pod by now), and so is
 * `resourceVersion` where it is given (409): what was decided on an older object must not undo a newer one.
 */
export const statusPatch = (
  ref: ObjectRef,
  want: PodStatus,
  have: PodStatus,
  resourceVersion: string | undefined,
): ApiRequest => {
  const status: Record<string, unknown> = {};
  for (const field of ownedFields) {
    const value = field === "podIPs" || field === "hostIPs"
      ? ipsPatch(want[field], have[field])
      : orNull(want[field], have[field]);
    if (value !== undefined) status[field] = value;
  }
  status.conditions = (want.conditions ?? []).map((condition) => {
    const before = have.conditions?.find((old) => old.type === condition.type);
    // merged by type: a reason that is no longer there must be removed by name
    return {
      ...condition,
      reason: orNull(condition.reason, before?.reason),
      message: orNull(condition.message, before?.message),
    };
  });
  return patchPodStatus(ref.namespace, ref.name, { metadata: { uid: ref.uid, resourceVersion }, status });
};
