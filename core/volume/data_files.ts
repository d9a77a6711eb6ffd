import { type Fields, fieldsOf, listIn, numberIn, textIn } from "../fields.ts";
import { bytesOf, dataKeys, type DataObject } from "../objects/data.ts";
import { type DataKind, findObject, missingKey } from "../pod/env_source.ts";
import { addFile, orTold, type VolumeWork } from "./work.ts";

const addKey = (
  work: VolumeWork,
  field: string,
  object: DataObject,
  key: string,
  path: string,
  mode?: number,
): boolean => {
  const content = bytesOf(object, key);
  if (content === undefined) return false;
  addFile(work, field, path, mode, content);
  return true;
};

/**
 * The files of a ConfigMap or a Secret, as a volume of its own or projected: all keys, or those of `items`. `reference`
 * has its `name`, `items` and `optional`. (Kubernetes docs, "ConfigMaps", "Secrets", "Projected volumes")
 */
export const addDataFiles = (work: VolumeWork, field: string, kind: DataKind, reference: Fields): void => {
  const { pod, given, name } = work;
  const before = `skipping optional volume ${JSON.stringify(name)}: `;
  const namespace = pod.metadata.namespace ?? "";
  const object = orTold(work, findObject(given.objects, kind, namespace, reference, before));
  if (object === undefined) return void work.versions.push(`no ${kind}`);
  const { uid, resourceVersion = "" } = object.metadata;
  work.versions.push(`${uid}@${resourceVersion}`);
  const items = listIn(reference, "items").map(fieldsOf);
  if (items.length === 0) { for (const key of dataKeys(object)) addKey(work, field, object, key, key); }
  for (const [at, item] of items.entries()) {
    const key = textIn(item, "key") ?? "";
    const path = textIn(item, "path") ?? "";
    if (!addKey(work, `${field}.items[${at}]`, object, key, path, numberIn(item, "mode"))) {
      orTold(work, missingKey(kind, { ...reference, key }, before));
    }
  }
};
