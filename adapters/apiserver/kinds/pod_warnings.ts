import type { ApiObject, JsonObject } from "../object.ts";
import { at, isObject, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { nodeLabelWarnings, podAffinityWarnings } from "./label_warnings.ts";
import { dnsLabel } from "./name_rules.ts";
import { amountOf } from "./quantities.ts";
import { volumeWarnings } from "./volume_warnings.ts";

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
  ports.flatMap((port, index) => [
    ...addressWarnings(port),
    ...ports.slice(0, index)
      .filter((other) => portKey(other) === portKey(port))
      .flatMap((other) => overlap(port, other) ?? []),
  ]);

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

/** Annotations that were there before their fields. */
const formerAnnotations: readonly (readonly [RegExp, string])[] = [
  [
    /^container\.apparmor\.security\.beta\.kubernetes\.io\//,
    'deprecated since v1.30; use the "appArmorProfile"',
  ],
  [
    /^scheduler\.alpha\.kubernetes\.io\/critical-pod$/,
    'non-functional in v1.16+; use the "priorityClassName"',
  ],
  [/^security\.alpha\.kubernetes\.io\/(unsafe-)?sysctls$/, 'non-functional in v1.11+; use the "sysctls"'],
  [/^seccomp\.security\.alpha\.kubernetes\.io\/pod$/, 'non-functional in v1.27+; use the "seccompProfile"'],
];

const annotationWarnings = (pod: ApiObject): readonly string[] => {
  const keys = Object.keys(objectAt(pod, "metadata", "annotations")).sort();
  return formerAnnotations.flatMap(([pattern, text]) =>
    keys.filter((key) => pattern.test(key)).map((key) =>
      `metadata.annotations[${key}]: ${text} field instead`
    )
  );
};

const seccompWarnings = (pod: ApiObject, { value }: Placed): readonly string[] => {
  const key = `container.seccomp.security.alpha.kubernetes.io/${textAt(value, "name")}`;
  return at(pod, "metadata", "annotations", key) === undefined
    ? []
    : [`metadata.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`];
};

const aliasWarnings = (pod: ApiObject): readonly string[] => {
  const addresses = objectsAt(pod, "spec", "hostAliases").map((alias) => textAt(alias, "ip"));
  return addresses.flatMap((ip, index) =>
    addresses.indexOf(ip) < index ? [`spec.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`] : []
  );
};

const unit = 1_000_000_000n;

/** Bytes have no parts. */
const fractionWarnings = ({ path, value }: Placed): readonly string[] =>
  ["limits", "requests"].flatMap((list) => {
    const amounts = objectAt(value, "resources", list);
    return ["memory", "ephemeral-storage"].flatMap((name) => {
      const amount = amountOf(amounts, name) ?? 0n;
      const text = JSON.stringify(textAt(amounts, name));
      return amount % unit === 0n ? [] : [
        `${path}.resources.${list}[${name}]: fractional byte value ${text} is invalid, must be an integer`,
      ];
    });
  });

const addressWarnings = ({ path, value }: Placed): readonly string[] => {
  const host = numberAt(value, "hostPort") ?? 0, address = textAt(value, "hostIP");
  if (host !== 0 || address === "") return [];
  const [name, port] = [textAt(value, "name"), numberAt(value, "containerPort") ?? 0];
  const told = `{Name:${name} HostPort:0 ContainerPort:${port} Protocol:${
    textAt(value, "protocol")
  } HostIP:${address}}`;
  return [`${path}: hostIP set without hostPort: ${told}`];
};

const secretWarnings = (pod: ApiObject): readonly string[] => {
  const secrets = objectsAt(objectAt(pod, "spec"), "imagePullSecrets").map((one) => textAt(one, "name"));
  return secrets.flatMap((name, index) => {
    const path = `spec.imagePullSecrets[${index}].name`;
    if (name === "") return [`${path}: invalid empty name ""`];
    return secrets.indexOf(name) < index ? [`${path}: duplicate name ${JSON.stringify(name)}`] : [];
  });
};

/** What the client is told of a new pod. */
export const podWarnings = (pod: ApiObject, before: ApiObject | undefined): readonly string[] => {
  if (before !== undefined) return [];
  const containers = containersOf(pod);
  const ports = containers.flatMap((container) => itemsOf(container, "ports"));
  return [
    ...nameWarnings(pod),
    ...nodeLabelWarnings(pod),
    ...annotationWarnings(pod),
    ...volumeWarnings(pod),
    ...aliasWarnings(pod),
    ...secretWarnings(pod),
    ...containers.flatMap((container) => [
      ...seccompWarnings(pod, container),
      ...fractionWarnings(container),
      ...envWarnings(container),
    ]),
    ...portWarnings(ports),
    ...portNameWarnings(ports),
    ...podAffinityWarnings(pod),
  ];
};
