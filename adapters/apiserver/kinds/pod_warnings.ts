import type { ApiObject, JsonObject } from "../object.ts";
import { at, isObject, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { dnsLabel } from "./name_rules.ts";

interface Placed {
  readonly path: string;
  readonly value: JsonObject;
}

const containersOf = (pod: ApiObject): readonly Placed[] =>
  ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(pod, "spec", list).map((value, index) => ({ path: `spec.${list}[${index}]`, value }))
  );

const itemsOf = ({ path, value }: Placed, list: string): readonly Placed[] =>
  objectsAt(value, list).map((item, index) => ({ path: `${path}.${list}[${index}]`, value: item }));

/** A variable that is said again without making use of what it was. */
const envWarnings = (container: Placed): readonly string[] => {
  const seen = new Set<string>();
  return itemsOf(container, "env").flatMap(({ path, value }) => {
    const name = textAt(value, "name"), text = textAt(value, "value"), itself = `$(${name})`;
    const isAgain = seen.has(name);
    seen.add(name);
    const hides = isObject(at(value, "valueFrom")) || text === itself || !text.includes(itself);
    return isAgain && hides
      ? [
        `${path}: hides previous definition of ${
          JSON.stringify(name)
        }, which may be dropped when using apply`,
      ]
      : [];
  });
};

const portKey = ({ value }: Placed): string =>
  `${numberAt(value, "containerPort") ?? 0}/${textAt(value, "protocol")}`;

const overlap = (port: Placed, other: Placed): string | undefined => {
  const host = numberAt(port.value, "hostPort") ?? 0, otherHost = numberAt(other.value, "hostPort") ?? 0;
  const sameAddress = textAt(port.value, "hostIP") === textAt(other.value, "hostIP");
  if (sameAddress && host === otherHost) return `${port.path}: duplicate port definition with ${other.path}`;
  return host === 0 || otherHost === 0
    ? `${port.path}: overlapping port definition with ${other.path}`
    : undefined;
};

const portWarnings = (ports: readonly Placed[]): readonly string[] =>
  ports.flatMap((port, index) =>
    ports.slice(0, index)
      .filter((other) => portKey(other) === portKey(port))
      .flatMap((other) => overlap(port, other) ?? [])
  );

const portNameWarnings = (ports: readonly Placed[]): readonly string[] =>
  ports.flatMap(({ path, value }, index) => {
    const name = textAt(value, "name");
    const first = name === ""
      ? undefined
      : ports.slice(0, index).find((other) => textAt(other.value, "name") === name);
    const users = "services and probes that select ports by name will use";
    return first === undefined
      ? []
      : [`${path}: duplicate port name ${JSON.stringify(name)} with ${first.path}, ${users} ${first.path}`];
  });

const nameWarnings = (pod: ApiObject): readonly string[] => {
  const bad = dnsLabel(textAt(pod, "metadata", "name"));
  const text =
    "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  return bad.length === 0 ? [] : [`metadata.name: ${text}: [${bad.join(" ")}]`];
};

const graceWarnings = (pod: ApiObject): readonly string[] =>
  (numberAt(pod, "spec", "terminationGracePeriodSeconds") ?? 0) < 0
    ? [
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ]
    : [];

const secretWarnings = (pod: ApiObject): readonly string[] => {
  const secrets = objectsAt(objectAt(pod, "spec"), "imagePullSecrets").map((one) => textAt(one, "name"));
  return secrets.flatMap((name, index) => {
    const path = `spec.imagePullSecrets[${index}].name`;
    if (name === "") return [`${path}: invalid empty name ""`];
    return secrets.indexOf(name) < index ? [`${path}: duplicate name ${JSON.stringify(name)}`] : [];
  });
};

/** What the client is told of a new pod. Deprecated labels, annotations and volume sources are not looked at. */
export const podWarnings = (pod: ApiObject, before: ApiObject | undefined): readonly string[] => {
  if (before !== undefined) return [];
  const containers = containersOf(pod);
  const ports = containers.flatMap((container) => itemsOf(container, "ports"));
  return [
    ...nameWarnings(pod),
    ...secretWarnings(pod),
    ...containers.flatMap(envWarnings),
    ...portWarnings(ports),
    ...portNameWarnings(ports),
    ...graceWarnings(pod),
  ];
};
