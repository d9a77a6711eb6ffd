import { type ConfigMap, decodeConfigMap } from "../kubernetes/config_map.ts";
import * as E from "fp-ts/lib/Either.js";
import type { BadItem, Decode } from "../kubernetes/decode.ts";
import { decodeToken, type ServiceAccountToken, tokenRequest } from "../kubernetes/token.ts";
import { decodePage } from "../watch/page.ts";
import { tokenSubject } from "./token_key.ts";
import { type ApiRequest, objectsPath } from "../kubernetes/request.ts";
import { decodeSecret, type Secret } from "../kubernetes/secret.ts";
import { decodeService, type Service } from "../kubernetes/service.ts";

/** An object that pods refer to. */
export type ReferredObject = ConfigMap | Secret | Service | ServiceAccountToken;

/** Its kind. */
export type ReferredKind = ReferredObject["kind"];

/**
 * What is read and watched as one: `ConfigMap/shop/config`, one object by its name; or `Service/shop/`, all of a
 * namespace, for what no pod names.
 */
export type ObjectKey = string;

export const objectKey = (kind: ReferredKind, namespace: string, name: string): ObjectKey =>
  `${kind}/${namespace}/${name}`;

/** The kinds that can be listed and watched; tokens are asked for one by one. */
export type WatchedKind = Exclude<ReferredKind, "ServiceAccountToken">;

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

const kindOf = (key: ObjectKey): ReferredKind => {
  const kind = key.slice(0, key.indexOf("/"));
  return kind === "ConfigMap" || kind === "Secret" || kind === "ServiceAccountToken" ? kind : "Service";
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
  if (kind === "ServiceAccountToken") return undefined;
  return {
    kind,
    path: objectsPath(namespace, resources[kind]),
    query: name === "" ? {} : { fieldSelector: `metadata.name=${name}` },
    decode: decoders[kind],
  };
};

/** Reads the key at once. A list of one, so that what is not there is an answer and not a failure. */
export const readRequest = (key: ObjectKey): ApiRequest => {
  const source = sourceOfKey(key);
  if (source !== undefined) return { method: "GET", path: source.path, query: source.query };
  const { namespace, name } = partsOfKey(key);
  return tokenRequest(tokenSubject(namespace, name));
};

/** Everything that was read of a key. */
export interface ReadObjects {
  readonly items: readonly ReferredObject[];
  readonly bad: readonly BadItem[];
}

const tokenOf = (name: string, text: string): ReadObjects => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const decoded = decodeToken(name)(json);
  return decoded._tag === "Right" ? { items: [decoded.right], bad: [] } : { items: [], bad: [decoded.left] };
};

/** Reads the answer to a {@link readRequest}. Left: it is none. */
export const decodeRead = (key: ObjectKey, text: string): E.Either<string, ReadObjects> => {
  const source = sourceOfKey(key);
  return source === undefined
    ? E.right(tokenOf(partsOfKey(key).name, text))
    : decodePage(new TextEncoder().encode(text), source.kind, source.decode);
};
