import fc from "fast-check";
import { anyMap, anyOf } from "./record.ts";

/** Names that the API server takes (DNS subdomains), the longest among them. */
export const anyName: fc.Arbitrary<string> = anyOf(
  "web",
  "db-0",
  "a",
  "0",
  "x.y.z",
  "1.2.3-4",
  "web-7d9c5b8f6c-x2x9k",
  "x".repeat(253),
);

/** Names as no API server takes them, and as one may give them all the same: any text. */
export const anyOddName: fc.Arbitrary<string> = fc.oneof(
  anyOf("", ".", "..", "a/b", "a b", "ä€😀", "%2F", "a?b=c&d#e", "__proto__", "constructor", "\u0000"),
  fc.string({ unit: "grapheme" }),
);

/** A namespace. */
export const anyNamespace: fc.Arbitrary<string> = anyOf("default", "shop", "kube-system", "n".repeat(63));

/** A UID: those of the API server are UUIDs, those of static pods are not. */
export const anyUid: fc.Arbitrary<string> = fc.oneof(
  fc.uuid(),
  anyOf("u-1", "6f1ed002ab5595859014ebf0951522d9", "__proto__"),
);

/** Keys of labels and annotations; few, so that those of two objects meet. */
export const anyKey: fc.Arbitrary<string> = anyOf("a", "b", "c", "d");

/** Values of labels and annotations. */
export const anyValue: fc.Arbitrary<string> = anyOf("1", "2", "3");

/** Labels, or annotations. */
export const anyLabels: fc.Arbitrary<Readonly<Record<string, string>>> = anyMap(anyKey, anyValue);
