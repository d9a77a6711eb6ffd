import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { forbiddenField, invalidValue, notFoundValue, notSupported, required } from "./causes.ts";
import { at, isObject, objectsAt, textAt } from "./fields.ts";
import { descendingFaults } from "./volume_rules.ts";

/** The values of a field in a list of the container. */
const valuesOf = (container: JsonObject, list: string, name: string): ReadonlySet<string> =>
  new Set(objectsAt(container, list).map((item) => textAt(item, name)));

const propagations = ["Bidirectional", "HostToContainer", "None"] as const;

const propagationFaults = (mount: JsonObject, container: JsonObject, path: string): readonly Cause[] => {
  const mode = textAt(mount, "mountPropagation");
  const place = `${path}.volumeMounts.mountPropagation`;
  if (at(mount, "mountPropagation") === undefined) return [];
  if (!propagations.some((one) => one === mode)) return [notSupported(place, mode, propagations)];
  const isPrivileged = at(container, "securityContext", "privileged") === true;
  return mode === "Bidirectional" && !isPrivileged
    ? [forbiddenField(place, "Bidirectional mount propagation is available only to privileged containers")]
    : [];
};

/** Faults of a container's `volumeMounts`, which name usable volumes. */
export const mountFaults = (
  container: JsonObject,
  path: string,
  volumes: ReadonlyMap<string, JsonObject>,
): readonly Cause[] => {
  const paths = new Set<string>();
  const devices = valuesOf(container, "volumeDevices", "name");
  const devicePaths = valuesOf(container, "volumeDevices", "devicePath");
  return objectsAt(container, "volumeMounts").flatMap((mount, index) => {
    const place = `${path}.volumeMounts[${index}]`;
    const name = textAt(mount, "name"), mountPath = textAt(mount, "mountPath");
    const subPath = textAt(mount, "subPath"), expression = textAt(mount, "subPathExpr");
    const twice = paths.has(mountPath);
    paths.add(mountPath);
    return [
      ...(name === "" ? [required(`${place}.name`)] : []),
      ...(volumes.has(name) ? [] : [notFoundValue(`${place}.name`, name)]),
      ...(mountPath === "" ? [required(`${place}.mountPath`)] : []),
      ...(twice ? [invalidValue(`${place}.mountPath`, mountPath, "must be unique")] : []),
      ...(devices.has(name)
        ? [invalidValue(`${place}.name`, name, "must not already exist in volumeDevices")]
        : []),
      ...(devicePaths.has(mountPath)
        ? [
          invalidValue(
            `${place}.mountPath`,
            mountPath,
            "must not already exist as a path in volumeDevices",
          ),
        ]
        : []),
      ...(subPath === "" ? [] : descendingFaults(subPath, `${path}.volumeMounts.subPath`)),
      ...(subPath !== "" && expression !== ""
        ? [invalidValue(`${place}.subPathExpr`, expression, "subPathExpr and subPath are mutually exclusive")]
        : []),
      ...(expression === "" ? [] : descendingFaults(expression, `${path}.volumeMounts.subPathExpr`)),
      ...propagationFaults(mount, container, path),
    ];
  });
};

const isBlock = (volume: JsonObject): boolean =>
  ["persistentVolumeClaim", "ephemeral"].some((source) => isObject(at(volume, source)));

const blockOnly = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";

const deviceNameFaults = (name: string, place: string, volume: JsonObject | undefined): readonly Cause[] => [
  ...(volume !== undefined && !isBlock(volume) ? [invalidValue(place, name, blockOnly)] : []),
  ...(volume === undefined ? [notFoundValue(place, name)] : []),
];

/** Faults of a container's `volumeDevices`. */
export const deviceFaults = (
  container: JsonObject,
  path: string,
  volumes: ReadonlyMap<string, JsonObject>,
): readonly Cause[] => {
  const names = new Set<string>(), paths = new Set<string>();
  const mounts = valuesOf(container, "volumeMounts", "name");
  const mountPaths = valuesOf(container, "volumeMounts", "mountPath");
  const invalid = (place: string, value: string, why: string, when: boolean): readonly Cause[] =>
    when ? [invalidValue(place, value, why)] : [];
  return objectsAt(container, "volumeDevices").flatMap((device, index) => {
    const place = `${path}.volumeDevices[${index}]`, at = `${place}.devicePath`;
    const name = textAt(device, "name"), devicePath = textAt(device, "devicePath");
    const nameTwice = names.has(name), pathTwice = paths.has(devicePath);
    const isUp = devicePath.split("/").includes("..");
    if (name !== "") names.add(name);
    if (!isUp) paths.add(devicePath);
    return [
      ...(name === "" ? [required(`${place}.name`)] : []),
      ...invalid(`${place}.name`, name, "must be unique", nameTwice),
      ...deviceNameFaults(name, `${place}.name`, volumes.get(name)),
      ...(devicePath === "" ? [required(at)] : []),
      ...invalid(at, devicePath, "must be unique", pathTwice),
      ...invalid(at, devicePath, "can not contain backsteps ('..')", isUp),
      ...invalid(`${place}.name`, name, "must not already exist in volumeMounts", mounts.has(name)),
      ...invalid(
        at,
        devicePath,
        "must not already exist as a path in volumeMounts",
        mountPaths.has(devicePath),
      ),
    ];
  });
};
