import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  invalidValues,
  notSupported,
  oneOf,
  required,
} from "./causes.ts";
import { downwardFileFaults } from "./env_rules.ts";
import { at, isObject, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { dnsLabel, dnsSubdomain } from "./name_rules.ts";
import { claimSpecFaults, driverFaults } from "./storage_rules.ts";

const modeFaults = (source: JsonObject, name: string, path: string): readonly Cause[] => {
  const mode = numberAt(source, name);
  return mode !== undefined && (mode < 0 || mode > 0o777)
    ? [invalidValue(`${path}.${name}`, mode, "must be a number between 0 and 0777 (octal), both inclusive")]
    : [];
};

const backsteps = (value: string, path: string): readonly Cause[] =>
  value.split("/").includes("..") ? [invalidValue(path, value, "must not contain '..'")] : [];

/** A path below a directory. */
export const descendingFaults = (value: string, path: string): readonly Cause[] => [
  ...(value.startsWith("/") ? [invalidValue(path, value, "must be a relative path")] : []),
  ...backsteps(value, path),
];

/** A path of a file that a volume makes: names with two dots are the kubelet's own. */
const fileFaults = (value: string, path: string): readonly Cause[] => [
  ...(value === "" ? [required(path)] : descendingFaults(value, path)),
  ...(value.startsWith("..") && value !== ".." && !value.startsWith("../")
    ? [invalidValue(path, value, "must not start with '..'")]
    : []),
];

const itemFaults = (source: JsonObject, path: string): readonly Cause[] =>
  objectsAt(source, "items").flatMap((item, index) => {
    const place = `${path}.items[${index}]`;
    return [
      ...(textAt(item, "key") === "" ? [required(`${place}.key`)] : []),
      ...fileFaults(textAt(item, "path"), `${place}.path`),
      ...modeFaults(item, "mode", place),
    ];
  });

const named = (source: JsonObject, name: string, path: string): readonly Cause[] =>
  textAt(source, name) === "" ? [required(`${path}.${name}`)] : [];

const downwardFaults = (source: JsonObject, path: string): readonly Cause[] =>
  objectsAt(source, "items").flatMap((file) => [
    ...fileFaults(textAt(file, "path"), `${path}.path`),
    ...downwardFileFaults(file, path),
    ...modeFaults(file, "mode", path),
  ]);

const tokenFaults = (token: JsonObject, path: string, volumePath: string): readonly Cause[] => {
  const seconds = numberAt(token, "expirationSeconds") ?? 0;
  const place = `${path}.expirationSeconds`;
  return [
    ...(seconds < 600
      ? [invalidValue(place, seconds, "may not specify a duration less than 10 minutes")]
      : []),
    ...(seconds > 2 ** 32
      ? [invalidValue(place, seconds, "may not specify a duration larger than 2^32 seconds")]
      : []),
    ...fileFaults(textAt(token, "path"), `${volumePath}.path`),
  ];
};

const projections = ["secret", "configMap", "downwardAPI", "serviceAccountToken"] as const;

const projectionFaults = (source: JsonObject, path: string, volumePath: string): readonly Cause[] =>
  projections.flatMap((name) => {
    const projection = at(source, name);
    const place = `${path}.${name}`;
    if (!isObject(projection)) return [];
    if (name === "downwardAPI") return downwardFaults(projection, place);
    if (name === "serviceAccountToken") return tokenFaults(projection, place, volumePath);
    return [...named(projection, "name", place), ...itemFaults(projection, place)];
  });

const filesOf = (source: JsonObject): readonly (readonly [string, string])[] =>
  (["secret", "configMap", "downwardAPI"] as const).flatMap((kind) =>
    objectsAt(source, kind, "items").map((item) => {
      const path = textAt(item, "path");
      return [path, kind === "downwardAPI" ? path : textAt(source, kind, "name")] as const;
    })
  );

const projectedFaults = (volume: JsonObject, path: string): readonly Cause[] => {
  const seen = new Set<string>();
  const files = objectsAt(volume, "sources").flatMap(filesOf).filter(([file]) => file !== "");
  const twice = files.filter(([file]) => seen.has(file) || (seen.add(file), false));
  return [
    ...modeFaults(volume, "defaultMode", path),
    ...objectsAt(volume, "sources").flatMap((source, index) =>
      projectionFaults(source, `${path}.sources[${index}]`, path)
    ),
    ...twice.map(([, named]) => invalidValue(path, named, "conflicting duplicate paths")),
  ];
};

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
] as const;

