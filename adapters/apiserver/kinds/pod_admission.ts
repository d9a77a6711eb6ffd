import { type Either, left, right } from "fp-ts/lib/Either.js";
import { type ApiError, forbidden } from "../api_error.ts";
import type { Context } from "../kind.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt as storedAt } from "../objects.ts";
import { objectsOf } from "../state.ts";
import { at, entriesAt, listAt, objectAt, objectsAt, textAt, withDefaults, withField } from "./fields.ts";

/** What nodes that are not ready or not reached do to pods after five minutes, when pods say nothing of it. */
const awayKeys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] as const;

const tolerates = (toleration: JsonObject, key: string): boolean =>
  ["", key].includes(textAt(toleration, "key")) && ["", "NoExecute"].includes(textAt(toleration, "effect"));

/** The pod with the tolerations of 300 seconds that it does not have. */
export const withTolerations = (pod: ApiObject): ApiObject => {
  const had = objectsAt(pod, "spec", "tolerations");
  const missing = awayKeys.filter((key) => !had.some((one) => tolerates(one, key)));
  if (missing.length === 0) return pod;
  const added = missing.map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
  }));
  const tolerations = [...listAt(pod, "spec", "tolerations"), ...added];
  return withField(pod, "spec", () => ({ ...objectAt(pod, "spec"), tolerations }));
};

/** The two classes that are in every cluster; PriorityClasses are not served, so that there are no others. */
const classes: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

const refused = (pod: ApiObject, why: string): Either<ApiError, never> =>
  left(forbidden({ group: "", plural: "pods", name: textAt(pod, "metadata", "name") }, why));

export const admitPriority = (pod: ApiObject): Either<ApiError, ApiObject> => {
  const spec = objectAt(pod, "spec");
  const name = textAt(spec, "priorityClassName");
  const priority = name === "" ? 0 : Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (priority === undefined) return refused(pod, `no PriorityClass with name ${name} was found`);
  const said = at(spec, "priority") ?? priority;
  if (said !== priority) {
    const computed = `priority admission controller computed ${priority} from the given PriorityClass name`;
    return refused(
      pod,
      `the integer value of priority (${said}) must not be provided in pod spec; ${computed}`,
    );
  }
  const policy = { preemptionPolicy: "PreemptLowerPriority" };
  const policySaid = textAt(spec, "preemptionPolicy") || policy.preemptionPolicy;
  if (policySaid !== policy.preemptionPolicy) {
    const computed =
      `priority admission controller computed ${policy.preemptionPolicy} from the given PriorityClass name`;
    return refused(
      pod,
      `the string value of PreemptionPolicy (${policySaid}) must not be provided in pod spec; ${computed}`,
    );
  }
  return right(withField(pod, "spec", () => ({ ...spec, priority, ...policy })));
};

const withScheduling = (spec: JsonObject, runtimeClass: ApiObject): JsonObject => {
  const nodeSelector = Object.fromEntries([
    ...entriesAt(spec, "nodeSelector"),
    ...entriesAt(runtimeClass, "scheduling", "nodeSelector"),
  ]);
  const tolerations = [...listAt(spec, "tolerations"), ...listAt(runtimeClass, "scheduling", "tolerations")];
  return {
    ...spec,
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
  };
};

/** The overhead and the scheduling of the pod's RuntimeClass, which must be there. */
export const admitRuntimeClass = (pod: ApiObject, { state }: Context): Either<ApiError, ApiObject> => {
  const spec = objectAt(pod, "spec");
  const name = textAt(spec, "runtimeClassName");
  const overheadSaid = at(spec, "overhead");
  if (name === "") {
    return overheadSaid === undefined
      ? right(pod)
      : refused(pod, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
  }
  const runtimeClass = storedAt(objectsOf(state, "runtimeclasses.node.k8s.io"), keyOf(undefined, name));
  if (runtimeClass === undefined) {
    return refused(pod, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  }
  const overhead = at(runtimeClass, "overhead", "podFixed");
  const charged = overhead === undefined ? spec : withDefaults(spec, { overhead });
  return right(withField(pod, "spec", () => withScheduling(charged, runtimeClass)));
};
