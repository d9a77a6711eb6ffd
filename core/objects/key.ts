import { type ConfigMap, decodeConfigMap } from "../kubernetes/config_map.ts";
import type { Decode } from "../kubernetes/decode.ts";
import { type ApiRequest, objectsPath } from "../kubernetes/request.ts";
import { decodeSecret, type Secret } from "../kubernetes/secret.ts";
import { decodeService, type Service } from "../kubernetes/service.ts";

/** An object that pods refer to. */
export type ReferredObject = ConfigMap | Secret | Service;

/** Its kind. */
export type ReferredKind = ReferredObject["kind"];

/**
 * What is read and watched as one: `ConfigMap/shop/config`, one object by its name; or `Service/shop/`, all of a
 * namespace, for what no pod names.
 */
export type ObjectKey = string;

export const objectKey = (kind: ReferredKind, namespace: string, name: string): ObjectKey =>
  `${kind}/${namespace}/${name}`;

/** How a key is listed and watched. */
export interface ObjectSource {
  readonly kind: ReferredKind;
  readonly path: string;
  /** One object alone is selected by its name: that is all that a node's own identity may read. */
  readonly query: Readonly<Record<string, string>>;
  readonly decode: Decode<ReferredObject>;
}

const resources: Readonly<Record<ReferredKind, string>> = {
  ConfigMap: "configmaps",
  Secret: "secrets",
  Service: "services",
};

const decoders: Readonly<Record<ReferredKind, Decode<ReferredObject>>> = {
  ConfigMap: decodeConfigMap,
  Secret: decodeSecret,
  Service: decodeService,
};

const kindOf = (key: ObjectKey): ReferredKind => {
  const kind = key.slice(0, key.indexOf("/"));
  return kind === "ConfigMap" || kind === "Secret" ? kind : "Service";
};

/** The kind, namespace and name (empty: all of the namespace) of a key. */
export const partsOfKey = (
  key: ObjectKey,
): { readonly kind: ReferredKind; readonly namespace: string; readonly name: string } => {
  const kind = kindOf(key);
  const rest = key.slice(kind.length + 1);
  const slash = rest.indexOf("/");
  return { kind, namespace: rest.slice(0, slash), name: rest.slice(slash + 1) };
};

/** How the key is listed and watched. */
export const sourceOfKey = (key: ObjectKey): ObjectSource => {
  const { kind, namespace, name } = partsOfKey(key);
  return {
    kind,
    path: objectsPath(namespace, resources[kind]),
    query: name === "" ? {} : { fieldSelector: `metadata.name=${name}` },
    decode: decoders[kind],
  };
};

/** Reads the key at once. A list of one, so that what is not there is an answer and not a failure. */
export const readRequest = (key: ObjectKey): ApiRequest => {
  const { path, query } = sourceOfKey(key);
  return { method: "GET", path, query };
};
