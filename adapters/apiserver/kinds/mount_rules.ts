import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { forbiddenField, invalidValue, notFoundValue, notSupported, required } from "./causes.ts";
import { at, objectsAt, textAt } from "./fields.ts";
import { descendingFaults } from "./volume_rules.ts";

const propagations = ["Bidirectional", "HostToContainer", "None"] as const;

const propagationFaults = (mount: JsonObject, container: JsonObject, path: string): readonly Cause[] => {
  const mode = textAt(mount, "mountPropagation");
  const place = `${path}.volumeMounts.mountPropagation`;
  if (mode === "") return [];
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
  volumes: ReadonlySet<string>,
): readonly Cause[] => {
  const paths = new Set<string>();
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
      ...(subPath === "" ? [] : descendingFaults(subPath, `${path}.volumeMounts.subPath`)),
      ...(subPath !== "" && expression !== ""
        ? [invalidValue(`${place}.subPathExpr`, expression, "subPathExpr and subPath are mutually exclusive")]
        : []),
      ...(expression === "" ? [] : descendingFaults(expression, `${path}.volumeMounts.subPathExpr`)),
      ...propagationFaults(mount, container, path),
    ];
  });
};

/** Faults of a container's `volumeDevices`. */
export const deviceFaults = (
  container: JsonObject,
  path: string,
  volumes: ReadonlySet<string>,
): readonly Cause[] =>
  objectsAt(container, "volumeDevices").flatMap((device, index) => {
    const place = `${path}.volumeDevices[${index}]`;
    const name = textAt(device, "name");
    return [
      ...(name === "" ? [required(`${place}.name`)] : []),
      ...(volumes.has(name) ? [] : [notFoundValue(`${place}.name`, name)]),
      ...(textAt(device, "devicePath") === "" ? [required(`${place}.devicePath`)] : []),
    ];
  });
