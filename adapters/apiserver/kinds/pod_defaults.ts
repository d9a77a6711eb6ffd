import type { ApiObject, JsonObject } from "../object.ts";
import { containerDefaults } from "./container_defaults.ts";
import { at, numberAt, objectAt, objectsAt, textAt, withDefaults, withField, withItems } from "./fields.ts";
import { withPodRequests } from "./pod_resources.ts";
import { volumeDefaults } from "./volume_defaults.ts";

/** Every list of containers in a pod's spec. */
export const containerLists = ["containers", "initContainers", "ephemeralContainers"] as const;

const specDefaults = (said: JsonObject): JsonObject => {
  const containers = containerDefaults(at(said, "hostNetwork") === true);
  const spec = containerLists.reduce((object, name) => withItems(object, name, containers), said);
  const account = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount");
  const named = account === ""
    ? spec
    : withField(withField(spec, "serviceAccountName", () => account), "serviceAccount", () => account);
  return withDefaults(withItems(named, "volumes", volumeDefaults), {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    enableServiceLinks: true,
  });
};

/** A negative period is one second. */
const graced = (spec: JsonObject): JsonObject => {
  const period = numberAt(spec, "terminationGracePeriodSeconds") ?? 0;
  return period < 0 ? { ...spec, terminationGracePeriodSeconds: 1 } : spec;
};

/** `podIP` and the first of `podIPs` are one: where they differ, it is `podIP` that counts. */
const withAddresses = (status: JsonObject): JsonObject => {
  const one = textAt(status, "podIP"), first = textAt(objectsAt(status, "podIPs")[0], "ip");
  if (one === first) return status;
  return one === "" ? { ...status, podIP: first } : { ...status, podIPs: [{ ip: one }] };
};

/** A pod with all that the API documents as defaults. */
export const podDefaults = (object: ApiObject): ApiObject => {
  const spec = withPodRequests(graced(specDefaults(objectAt(object, "spec"))));
  const status = withAddresses(objectAt(object, "status"));
  return { ...object, spec, status };
};