const hostPathFaults = (source: JsonObject, path: string): readonly Cause[] => {
  const place = textAt(source, "path"), type = textAt(source, "type");
  if (place === "") return [required(`${path}.path`)];
  return [
    ...backsteps(place, `${path}.path`),
    ...(hostPathTypes.some((one) => one === type) ? [] : [notSupported(`${path}.type`, type, hostPathTypes)]),
  ];
};

const emptyDirFaults = (source: JsonObject, path: string): readonly Cause[] =>
  textAt(source, "sizeLimit").startsWith("-")
    ? [forbiddenField(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity")]
    : [];

const sources: Readonly<Record<string, (source: JsonObject, path: string) => readonly Cause[]>> = {
  emptyDir: emptyDirFaults,
  hostPath: hostPathFaults,
  nfs: (source, path) => [
    ...named(source, "server", path),
    ...named(source, "path", path),
    ...(textAt(source, "path").startsWith("/")
      ? []
      : [invalidValue(`${path}.path`, textAt(source, "path"), "must be an absolute path")]),
  ],
  secret: (source, path) => [
    ...named(source, "secretName", path),
    ...modeFaults(source, "defaultMode", path),
    ...itemFaults(source, path),
  ],
  configMap: (source, path) => [
    ...named(source, "name", path),
    ...modeFaults(source, "defaultMode", path),
    ...itemFaults(source, path),
  ],
  persistentVolumeClaim: (source, path) => named(source, "claimName", path),
  downwardAPI: (
    source,
    path,
  ) => [...modeFaults(source, "defaultMode", path), ...downwardFaults(source, path)],
  projected: projectedFaults,
  csi: (source, path) => driverFaults(`${path}.driver`, textAt(source, "driver")),
  image: (source, path) => [
    ...named(source, "reference", path),
    ...oneOf(`${path}.pullPolicy`, textAt(source, "pullPolicy"), ["Always", "IfNotPresent", "Never"]),
  ],
  ephemeral: (source, path) => {
    const template = at(source, "volumeClaimTemplate"), place = `${path}.volumeClaimTemplate`;
    return isObject(template)
      ? claimSpecFaults(objectAt(template, "spec"), `${place}.spec`)
      : [required(place)];
  },
};

/** A claim of the pod's own is named after the pod and the volume. */
const claimNameFaults = (volume: JsonObject, path: string, podName: string): readonly Cause[] => {
  const name = textAt(volume, "name");
  if (!isObject(at(volume, "ephemeral", "volumeClaimTemplate")) || name === "" || podName === "") return [];
  const claim = `${podName}-${name}`;
  return dnsSubdomain(claim).map((message) =>
    invalidValue(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${message}`)
  );
};

const sourceFaults = (volume: JsonObject, path: string): readonly Cause[] => {
  const said = Object.keys(volume).filter((name) => name !== "name" && isObject(at(volume, name)));
  const order = Object.keys(sources);
  const [first, ...others] = said.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  if (first === undefined) return [required(path, "must specify a volume type")];
  return [
    ...(Object.hasOwn(sources, first)
      ? sources[first]?.(objectAt(volume, first), `${path}.${first}`) ?? []
      : []),
    ...others.map((name) => forbiddenField(`${path}.${name}`, "may not specify more than 1 volume type")),
  ];
};

/**
 * Faults of a pod's volumes; what can be mounted are those without any. Sources that no cluster has any more (iSCSI, RBD,
 * Azure, …) are not looked into.
 */
export const volumeFaults = (volumes: readonly JsonObject[], podName: string): {
  readonly faults: readonly Cause[];
  readonly usable: ReadonlyMap<string, JsonObject>;
} => {
  const usable = new Map<string, JsonObject>();
  const faults = volumes.flatMap((volume, index) => {
    const path = `spec.volumes[${index}]`;
    const name = textAt(volume, "name");
    const found = [
      ...sourceFaults(volume, path),
      ...claimNameFaults(volume, path, podName),
      ...(name === "" ? [required(`${path}.name`)] : invalidValues(`${path}.name`, name, dnsLabel(name))),
      ...(usable.has(name) ? [duplicate(`${path}.name`, name)] : []),
    ];
    if (found.length === 0) usable.set(name, volume);
    return found;
  });
  return { faults, usable };
};
