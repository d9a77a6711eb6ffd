import { type Either, left, right } from "fp-ts/lib/Either.js";
import { hashText } from "../../../core/hash.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { visitAfter } from "../objects.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { isV4 } from "./address.ts";
import { invalidValue } from "./causes.ts";
import { at, numberAt, objectAt, objectsAt, textAt, textsAt } from "./fields.ts";

/** Addresses of services: 10.96.0.0/16, of which the first is the API server's own. */
const range = { prefix: "10.96.", first: 2, last: 65534 } as const;
const ports = { first: 30000, last: 32767 } as const;

interface Taken {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

/** What the other services have. */
const takenBy = (state: ServerState, self: ApiObject): Taken => {
  const isServers = self.metadata.namespace === "default" && self.metadata.name === "kubernetes";
  const addresses = new Set<string>(isServers ? [] : ["10.96.0.1"]), nodePorts = new Set<number>();
  visitAfter(objectsOf(state, "services"), "", (_, service) => {
    const isSelf = service.metadata.name === self.metadata.name &&
      service.metadata.namespace === self.metadata.namespace;
    if (!isSelf) {
      for (const address of textsAt(service, "spec", "clusterIPs")) addresses.add(address);
      for (const port of objectsAt(service, "spec", "ports")) nodePorts.add(numberAt(port, "nodePort") ?? 0);
    }
    return true;
  });
  return { addresses, ports: nodePorts };
};

/** The first that is free from a place on that follows from the service's name. */
const free = (
  seed: string,
  first: number,
  last: number,
  isTaken: (value: number) => boolean,
): number | undefined => {
  const count = last - first + 1;
  const start = parseInt(hashText(seed).slice(0, 8), 16) % count;
  for (let step = 0; step < count; step++) {
    const value = first + (start + step) % count;
    if (!isTaken(value)) return value;
  }
  return undefined;
};

const addressAt = (place: number): string => `${range.prefix}${place >> 8}.${place & 255}`;

const nameOf = ({ metadata }: ApiObject): string => `${metadata.namespace}/${metadata.name}`;

const isAllocated = (service: ApiObject): boolean =>
  ["ClusterIP", "NodePort", "LoadBalancer"].includes(textAt(service, "spec", "type"));

const addressFault = (asked: string, why: string): Cause =>
  invalidValue("spec.clusterIPs", [asked], `failed to allocate IP ${asked}: ${why}`);

/** Nobody serves IPv6 here; a service that selects nothing and has no address may be of both families. */
const familiesOf = (service: ApiObject, address: string): JsonObject => {
  const isBoth = address === "None" && at(service, "spec", "selector") === undefined;
  return isBoth
    ? { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" }
    : { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
};

const addressOf = (service: ApiObject, taken: Taken): Either<Cause, string> => {
  const asked = textAt(service, "spec", "clusterIP") || (textsAt(service, "spec", "clusterIPs")[0] ?? "");
  if (asked === "None") return right(asked);
  if (asked !== "") {
    if (!isV4(asked)) return right(asked);
    if (!asked.startsWith(range.prefix)) {
      return left(addressFault(asked, "the provided network does not match the current range"));
    }
    return taken.addresses.has(asked)
      ? left(addressFault(asked, "provided IP is already allocated"))
      : right(asked);
  }
  const place = free(
    nameOf(service),
    range.first,
    range.last,
    (value) => taken.addresses.has(addressAt(value)),
  );
  return place === undefined ? left(addressFault("", "range is full")) : right(addressAt(place));
};

const wantsNodePorts = (service: ApiObject): boolean => {
  const type = textAt(service, "spec", "type");
  return type === "NodePort" ||
    (type === "LoadBalancer" && at(service, "spec", "allocateLoadBalancerNodePorts") !== false);
};

const portFault = (index: number, port: number, why: string): Cause =>
  invalidValue(`spec.ports[${index}].nodePort`, port, why);

const withNodePorts = (service: ApiObject, taken: Taken): Either<Cause, readonly JsonObject[]> => {
  const said = objectsAt(service, "spec", "ports");
  if (!wantsNodePorts(service)) return right(said);
  const used = new Set(taken.ports);
  const given: JsonObject[] = [];
  for (const [index, port] of said.entries()) {
    const asked = numberAt(port, "nodePort") ?? 0;
    if (asked !== 0 && taken.ports.has(asked)) {
      return left(portFault(index, asked, "provided port is already allocated"));
    }
    if (asked !== 0 && (asked < ports.first || asked > ports.last)) {
      const valid = `The range of valid ports is ${ports.first}-${ports.last}`;
      return left(portFault(index, asked, `provided port is not in the valid range. ${valid}`));
    }
    const seed = `${nameOf(service)} ${numberAt(port, "port") ?? 0}`;
    const nodePort = asked || free(seed, ports.first, ports.last, (value) => used.has(value));
    if (nodePort === undefined) {
      return left(portFault(index, 0, "failed to allocate a nodePort: range is full"));
    }
    used.add(nodePort);
    given.push({ ...port, nodePort });
  }
  return right(given);
};

/** The service with addresses and node ports of its own, as far as its type has any; what it asks for must be free. */
export const withAddresses = (service: ApiObject, state: ServerState): Either<Cause, ApiObject> => {
  if (!isAllocated(service)) return right(service);
  const taken = takenBy(state, service);
  const address = addressOf(service, taken);
  if (address._tag === "Left") return address;
  const given = withNodePorts(service, taken);
  if (given._tag === "Left") return given;
  const spec = {
    ...familiesOf(service, address.right),
    ...objectAt(service, "spec"),
    clusterIP: address.right,
    clusterIPs: [address.right],
    ...(given.right.length === 0 ? {} : { ports: given.right }),
  };
  return right({ ...service, spec });
};
