import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { forbiddenField, immutable, invalidValue, invalidValues } from "./causes.ts";
import { at, isObject, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { isAddress, isDualStack } from "./address.ts";
import { metaFaults } from "./meta_rules.ts";
import { dnsSubdomain, qualifiedName } from "./name_rules.ts";

const systemConditions: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

const generationFaults = (said: JsonObject, path: string): readonly Cause[] => {
  const generation = numberAt(said, "observedGeneration") ?? 0;
  return generation < 0
    ? [invalidValue(`${path}.observedGeneration`, generation, "must be a non-negative integer")]
    : [];
};

const conditionFaults = (pod: ApiObject): readonly Cause[] =>
  objectsAt(pod, "status", "conditions").flatMap((condition, index) => {
    const type = textAt(condition, "type"), path = `status.conditions[${index}]`;
    return [
      ...generationFaults(condition, path),
      ...(systemConditions.has(type) ? [] : invalidValues(`${path}.Type`, type, qualifiedName(type))),
    ];
  });

const claimFaults = (pod: ApiObject): readonly Cause[] => {
  const claims = new Set(objectsAt(pod, "spec", "resourceClaims").map((claim) => textAt(claim, "name")));
  const unknown = "must match the name of an entry in `spec.resourceClaims`";
  return objectsAt(pod, "status", "resourceClaimStatuses").flatMap((status, index) => {
    const name = textAt(status, "name");
    return claims.has(name)
      ? []
      : [invalidValue(`status.resourceClaimStatuses[${index}].name`, name, unknown)];
  });
};

/** Whether a container that ended so may run again. */
const mayRestart = (container: JsonObject | undefined, podPolicy: string, exitCode: number): boolean => {
  if (at(container, "restartPolicyRules") !== undefined) return true;
  const policy = textAt(container, "restartPolicy") || podPolicy;
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
};

const lists = [
  ["containerStatuses", "containers"],
  ["initContainerStatuses", "initContainers"],
  ["ephemeralContainerStatuses", "ephemeralContainers"],
] as const;

const transitionFaults = (next: ApiObject, before: ApiObject): readonly Cause[] =>
  lists.flatMap(([list, containers]) =>
    objectsAt(before, "status", list).flatMap((was, index) => {
      const name = textAt(was, "name");
      const now = objectsAt(next, "status", list).find((status) => textAt(status, "name") === name);
      const ended = at(was, "state", "terminated");
      if (!isObject(ended) || now === undefined || isObject(at(now, "state", "terminated"))) return [];
      const container = objectsAt(before, "spec", containers).find((one) => textAt(one, "name") === name);
      const policy = list === "ephemeralContainerStatuses"
        ? "Never"
        : textAt(before, "spec", "restartPolicy");
      return mayRestart(container, policy, numberAt(ended, "exitCode") ?? 0) ? [] : [
        forbiddenField(`status.${list}[${index}].state`, "may not be transitioned to non-terminated state"),
      ];
    })
  );

const noAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

const addressFaults = (pod: ApiObject, list: "podIPs" | "hostIPs"): readonly Cause[] => {
  const addresses = objectsAt(pod, "status", list).map((address) => textAt(address, "ip"));
  const bad = addresses.flatMap((ip, index) =>
    isAddress(ip) ? [] : [invalidValue(`status.${list}[${index}]`, ip, noAddress)]
  );
  if (bad.length > 0 || isDualStack(addresses)) return bad;
  // in the server's own words for them
  const shown = addresses.map((ip) => ({ IP: ip }));
  return [invalidValue(`status.${list}`, shown, "may specify no more than one IP for each IP family")];
};

const hostAddressFaults = (pod: ApiObject): readonly Cause[] => {
  const [first] = objectsAt(pod, "status", "hostIPs");
  const ip = textAt(first, "ip");
  return first === undefined || ip === textAt(pod, "status", "hostIP")
    ? []
    : [invalidValue("status.hostIPs[0].ip", ip, "must be equal to `hostIP`")];
};

const nominatedFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const path = "status.nominatedNodeName";
  const name = textAt(next, "status", "nominatedNodeName");
  if (name === "" || name === textAt(before, "status", "nominatedNodeName")) return [];
  return [
    ...invalidValues(path, name, dnsSubdomain(name)),
    ...(textAt(before, "spec", "nodeName") === ""
      ? []
      : [forbiddenField(path, "may not be set on pods that are already bound to a node")]),
  ];
};

/** Faults of a pod's new status: what has ended stays ended unless it may be restarted, the QoS class never changes. */
export const podStatusFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => [
  ...metaFaults(next, before, { namespaced: true, name: dnsSubdomain }),
  ...conditionFaults(next),
  ...nominatedFaults(next, before),
  ...generationFaults(objectAt(next, "status"), "status"),
  ...immutable("status.qosClass", at(next, "status", "qosClass"), at(before, "status", "qosClass")),
  ...transitionFaults(next, before),
  ...claimFaults(next),
  ...addressFaults(next, "podIPs"),
  ...hostAddressFaults(next),
  ...addressFaults(next, "hostIPs"),
];
