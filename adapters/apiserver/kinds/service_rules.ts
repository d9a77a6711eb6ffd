import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { isAddress } from "./address.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  invalidValues,
  notSupported,
  oneOf,
  required,
} from "./causes.ts";
import { at, entriesAt, listAt, numberAt, objectsAt, textAt, textsAt } from "./fields.ts";
import { portFaults } from "./handler_rules.ts";
import { labelFaults } from "./meta_rules.ts";
import { dnsLabel, dnsSubdomain, portNumber } from "./name_rules.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"] as const;
const protocols = ["SCTP", "TCP", "UDP"] as const;
const affinities = ["ClientIP", "None"] as const;

const isHeadless = (service: ApiObject): boolean => textAt(service, "spec", "clusterIP") === "None";

const typeFaults = (service: ApiObject): readonly Cause[] => {
  const type = textAt(service, "spec", "type");
  if (type === "ExternalName") {
    const name = textAt(service, "spec", "externalName").replace(/\.$/, "");
    const said = listAt(service, "spec", "clusterIPs").length > 0;
    return [
      ...(said ? [forbiddenField("spec.clusterIPs", "may not be set for ExternalName services")] : []),
      ...(name === ""
        ? [required("spec.externalName")]
        : invalidValues("spec.externalName", name, dnsSubdomain(name))),
    ];
  }
  const isReached = type === "LoadBalancer" || type === "NodePort";
  return isReached && isHeadless(service)
    ? [invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`)]
    : [];
};

const portRule = (port: JsonObject, path: string, needsName: boolean): readonly Cause[] => {
  const name = textAt(port, "name"), number = numberAt(port, "port") ?? 0;
  return [
    ...(name === ""
      ? needsName ? [required(`${path}.name`)] : []
      : invalidValues(`${path}.name`, name, dnsLabel(name))),
    ...portNumber(number).map((message) => invalidValue(`${path}.port`, number, message)),
    ...oneOf(`${path}.protocol`, textAt(port, "protocol"), protocols),
    ...portFaults(at(port, "targetPort"), `${path}.targetPort`),
  ];
};

/** Ports that are the second of a name. */
const sameNames = (ports: readonly JsonObject[]): ReadonlySet<number> => {
  const names = ports.map((port) => textAt(port, "name"));
  return new Set(names.flatMap((name, index) => name !== "" && names.indexOf(name) < index ? [index] : []));
};

const portsFaults = (service: ApiObject): readonly Cause[] => {
  const ports = objectsAt(service, "spec", "ports");
  const isExternal = textAt(service, "spec", "type") === "ExternalName";
  if (ports.length === 0) return isHeadless(service) || isExternal ? [] : [required("spec.ports")];
  const twice = sameNames(ports);
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`;
    const same = twice.has(index) ? [duplicate(`${path}.name`, textAt(port, "name"))] : [];
    return [...portRule(port, path, ports.length > 1), ...same];
  });
};

const repeated = (
  ports: readonly JsonObject[],
  name: "port" | "nodePort",
  fault: (port: JsonObject, index: number) => Cause,
): readonly Cause[] => {
  const keys = ports.map((port) => `${textAt(port, "protocol")} ${numberAt(port, name) ?? 0}`);
  return ports.flatMap((port, index) =>
    (numberAt(port, name) ?? 0) !== 0 && keys.indexOf(keys[index] ?? "") < index ? [fault(port, index)] : []
  );
};

const uniquenessFaults = (service: ApiObject): readonly Cause[] => {
  const ports = objectsAt(service, "spec", "ports");
  const isInner = textAt(service, "spec", "type") === "ClusterIP";
  return [
    ...ports.flatMap((port, index) =>
      isInner && (numberAt(port, "nodePort") ?? 0) !== 0
        ? [forbiddenField(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")]
        : []
    ),
    ...repeated(
      ports,
      "nodePort",
      (port, index) => duplicate(`spec.ports[${index}].nodePort`, numberAt(port, "nodePort") ?? 0),
    ),
    ...repeated(ports, "port", (port, index) =>
      duplicate(`spec.ports[${index}]`, {
        Name: "",
        Protocol: textAt(port, "protocol"),
        AppProtocol: null,
        Port: numberAt(port, "port") ?? 0,
        TargetPort: 0,
        NodePort: 0,
      })),
  ];
};

const addressFaults = (service: ApiObject): readonly Cause[] => {
  if (textAt(service, "spec", "type") === "ExternalName") return [];
  const one = textAt(service, "spec", "clusterIP");
  const all = textsAt(service, "spec", "clusterIPs");
  const first = one !== "" && all[0] !== one
    ? [invalidValue("spec.clusterIPs", all, "first value must match `clusterIP`")]
    : [];
  const why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  return [
    ...first,
    ...all.flatMap((address, index) =>
      isAddress(address) || (index === 0 && address === "None")
        ? []
        : [invalidValue(`spec.clusterIPs[${index}]`, address, why)]
    ),
  ];
};

/** Faults of a service. Load balancers, traffic policies and dual stacks are not looked at. */
export const serviceFaults = (service: ApiObject): readonly Cause[] => {
  const affinity = textAt(service, "spec", "sessionAffinity");
  const type = textAt(service, "spec", "type");
  return [
    ...portsFaults(service),
    ...typeFaults(service),
    ...labelFaults("spec.selector", entriesAt(service, "spec", "selector")),
    ...(affinities.some((one) => one === affinity)
      ? []
      : [notSupported("spec.sessionAffinity", affinity, affinities)]),
    ...addressFaults(service),
    ...(types.some((one) => one === type) ? [] : [notSupported("spec.type", type, types)]),
    ...uniquenessFaults(service),
  ];
};

/** A service keeps its address as long as it has one at all. */
export const serviceUpdateFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const external = [next, before].some((service) => textAt(service, "spec", "type") === "ExternalName");
  const now = listAt(next, "spec", "clusterIPs"), was = listAt(before, "spec", "clusterIPs");
  if (external || equivalent(now, was) || was.length === 0) return [];
  return [invalidValue("spec.clusterIPs[0]", now, "may not change once set")];
};
