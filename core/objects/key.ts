import { type ConfigMap, decodeConfigMap } from "../kubernetes/config_map.ts";
import * as E from "fp-ts/lib/Either.js";
import type { BadItem, Decode } from "../kubernetes/decode.ts";
import { decodeToken, type ServiceAccountToken, tokenRequest } from "../kubernetes/token.ts";
import { decodePage } from "../watch/page.ts";
import { tokenSubject } from "./token_key.ts";
import {
  decodeClaim,
  decodeVolume,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from "../kubernetes/persistent_volume.ts";
import { type ApiRequest, getObject, objectsPath, segment } from "../kubernetes/request.ts";
import { decodeSecret, type Secret } from "../kubernetes/secret.ts";
import { decodeService, type Service } from "../kubernetes/service.ts";

/** An object that pods refer to. */
export type ReferredObject =
  | ConfigMap
  | Secret
  | Service
  | ServiceAccountToken
  | PersistentVolumeClaim
  | PersistentVolume;

/** Its kind. */
export type ReferredKind = ReferredObject["kind"];

/**
 * What is read and watched as one: `ConfigMap/shop/config`, one object by its name; or `Service/shop/`, all of a
 * namespace, for what no pod names.
 */
export type ObjectKey = string;

export const objectKey = (kind: ReferredKind, namespace: string, name: string): ObjectKey =>
  `${kind}/${namespace}/${name}`;

/**
 * The kinds that are listed and watched. Tokens are asked for, claims and volumes read, one by one: a node's own identity may
 * do no more.
 */
export type WatchedKind = "ConfigMap" | "Secret" | "Service";

/** How a key is listed and watched. */
export interface ObjectSource {
  readonly kind: WatchedKind;
  readonly path: string;
  /** One object alone is selected by its name: that is all that a node's own identity may read. */
  readonly query: Readonly<Record<string, string>>;
  readonly decode: Decode<ReferredObject>;
}

const resources: Readonly<Record<WatchedKind, string>> = {
  ConfigMap: "configmaps",
  Secret: "secrets",
  Service: "services",
};

const decoders: Readonly<Record<WatchedKind, Decode<ReferredObject>>> = {
  ConfigMap: decodeConfigMap,
  Secret: decodeSecret,
  Service: decodeService,
};

const kinds: readonly ReferredKind[] = [
  "ConfigMap",
  "Secret",
  "ServiceAccountToken",
  "PersistentVolumeClaim",
  "PersistentVolume",
];

const kindOf = (key: ObjectKey): ReferredKind => {
  const kind = key.slice(0, key.indexOf("/"));
  return kinds.find((each) => each === kind) ?? "Service";
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

/** How the key is listed and watched; `undefined`: not at all. */
export const sourceOfKey = (key: ObjectKey): ObjectSource | undefined => {
  const { kind, namespace, name } = partsOfKey(key);
  if (kind !== "ConfigMap" && kind !== "Secret" && kind !== "Service") return undefined;
  return {
    kind,
    path: objectsPath(namespace, resources[kind]),
    query: name === "" ? {} : { fieldSelector: `metadata.name=${name}` },
    decode: decoders[kind],
  };
};

/** Reads the key at once: where it can be as a list of one, so that what is not there is an answer and not a failure. */
export const readRequest = (key: ObjectKey): ApiRequest => {
  const source = sourceOfKey(key);
  if (source !== undefined) return { method: "GET", path: source.path, query: source.query };
  const { kind, namespace, name } = partsOfKey(key);
  if (kind === "PersistentVolumeClaim") {
    return getObject(`${objectsPath(namespace, "persistentvolumeclaims")}/${segment(name)}`);
  }
  if (kind === "PersistentVolume") return getObject(`/api/v1/persistentvolumes/${segment(name)}`);
  return tokenRequest(tokenSubject(namespace, name));
};

/** Everything that was read of a key. */
export interface ReadObjects {
  readonly items: readonly ReferredObject[];
  readonly bad: readonly BadItem[];
}

const decodeOne = (kind: ReferredKind, name: string): Decode<ReferredObject> =>
  kind === "PersistentVolumeClaim"
    ? decodeClaim
    : kind === "PersistentVolume"
    ? decodeVolume
    : decodeToken(name);

const oneOf = (kind: ReferredKind, name: string, text: string): ReadObjects => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const decoded = decodeOne(kind, name)(json);
  return decoded._tag === "Right"
    ? { items: [decoded.right], bad: [] }
    : { items: [], bad: [{ ...decoded.left, name }] };
};

/** Reads the answer to a {@link readRequest}. Left: it is none. */
export const decodeRead = (key: ObjectKey, text: string): E.Either<string, ReadObjects> => {
  const source = sourceOfKey(key);
  const { kind, name } = partsOfKey(key);
  return source === undefined
    ? E.right(oneOf(kind, name, text))
    : decodePage(new TextEncoder().encode(text), source.kind, source.decode);
};
