import { type Either, mapLeft, right } from "fp-ts/lib/Either.js";
import { equivalent } from "../../../core/equivalent.ts";
import { type ApiError, invalid } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import type { ServerState } from "../state.ts";
import { serviceCells, serviceColumns } from "../table/service_cells.ts";
import { define, keeping, part, proxyVerbs } from "./define.ts";
import { at, numberAt, objectAt, objectsAt, textAt, withDefaults, withField, withItems } from "./fields.ts";
import { dnsLabel } from "./name_rules.ts";
import { validator } from "./rules.ts";
import { withAddresses } from "./service_addresses.ts";
import { serviceFaults, serviceUpdateFaults } from "./service_rules.ts";

/** Three hours. */
const affinitySeconds = 10_800;

const portDefaults = (port: JsonObject): JsonObject => {
  const target = at(port, "targetPort");
  const aimed = target === undefined || target === 0 || target === ""
    ? { ...port, targetPort: numberAt(port, "port") ?? 0 }
    : port;
  return withDefaults(aimed, { protocol: "TCP" });
};

const withAffinity = (spec: JsonObject): JsonObject => {
  const config = { clientIP: { timeoutSeconds: affinitySeconds } };
  switch (textAt(spec, "sessionAffinity")) {
    case "None":
      return withField(spec, "sessionAffinityConfig", () => undefined);
    case "ClientIP": {
      const said = at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
      return said === undefined ? { ...spec, sessionAffinityConfig: config } : spec;
    }
    default:
      return spec;
  }
};

/** `clusterIP` is the first of `clusterIPs`. */
const withAddress = (spec: JsonObject): JsonObject => {
  const one = textAt(spec, "clusterIP");
  return one === "" ? spec : withDefaults(spec, { clusterIPs: [one] });
};

const defaults = (object: ApiObject): ApiObject => {
  const typed = withDefaults(objectAt(object, "spec"), { sessionAffinity: "None", type: "ClusterIP" });
  const type = textAt(typed, "type");
  const isReached = type === "NodePort" || type === "LoadBalancer";
  const spec = withDefaults(withAddress(withAffinity(withItems(typed, "ports", portDefaults))), {
    ...(isReached ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(isReached || type === "ClusterIP" ? { internalTrafficPolicy: "Cluster" } : {}),
    ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
  });
  return { ...object, spec };
};

const allocated = (service: ApiObject, state: ServerState): Either<ApiError, ApiObject> =>
  mapLeft((cause: Parameters<typeof invalid>[3][number]) =>
    invalid("Service", "", service.metadata.name, [cause])
  )(withAddresses(service, state));

const sameNodePort = (port: JsonObject, before: ApiObject): number | undefined =>
  numberAt(
    objectsAt(before, "spec", "ports").find((one) =>
      at(one, "port") === at(port, "port") && at(one, "protocol") === at(port, "protocol")
    ),
    "nodePort",
  );

const isSame = (next: ApiObject, before: ApiObject, name: string): boolean =>
  equivalent(at(next, "spec", name), at(before, "spec", name));

const givenOut = [
  "clusterIP",
  "clusterIPs",
  "ipFamilies",
  "ipFamilyPolicy",
  "internalTrafficPolicy",
  "externalTrafficPolicy",
] as const;

/** What was given out goes with the type that had a use for it, unless it is said to be something else. */
const withoutGiven = (next: ApiObject, before: ApiObject): ApiObject => {
  const dropped = givenOut.filter((name) => isSame(next, before, name));
  const spec = dropped.reduce<JsonObject>(
    (rest, name) => withField(rest, name, () => undefined),
    objectAt(next, "spec"),
  );
  return { ...next, spec };
};

const withoutSame = (port: JsonObject, before: ApiObject): JsonObject =>
  withField(port, "nodePort", (value) => value === sameNodePort(port, before) ? undefined : value);

/** What was given out is kept by a write that says nothing of it, for as long as the type has any use for it. */
const withGiven = (next: ApiObject, before: ApiObject): ApiObject => {
  const type = textAt(next, "spec", "type");
  if (type === "ExternalName") return withoutGiven(next, before);
  if (textAt(before, "spec", "type") === "ExternalName") return next;
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = objectAt(before, "spec");
  const kept = Object.fromEntries(
    Object.entries({ clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy }).filter(([, value]) =>
      value !== undefined
    ),
  );
  const spec = withDefaults(objectAt(next, "spec"), kept);
  const ported = withItems(spec, "ports", (port) => {
    if (type === "ClusterIP") return withoutSame(port, before);
    const nodePort = sameNodePort(port, before);
    return nodePort === undefined ? port : withDefaults(port, { nodePort });
  });
  return { ...next, spec: ported };
};

const onUpdate: Kind["onUpdate"] = (next, before, subresource, { state }) =>
  subresource === "status"
    ? right(keeping(next, before, "spec"))
    : allocated(keeping(withGiven(next, before), before, "status"), state);

export const service: Kind = define({
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  subresources: {
    proxy: { verbs: proxyVerbs, kind: "ServiceProxyOptions", apiVersion: "v1" },
    status: part,
  },
  fields: {
    "spec.clusterIP": (object) => textAt(object, "spec", "clusterIP"),
    "spec.type": (object) => textAt(object, "spec", "type"),
  },
  columns: serviceColumns,
  cells: serviceCells,
  defaults,
  onCreate: (object, { state }) => allocated({ ...object, status: { loadBalancer: {} } }, state),
  onUpdate,
  validate: validator({
    namespaced: true,
    name: dnsLabel,
    faults: serviceFaults,
    changeFaults: serviceUpdateFaults,
  }),
});
