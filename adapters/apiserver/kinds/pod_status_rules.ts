import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { forbiddenField, immutable, invalidValue, invalidValues } from "./causes.ts";
import { at, isObject, numberAt, objectsAt, textAt } from "./fields.ts";
import { isAddress } from "./address.ts";
import { metaFaults } from "./meta_rules.ts";
import { dnsSubdomain, qualifiedName } from "./name_rules.ts";

const systemConditions: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

const conditionFaults = (pod: ApiObject): readonly Cause[] =>
  objectsAt(pod, "status", "conditions").flatMap((condition, index) => {
    const type = textAt(condition, "type");
    return systemConditions.has(type)
      ? []
      : invalidValues(`status.conditions[${index}].Type`, type, qualifiedName(type));
  });

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

const addressFaults = (pod: ApiObject, list: "podIPs" | "hostIPs"): readonly Cause[] =>
  objectsAt(pod, "status", list).flatMap((address, index) => {
    const ip = textAt(address, "ip");
    return isAddress(ip) ? [] : [
      invalidValue(
        `status.${list}[${index}]`,
        ip,
        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
      ),
    ];
  });

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
  ...immutable("status.qosClass", at(next, "status", "qosClass"), at(before, "status", "qosClass")),
  ...transitionFaults(next, before),
  ...addressFaults(next, "podIPs"),
  ...hostAddressFaults(next),
  ...addressFaults(next, "hostIPs"),
];
