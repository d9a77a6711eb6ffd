import type { ApiObject, JsonObject } from "../object.ts";
import { at, isObject, objectAt, objectsAt, textAt } from "./fields.ts";

/** Sources that no node mounts any more. */
const deprecated: Readonly<Record<string, string>> = {
  cephfs: "cephfs: deprecated in v1.28, non-functional in v1.31+",
  flocker: "flocker: deprecated in v1.22, non-functional in v1.25+",
  gitRepo: "gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
  glusterfs: "glusterfs: deprecated in v1.25, non-functional in v1.26+",
  photonPersistentDisk: "photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+",
  quobyte: "quobyte: deprecated in v1.22, non-functional in v1.25+",
  rbd: "rbd: deprecated in v1.28, non-functional in v1.31+",
  scaleIO: "scaleIO: deprecated in v1.16, non-functional in v1.22+",
  storageos: "storageOS: deprecated in v1.22, non-functional in v1.25+",
};

/** A file, and of a volume with several sources the one that it is of. */
interface File {
  readonly path: string;
  readonly source?: string;
}

const filesOf = (source: JsonObject, from?: string): readonly File[] =>
  objectsAt(source, "items").map((item) => ({
    path: textAt(item, "path").replace(/\/+$/, ""),
    ...(from === undefined ? {} : { source: from }),
  }));

const projectedFiles = (source: JsonObject): readonly File[] => {
  const named = (kind: string, name: string): string => `${kind} ${JSON.stringify(name)}`;
  return [
    ...filesOf(objectAt(source, "secret"), named("Secret", textAt(source, "secret", "name"))),
    ...filesOf(objectAt(source, "configMap"), named("ConfigMap", textAt(source, "configMap", "name"))),
    ...filesOf(objectAt(source, "downwardAPI"), "DownwardAPI"),
    ...(isObject(at(source, "serviceAccountToken"))
      ? [{ path: textAt(source, "serviceAccountToken", "path"), source: "ServiceAccountToken" }]
      : []),
  ];
};

const told = ({ path, source }: File): string =>
  `${JSON.stringify(path)}${source === undefined ? "" : ` (${source})`}`;

const hide = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

const overlaps = (files: readonly File[], volume: string): readonly string[] =>
  files.flatMap((file, index) =>
    files.slice(0, index)
      .filter((other) => hide(file.path, other.path))
      .map((other) => `${volume}: overlapping paths: ${told(file)} with ${told(other)}`)
  );

const fileWarnings = (volume: JsonObject): readonly string[] => {
  const name = `volume ${JSON.stringify(textAt(volume, "name"))}`;
  const map = at(volume, "configMap"), secret = at(volume, "secret"), projected = at(volume, "projected");
  if (isObject(map)) {
    return overlaps(filesOf(map), `${name} (ConfigMap ${JSON.stringify(textAt(map, "name"))})`);
  }
  if (isObject(secret)) {
    return overlaps(filesOf(secret), `${name} (Secret ${JSON.stringify(textAt(secret, "secretName"))})`);
  }
  if (!isObject(projected)) {
    return overlaps(filesOf(objectAt(volume, "downwardAPI")), `${name} (DownwardAPI)`);
  }
  const sources = objectsAt(projected, "sources");
  return [
    ...overlaps(sources.flatMap(projectedFiles), `${name} (Projected)`),
    ...(sources.some((source) => !Object.values(source).some(isObject))
      ? [`${name} (Projected) has no sources provided`]
      : []),
  ];
};

/** What the client is told of a pod's volumes: sources of long ago, and files that hide one another. */
export const volumeWarnings = (pod: ApiObject): readonly string[] => {
  const volumes = objectsAt(pod, "spec", "volumes");
  return [
    ...volumes.flatMap((volume, index) =>
      Object.keys(deprecated).filter((source) => isObject(at(volume, source)))
        .map((source) => `spec.volumes[${index}].${deprecated[source]}`)
    ),
    ...new Set(volumes.flatMap(fileWarnings)),
  ];
};
