import { chain, type Either, map, right } from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { formatTime, type Now } from "../../../core/time.ts";
import type { ApiError } from "../api_error.ts";
import type { Context, Kind } from "../kind.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { podCells, podColumns } from "../table/pod_cells.ts";
import { changesSpec, define, keeping, part, proxyVerbs } from "./define.ts";
import { at, numberAt, objectAt, objectsAt, textAt, withDefaults, withField, withItems } from "./fields.ts";
import { withLabelKeys } from "./label_keys.ts";
import { admitPriority, admitRuntimeClass, withTolerations } from "./pod_admission.ts";
import { podDefaults } from "./pod_defaults.ts";
import { qosClassOf } from "./pod_qos.ts";
import { podFaults } from "./pod_rules.ts";
import { podStatusFaults } from "./pod_status_rules.ts";
import { ephemeralUpdateFaults, podUpdateFaults } from "./pod_update_rules.ts";
import { podWarnings } from "./pod_warnings.ts";
import { admitServiceAccount } from "./service_account_admission.ts";

const stream = (kind: string): Kind["subresources"][string] => ({
  verbs: ["create", "get"],
  kind,
  apiVersion: "v1",
});

/** As the real strategy: what runs nowhere, or runs no more, goes at once. */
const graceSeconds = (object: ApiObject, asked: number | undefined): number => {
  const phase = textAt(object, "status", "phase");
  if (textAt(object, "spec", "nodeName") === "" || phase === "Failed" || phase === "Succeeded") return 0;
  const period = asked ?? numberAt(object, "spec", "terminationGracePeriodSeconds") ?? 0;
  return period < 0 ? 1 : period;
};

const gatedCondition = (now: Now): JsonObject => ({
  type: "PodScheduled",
  status: "False",
  lastProbeTime: null,
  lastTransitionTime: formatTime(now.wall),
  reason: "SchedulingGated",
  message: "Scheduling is blocked due to non-empty scheduling gates",
});

const withNewStatus = (pod: ApiObject, now: Now): ApiObject => {
  const gated = objectsAt(pod, "spec", "schedulingGates").length > 0;
  const conditions = gated ? { conditions: [gatedCondition(now)] } : {};
  return withField(pod, "status", () => ({ phase: "Pending", ...conditions, qosClass: qosClassOf(pod) }));
};

const onCreate = (pod: ApiObject, context: Context): Either<ApiError, ApiObject> =>
  pipe(
    admitServiceAccount(pod, context),
    chain(admitPriority),
    chain((object) => admitRuntimeClass(object, context)),
    map((object) => withNewStatus(withTolerations(withLabelKeys(object)), context.now)),
  );

/** What nobody can leave out of a pod any more: it is taken from before. */
const withAdmitted = (next: ApiObject, before: ApiObject): ApiObject => {
  const { priority, preemptionPolicy } = objectAt(before, "spec");
  const admitted = {
    ...(priority === undefined ? {} : { priority }),
    ...(preemptionPolicy === undefined ? {} : { preemptionPolicy }),
  };
  return withTolerations(withField(next, "spec", () => withDefaults(objectAt(next, "spec"), admitted)));
};

/** A condition that says no generation keeps the one that it had. */
const withGenerations = (status: JsonObject, before: JsonObject): JsonObject => {
  const was = objectsAt(before, "conditions");
  const seen = at(before, "observedGeneration");
  const kept = seen === undefined ? status : withDefaults(status, { observedGeneration: seen });
  return withItems(kept, "conditions", (condition) => {
    const same = was.find((one) => textAt(one, "type") === textAt(condition, "type"));
    const generation = at(same, "observedGeneration");
    return generation === undefined ? condition : withDefaults(condition, { observedGeneration: generation });
  });
};

const withStatus = (next: ApiObject, before: ApiObject): ApiObject => {
  const was = objectAt(before, "status"), qosClass = at(was, "qosClass");
  const said = withGenerations(objectAt(next, "status"), was);
  const status = qosClass === undefined ? said : withDefaults(said, { qosClass });
  const owned = withField(next, "metadata", () => ({
    ...next.metadata,
    ownerReferences: before.metadata.ownerReferences,
  }));
  return { ...keeping(before.metadata.ownerReferences === undefined ? next : owned, before, "spec"), status };
};

const withEphemeral = (next: ApiObject, before: ApiObject): ApiObject => {
  const added = at(next, "spec", "ephemeralContainers");
  const spec = withField(objectAt(before, "spec"), "ephemeralContainers", () => added);
  return {
    ...before,
    metadata: { ...before.metadata, resourceVersion: next.metadata.resourceVersion },
    spec,
  };
};

const onUpdate = (
  next: ApiObject,
  before: ApiObject,
  subresource: string,
): Either<ApiError, ApiObject> => {
  switch (subresource) {
    case "status":
      return right(withStatus(next, before));
    case "ephemeralcontainers":
      return right(withEphemeral(next, before));
    default:
      return right(keeping(withAdmitted(next, before), before, "status"));
  }
};

const validate: Kind["validate"] = (pod, before, subresource) => {
  if (before === undefined) return podFaults(pod, undefined);
  if (subresource === "status") return podStatusFaults(pod, before);
  return subresource === "ephemeralcontainers"
    ? ephemeralUpdateFaults(pod, before)
    : podUpdateFaults(pod, before);
};

const selectable = (...path: readonly string[]) => (object: ApiObject): string => textAt(object, ...path);

export const pod: Kind = define({
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  subresources: {
    attach: stream("PodAttachOptions"),
    binding: { verbs: ["create"], kind: "Binding", apiVersion: "v1" },
    ephemeralcontainers: part,
    eviction: {
      verbs: ["create"],
      kind: "Eviction",
      apiVersion: "policy/v1",
      formerVersions: ["policy/v1beta1"],
    },
    exec: stream("PodExecOptions"),
    log: { verbs: ["get"] },
    portforward: stream("PodPortForwardOptions"),
    proxy: { verbs: proxyVerbs, kind: "PodProxyOptions", apiVersion: "v1" },
    status: part,
  },
  fields: {
    "spec.nodeName": selectable("spec", "nodeName"),
    "spec.restartPolicy": selectable("spec", "restartPolicy"),
    "spec.schedulerName": selectable("spec", "schedulerName"),
    "spec.serviceAccountName": selectable("spec", "serviceAccountName"),
    "spec.hostNetwork": (object) => `${at(object, "spec", "hostNetwork") === true}`,
    "status.phase": selectable("status", "phase"),
    "status.podIP": selectable("status", "podIP"),
    "status.podIPs": selectable("status", "podIPs"),
    "status.nominatedNodeName": selectable("status", "nominatedNodeName"),
  },
  columns: podColumns,
  cells: podCells,
  changesDesired: changesSpec,
  defaults: podDefaults,
  onCreate,
  onUpdate,
  validate,
  warnings: podWarnings,
  graceSeconds,
});
