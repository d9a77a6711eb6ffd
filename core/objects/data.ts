import { bytesOfBase64 } from "../base64.ts";
import type { ConfigMap } from "../kubernetes/config_map.ts";
import type { Secret } from "../kubernetes/secret.ts";

/** An object with data in it. */
export type DataObject = ConfigMap | Secret;

const noBytes = new Uint8Array();

/** What the keys of `binaryData` and of Secrets hold; the API server takes nothing but base64. */
export const bytesIn = (text: string): Uint8Array => bytesOfBase64(text) ?? noBytes;

/** The keys that stand for a text: those of a ConfigMap's `data`, and all of a Secret. Sorted. */
export const textKeys = ({ data }: DataObject): readonly string[] => Object.keys(data).sort();

/** Every key, also those of `binaryData`. Sorted. */
export const dataKeys = (object: DataObject): readonly string[] =>
  object.kind === "Secret"
    ? textKeys(object)
    : [...textKeys(object), ...Object.keys(object.binaryData)].sort();

/** What a key holds; `undefined`: there is no such key. */
export const bytesOf = (object: DataObject, key: string): Uint8Array | undefined => {
  const text = Object.hasOwn(object.data, key) ? object.data[key] : undefined;
  if (text !== undefined) return object.kind === "Secret" ? bytesIn(text) : new TextEncoder().encode(text);
  if (object.kind === "Secret" || !Object.hasOwn(object.binaryData, key)) return undefined;
  return bytesIn(object.binaryData[key] ?? "");
};

/** What a key holds, as text; `undefined`: there is no such key. */
export const textOf = (object: DataObject, key: string): string | undefined => {
  const held = Object.hasOwn(object.data, key) ? object.data[key] : undefined;
  if (held === undefined || object.kind === "ConfigMap") return held;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesIn(held));
};
