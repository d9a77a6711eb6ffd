import type { Pod } from "../kubernetes/pod.ts";
import type { Service } from "../kubernetes/service.ts";
import { type Objects, seeAll } from "../objects/objects.ts";
import { serviceKeys } from "../objects/references.ts";
import { lookup } from "../table.ts";

/** The variables of one service (Kubernetes docs, "Discovering services"; the Docker links' names with them). */
const variablesOf = ({ metadata, clusterIP, ports }: Service): readonly (readonly [string, string])[] => {
  const prefix = metadata.name.toUpperCase().replaceAll("-", "_");
  const [first] = ports;
  const host = clusterIP.includes(":") ? `[${clusterIP}]` : clusterIP;
  const urlOf = ({ protocol = "TCP", port }: Service["ports"][number]): string =>
    `${protocol.toLowerCase()}://${host}:${port}`;
  const head = [[`${prefix}_SERVICE_HOST`, clusterIP]] as const;
  if (first === undefined) return head;
  return [
    ...head,
    [`${prefix}_SERVICE_PORT`, String(first.port)],
    ...ports.filter(({ name = "" }) => name !== "").map(({ name = "", port }) =>
      [`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll("-", "_")}`, String(port)] as const
    ),
    [`${prefix}_PORT`, urlOf(first)],
    ...ports.flatMap((each) => {
      const { protocol = "TCP", port } = each;
      const name = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
      return [
        [name, urlOf(each)],
        [`${name}_PROTO`, protocol.toLowerCase()],
        [`${name}_PORT`, String(port)],
        [`${name}_ADDR`, clusterIP],
      ] as const;
    }),
  ];
};

const hasAddress = ({ clusterIP }: Service): boolean => clusterIP !== "" && clusterIP !== "None";

const byName = (a: Service, b: Service): number => a.metadata.name < b.metadata.name ? -1 : 1;

/**
 * The variables of the services that a pod is told of: `kubernetes` of the namespace `default`, and unless
 * `enableServiceLinks` is false all of its own namespace, which win. Services without an address are left out. By name of
 * the service: the same services give the same list. `undefined`: not all of them have been read yet.
 */
export const serviceEnv = (pod: Pod, objects: Objects): ReadonlyMap<string, string> | undefined => {
  const chosen = new Map<string, Service>();
  for (const key of serviceKeys(pod)) {
    const all = seeAll(objects, key);
    if (all._tag === "Unknown") return undefined;
    for (const one of all._tag === "Present" ? all.value.values() : []) {
      if (one._tag !== "Present" || one.value.kind !== "Service" || !hasAddress(one.value)) continue;
      chosen.set(one.value.metadata.name, one.value);
    }
  }
  return new Map([...chosen.values()].sort(byName).flatMap(variablesOf));
};

/** Why the services could not be read; `undefined`: they were not asked for yet, or the answer is on its way. */
export const servicesFault = (pod: Pod, objects: Objects): string | undefined => {
  const fault = serviceKeys(pod).map((key) => lookup(objects.entries, key)?.fault).find((each) =>
    each !== undefined
  );
  return fault === undefined
    ? undefined
    : `failed to read services: ${fault} (a pod with enableServiceLinks: false needs only default/kubernetes)`;
};
