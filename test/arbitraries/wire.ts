import fc from "fast-check";
import { anyOf, anyRecord, seldom } from "./record.ts";

type Fields = Record<string, unknown>;

/** JSON of any shape, with the keys that mislead programs. */
export const anyJson: fc.Arbitrary<unknown> = seldom(
  fc.jsonValue({ maxDepth: 3 }),
  anyOf('{"__proto__":1}', '{"constructor":{"name":1}}', '[{"toString":null}]', "-0", "1e400", '"\\ud800"')
    .map((text) => JSON.parse(text) as unknown),
);

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Maps from text to text: a field more in them would not be an unknown field. */
const maps: ReadonlySet<string> = new Set(["labels", "annotations", "capacity", "allocatable"]);

/** Every object inside of a value that has fields of its own type. */
const recordsIn = (value: unknown, found: Fields[] = []): readonly Fields[] => {
  if (Array.isArray(value)) value.forEach((item) => recordsIn(item, found));
  if (!isFields(value)) return found;
  found.push(value);
  for (const [key, part] of Object.entries(value)) if (!maps.has(key)) recordsIn(part, found);
  return found;
};

/** Fields whose values are names out of a set that may grow. */
const enums = ["phase", "restartPolicy", "effect", "status", "type", "protocol", "reason"] as const;

interface Novelty {
  readonly at: number;
  readonly field: string | undefined;
  readonly value: unknown;
}

const anyNovelty: fc.Arbitrary<Novelty> = anyRecord({
  at: fc.nat(),
  field: anyOf(undefined, "newField", "constructor", "toString", "__proto__", "resizePolicy"),
  value: anyJson,
});

/** A field that is not known, or a value of a known set that is not. */
const renew = (object: unknown, { at, field, value }: Novelty): void => {
  const records = recordsIn(object);
  const record = records[at % records.length];
  if (record === undefined) return;
  if (field !== undefined) {
    if (!Object.hasOwn(record, field)) {
      Object.defineProperty(record, field, { value, enumerable: true, configurable: true, writable: true });
    }
    return;
  }
  const known = enums.filter((name) => typeof record[name] === "string");
  const name = known[at % Math.max(known.length, 1)];
  if (name !== undefined) record[name] = "Newfangled";
};

const managedFields = [{ manager: "kubectl", operation: "Update", fieldsV1: { "f:spec": {} } }];

/** An object as JSON, as a newer server might write it: fields and values that nobody knows yet, and `managedFields`. */
export const anyWireOf = <A extends { readonly metadata: object }>(
  kind: string,
  some: fc.Arbitrary<A>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.tuple(some, fc.array(anyNovelty, { maxLength: 4 }), fc.boolean()).map(([object, novelties, managed]) => {
    const json = JSON.parse(JSON.stringify({ apiVersion: "v1", kind, ...object })) as Fields;
    for (const novelty of novelties) renew(json, novelty);
    return managed ? { ...json, metadata: { ...json["metadata"] as object, managedFields } } : json;
  });

/** Such an object with one field of the wrong type, so that it cannot be read; its name and UID are as they were. */
export const anyBadWireOf = <A extends { readonly metadata: object }>(
  kind: string,
  some: fc.Arbitrary<A>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.tuple(anyWireOf(kind, some), anyOf("spec", "status", "labels"), anyOf<unknown>(1, "bad", [[]], true))
    .map((
      [json, where, value],
    ) =>
      where === "labels"
        ? { ...json, metadata: { ...json["metadata"] as object, labels: { a: [value] } } }
        : { ...json, [where]: value }
    );

/** A list of such objects, the last page of it or one before. */
export const anyListOf = (
  kind: string,
  item: fc.Arbitrary<unknown>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  anyRecord({
    apiVersion: anyOf("v1"),
    kind: fc.constant(`${kind}List`),
    metadata: anyRecord({ resourceVersion: anyOf("1", "77") }, { continue: anyOf("", "t1", "t2") }),
    items: fc.array(item, { maxLength: 5 }),
  });

/** `metav1.WatchEvent` with such an object in it. */
export const anyWatchEventOf = (
  kind: string,
  object: fc.Arbitrary<unknown>,
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: anyRecord({ type: anyOf("ADDED", "MODIFIED", "DELETED", "NEWFANGLED"), object }),
    },
    {
      weight: 1,
      arbitrary: anyOf("1", "99").map((resourceVersion) => ({
        type: "BOOKMARK",
        object: { kind, apiVersion: "v1", metadata: { resourceVersion } },
      })),
    },
    {
      weight: 1,
      arbitrary: anyOf(410, 429, 500).map((code) => ({
        type: "ERROR",
        object: { kind: "Status", apiVersion: "v1", status: "Failure", code, message: `error ${code}` },
      })),
    },
  );
