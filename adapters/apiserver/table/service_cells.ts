import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import { entriesAt, numberAt, objectsAt, textAt, textOf, textsAt } from "../kinds/fields.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf } from "./age.ts";
import { ageColumn, column, nameColumn, wideColumn } from "./columns.ts";

export const serviceColumns: readonly Column[] = [
  nameColumn,
  column("Type", "How the service is reached."),
  column("Cluster-IP", "Its address in the cluster."),
  column("External-IP", "Its addresses outside of it."),
  column("Port(s)", "Its ports."),
  ageColumn,
  wideColumn("Selector", "Which pods serve."),
];

const balancers = (service: ApiObject): readonly string[] => {
  const addresses = objectsAt(service, "status", "loadBalancer", "ingress")
    .map((ingress) => textAt(ingress, "ip") || textAt(ingress, "hostname"));
  return [...new Set(addresses.filter((address) => address !== ""))].sort();
};

const externalOf = (service: ApiObject): string => {
  const given = textsAt(service, "spec", "externalIPs");
  switch (textAt(service, "spec", "type")) {
    case "ClusterIP":
    case "NodePort":
      return given.join(",") || "<none>";
    case "LoadBalancer":
      return [...balancers(service), ...given].join(",") || "<pending>";
    case "ExternalName":
      return textAt(service, "spec", "externalName");
    default:
      return "<unknown>";
  }
};

const portsOf = (service: ApiObject): string =>
  objectsAt(service, "spec", "ports").map((port) => {
    const node = numberAt(port, "nodePort") ?? 0;
    return `${numberAt(port, "port") ?? 0}${node > 0 ? `:${node}` : ""}/${textAt(port, "protocol")}`;
  }).join(",") || "<none>";

export const serviceCells = (service: ApiObject, now: Now): readonly Json[] => {
  const selector = entriesAt(service, "spec", "selector").map(([key, value]) => `${key}=${textOf(value)}`)
    .sort();
  return [
    service.metadata.name,
    textAt(service, "spec", "type"),
    textsAt(service, "spec", "clusterIPs")[0] ?? "<none>",
    externalOf(service),
    portsOf(service),
    ageOf(service, now),
    selector.join(",") || "<none>",
  ];
};
