import { type BadItem, badItem, type Decode } from "../kubernetes/decode.ts";
import type { ObjectRef } from "../kubernetes/meta.ts";
import { type Status, StatusCodec } from "../kubernetes/status.ts";
import { textWithoutManagedFields } from "./managed_fields.ts";

/** `metav1.WatchEvent`, read. `resourceVersion` is empty where the object has none. */
export type WatchEvent<A> =
  | { readonly _tag: "Applied"; readonly item: A; readonly resourceVersion: string }
  | { readonly _tag: "Undecodable"; readonly bad: BadItem; readonly resourceVersion: string }
  | { readonly _tag: "Deleted"; readonly ref: ObjectRef; readonly resourceVersion: string }
  | { readonly _tag: "Bookmark"; readonly resourceVersion: string }
  /** The server ends the watch. */
  | { readonly _tag: "Failed"; readonly status: Status }
  /** A type that did not exist when this was written. */
  | { readonly _tag: "Unknown"; readonly type: string }
  /** Not an event at all: events may have been lost. */
  | { readonly _tag: "Nonsense"; readonly why: string };

type WireEvent = { readonly type?: unknown; readonly object?: unknown };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const versionOf = (object: Record<string, unknown>): string => {
  const meta = object.metadata;
  if (!isObject(meta)) return "";
  const version = meta.resourceVersion;
  return typeof version === "string" ? version : "";
};

const nonsense = <A>(why: string): WatchEvent<A> => ({ _tag: "Nonsense", why });

const deleted = <A>(object: Record<string, unknown>): WatchEvent<A> => {
  const { namespace, name, uid, resourceVersion } = badItem(object, []);
  if (name === "" || uid === "") return nonsense("a DELETED event names no object");
  return { _tag: "Deleted", ref: { namespace, name, uid }, resourceVersion };
};

const eventOf = <A>(type: string, object: Record<string, unknown>, decode: Decode<A>): WatchEvent<A> => {
  switch (type) {
    case "ADDED":
    case "MODIFIED": {
      const decoded = decode(object);
      const resourceVersion = versionOf(object);
      return decoded._tag === "Right"
        ? { _tag: "Applied", item: decoded.right, resourceVersion }
        : { _tag: "Undecodable", bad: decoded.left, resourceVersion };
    }
    case "DELETED":
      return deleted(object);
    case "BOOKMARK":
      return { _tag: "Bookmark", resourceVersion: versionOf(object) };
    case "ERROR":
      return { _tag: "Failed", status: StatusCodec.is(object) ? object : {} };
    default:
      return { _tag: "Unknown", type: type.slice(0, 64) };
  }
};

/** Reads one line of a watch. Total: never throws, whatever the bytes. */
export const decodeWatchEvent = <A>(line: Uint8Array, decode: Decode<A>): WatchEvent<A> => {
  let json: unknown;
  try {
    json = JSON.parse(textWithoutManagedFields(line, 1));
  } catch {
    return nonsense("a line is not JSON");
  }
  if (!isObject(json)) return nonsense("a line is not a watch event");
  const { type, object } = json as WireEvent;
  if (typeof type !== "string") return nonsense("a line is not a watch event");
  if (!isObject(object)) return nonsense("a watch event has no object");
  return eventOf(type, object, decode);
};
