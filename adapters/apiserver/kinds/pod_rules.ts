import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { nodeAffinityFaults } from "./affinity_rules.ts";
import { duplicate, forbiddenField, invalidValue, invalidValues, oneOf } from "./causes.ts";
import {
  containersFaults,
  ephemeralContainersFaults,
  imagesFaults,
  initContainersFaults,
  type Surroundings,
} from "./container_rules.ts";
import { dnsFaults, hostAliasFaults } from "./dns_rules.ts";
import { at, entriesAt, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { labelFaults, metaFaults } from "./meta_rules.ts";
import { dnsLabel, dnsSubdomain, qualifiedName } from "./name_rules.ts";
import { podAffinityFaults } from "./pod_affinity_rules.ts";
import { podSecurityFaults } from "./security_rules.ts";
import { spreadFaults } from "./spread_rules.ts";
import { systemFaults } from "./system_rules.ts";
import { tolerationsFaults } from "./toleration_rules.ts";
import { volumeFaults } from "./volume_rules.ts";

const restartPolicies = ["Always", "OnFailure", "Never"] as const;
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] as const;

const names = {
  serviceAccountName: dnsSubdomain,
  nodeName: dnsSubdomain,
  hostname: dnsLabel,
  subdomain: dnsLabel,
  priorityClassName: dnsSubdomain,
  runtimeClassName: dnsSubdomain,
} as const;

const nameFaults = (spec: JsonObject, asked: readonly (keyof typeof names)[]): readonly Cause[] =>
  asked.flatMap((name) => {
    const value = textAt(spec, name);
    return value === "" ? [] : invalidValues(`spec.${name}`, value, names[name](value));
  });

/** The longest `activeDeadlineSeconds`. */
const maxSeconds = 2 ** 31 - 1;

const deadlineFaults = (spec: JsonObject): readonly Cause[] => {
  const seconds = numberAt(spec, "activeDeadlineSeconds");
  return seconds !== undefined && (seconds < 1 || seconds > maxSeconds)
    ? [invalidValue("spec.activeDeadlineSeconds", seconds, `must be between 1 and ${maxSeconds}, inclusive`)]
    : [];
};

const hostNetworkFaults = (spec: JsonObject): readonly Cause[] => {
  if (at(spec, "hostNetwork") !== true) return [];
  return objectsAt(spec, "containers").flatMap((container, index) =>
    objectsAt(container, "ports").flatMap((port, number) => {
      const host = numberAt(port, "hostPort") ?? 0;
      const place = `spec.containers[${index}].ports[${number}].hostPort`;
      return host === numberAt(port, "containerPort")
        ? []
        : [invalidValue(place, host, "must match `containerPort` when `hostNetwork` is true")];
    })
  );
};

const gateFaults = (spec: JsonObject): readonly Cause[] => {
  const seen = new Set<string>();
  const scheduling = objectsAt(spec, "schedulingGates").flatMap((gate, index) => {
    const path = `spec.schedulingGates[${index}]`, name = textAt(gate, "name");
    const twice = seen.has(name) ? [duplicate(path, name)] : [];
    seen.add(name);
    return [...invalidValues(path, name, qualifiedName(name)), ...twice];
  });
  const readiness = objectsAt(spec, "readinessGates").flatMap((gate, index) => {
    const type = textAt(gate, "conditionType");
    return invalidValues(`spec.readinessGates[${index}].conditionType`, type, qualifiedName(type));
  });
  return [...readiness, ...scheduling];
};

/** Faults of a pod's spec. Resource claims and what Windows has not are not looked at. */
const specFaults = (pod: ApiObject, isNew: boolean): readonly Cause[] => {
  const spec = objectAt(pod, "spec");
  const { faults, usable } = volumeFaults(objectsAt(spec, "volumes"), pod.metadata.name);
  const around: Surroundings = {
    volumes: usable,
    graceSeconds: numberAt(spec, "terminationGracePeriodSeconds") ?? 0,
    restartPolicy: textAt(spec, "restartPolicy"),
    ownUsers: at(spec, "hostUsers") === false,
  };
  const containers = objectsAt(spec, "containers"), init = objectsAt(spec, "initContainers");
  const ephemeral = objectsAt(spec, "ephemeralContainers");
  return [
    ...faults,
    ...containersFaults(containers, around),
    ...initContainersFaults(init, containers, around),
    ...ephemeralContainersFaults(ephemeral, [...containers, ...init], around),
    ...hostNetworkFaults(spec),
    ...oneOf("spec.restartPolicy", textAt(spec, "restartPolicy"), restartPolicies),
    ...oneOf("spec.dnsPolicy", textAt(spec, "dnsPolicy"), dnsPolicies),
    ...labelFaults("spec.nodeSelector", entriesAt(spec, "nodeSelector")),
    ...podSecurityFaults(spec),
    ...nodeAffinityFaults(spec),
    ...podAffinityFaults(spec),
    ...dnsFaults(spec),
    ...gateFaults(spec),
    ...spreadFaults(spec, isNew ? objectAt(pod, "metadata", "labels") : undefined),
    ...nameFaults(spec, ["serviceAccountName", "nodeName"]),
    ...deadlineFaults(spec),
    ...nameFaults(spec, ["hostname", "subdomain"]),
    ...tolerationsFaults(objectsAt(spec, "tolerations")),
    ...hostAliasFaults(spec),
    ...nameFaults(spec, ["priorityClassName", "runtimeClassName"]),
    ...systemFaults(spec),
    ...imagesFaults(containers, "containers"),
    ...imagesFaults(init, "initContainers"),
  ];
};

/** Faults of a pod as it is, whether new or changed. */
export const podFaults = (pod: ApiObject, before: ApiObject | undefined): readonly Cause[] => {
  const rules = { namespaced: true, name: dnsSubdomain };
  const meta = metaFaults(pod, undefined, rules);
  const itself = [...meta, ...specFaults(pod, before === undefined)];
  if (before !== undefined) return [...metaFaults(pod, before, rules), ...itself];
  return at(pod, "spec", "ephemeralContainers") === undefined
    ? itself
    : [...itself, forbiddenField("spec.ephemeralContainers", "cannot be set on create")];
};
