import { Buffer } from "node:buffer";
import type { ConfigMap } from "../../core/kubernetes/config_map.ts";
import { decodeConfigMap } from "../../core/kubernetes/config_map.ts";
import type { Decode } from "../../core/kubernetes/decode.ts";
import { decodeSecret, type Secret } from "../../core/kubernetes/secret.ts";
import { decodeService, type Service, type ServicePort } from "../../core/kubernetes/service.ts";
import { type ObjectKey, objectKey, type ReferredObject } from "../../core/objects/key.ts";
import { newObjectEntry, noObjects, type Objects } from "../../core/objects/objects.ts";
import type { Given } from "../../core/pod/given.ts";
import { present } from "../../core/seen.ts";
import { insertAt } from "../../core/table.ts";

const decoded = <A>(decode: Decode<A>, json: unknown): A => {
  const result = decode(json);
  if (result._tag === "Left") throw new Error(result.left.problems.join("; "));
  return result.right;
};

const meta = (namespace: string, name: string) => ({ namespace, name, uid: `uid-${namespace}-${name}` });

export const configMap = (
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): ConfigMap => decoded(decodeConfigMap, { metadata: meta(namespace, name), data, ...more });

export const base64 = (text: string): string => Buffer.from(text).toString("base64");

export const secret = (namespace: string, name: string, data: Readonly<Record<string, string>>): Secret =>
  decoded(decodeSecret, {
    metadata: meta(namespace, name),
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  });

export const service = (
  namespace: string,
  name: string,
  clusterIP: string,
  ports: readonly ServicePort[],
): Service => decoded(decodeService, { metadata: meta(namespace, name), spec: { clusterIP, ports } });

const keyOf = ({ kind, metadata }: ReferredObject): ObjectKey =>
  objectKey(kind, metadata.namespace ?? "", metadata.name);

/** Everything that there is: what is not among it is positively absent, as far as it is among these keys. */
export const objectsOf = (items: readonly ReferredObject[], keys: readonly ObjectKey[]): Objects => {
  let objects = noObjects(true);
  for (const key of keys) {
    const own = items.filter((item) =>
      key === keyOf(item) || key === objectKey(item.kind, item.metadata.namespace ?? "", "")
    );
    const entry = {
      ...newObjectEntry(key),
      items: new Map(own.map((item) => [item.metadata.name, present(item)])),
    };
    objects = { ...objects, entries: insertAt(objects.entries, key, entry) };
  }
  return objects;
};

export const givenOf = (items: readonly ReferredObject[], keys: readonly ObjectKey[]): Given => ({
  objects: objectsOf(items, keys),
  allocatable: { cpu: "4", memory: "8Gi", "ephemeral-storage": "10Gi" },
});
