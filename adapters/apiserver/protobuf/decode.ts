import type { Json, JsonObject } from "../object.ts";
import { structOf } from "../schema/type_of.ts";
import type { Field, Struct, Type } from "../schema/types.ts";
import { messages, type Slots } from "./message.ts";
import { scalarOf, textOf } from "./value.ts";
import { packedVarints, type WireField, wireFields } from "./wire.ts";

/** As deep as objects are; what is deeper is left out. */
const maxDepth = 64;

const nothing = new Uint8Array();

const itemsOf = (type: Type, wires: readonly WireField[], depth: number): readonly Json[] =>
  wires.flatMap((wire) => {
    const isPacked = type._tag === "Scalar" && /^(bool|int)/.test(type.atom) && wire.bytes !== undefined;
    const each = isPacked
      ? packedVarints(wire.bytes ?? nothing).map((varint) => ({ number: wire.number, varint }))
      : [wire];
    return each.map((one) => valueOf(type, one, depth) ?? null);
  });

/** A list within a map is a message of its own: its items are field 1. */
const wrappedItems = (item: Type, wire: WireField, depth: number): readonly Json[] =>
  itemsOf(item, (wireFields(wire.bytes ?? nothing) ?? []).filter(({ number }) => number === 1), depth);

const valueOf = (type: Type, wire: WireField, depth: number): Json | undefined => {
  switch (type._tag) {
    case "Scalar":
      return scalarOf(type.atom, wire);
    case "Struct":
      return objectOf(type.struct, wire.bytes ?? nothing, depth + 1);
    case "List":
      return wrappedItems(type.item, wire, depth);
    case "Map":
      return undefined;
  }
};

/** A value that is not there is not sent: an empty one still has its type's. */
const emptyOf = (type: Type): Json => {
  if (type._tag === "Struct") return {};
  if (type._tag === "List") return [];
  return type._tag === "Scalar" && /^int|^float/.test(type.atom)
    ? 0
    : type._tag === "Scalar" && type.atom === "bool"
    ? false
    : "";
};

const entriesOf = (item: Type, wires: readonly WireField[], depth: number): JsonObject =>
  Object.fromEntries(wires.map((wire) => {
    const parts = wireFields(wire.bytes ?? nothing) ?? [];
    const value = parts.find(({ number }) => number === 2);
    return [
      textOf(parts.find(({ number }) => number === 1)?.bytes),
      value === undefined ? emptyOf(item) : valueOf(item, value, depth) ?? null,
    ];
  }));

const isZero = (value: Json): boolean =>
  value === "" || value === 0 || value === false ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

const fieldValue = (
  { type, pointer }: Field,
  wires: readonly WireField[],
  depth: number,
): Json | undefined => {
  if (type._tag === "List") return itemsOf(type.item, wires, depth);
  if (type._tag === "Map") return entriesOf(type.item, wires, depth);
  const last = wires.at(-1);
  const value = last === undefined ? undefined : valueOf(type, last, depth);
  // what is no pointer is always sent: zero says nothing
  return value === undefined || (!pointer && isZero(value)) ? undefined : value;
};

const fieldsOf = (slots: Slots, bytes: Uint8Array, depth: number): readonly (readonly [string, Json])[] => {
  const byNumber = new Map<number, WireField[]>();
  for (const wire of wireFields(bytes) ?? []) {
    const wires = byNumber.get(wire.number);
    if (wires === undefined) byNumber.set(wire.number, [wire]);
    else wires.push(wire);
  }
  return [...byNumber].flatMap(([number, wires]) => {
    const slot = slots.get(number);
    if (slot === undefined) return [];
    if (slot._tag === "Inline") {
      return wires.flatMap((wire) => fieldsOf(slot.slots, wire.bytes ?? nothing, depth));
    }
    const value = fieldValue(slot.field, wires, depth);
    return value === undefined ? [] : [[slot.field.name, value] as const];
  });
};

const objectOf = (struct: Struct, bytes: Uint8Array, depth: number): JsonObject =>
  depth > maxDepth ? {} : Object.fromEntries(fieldsOf(messages.get(struct.name) ?? new Map(), bytes, depth));

/** What begins every object that is sent in protobuf. */
const magic = [0x6b, 0x38, 0x73, 0x00];

/** The media type in which Go clients send objects of built-in kinds. They read JSON as well. */
export const protobufType = "application/vnd.kubernetes.protobuf";

/**
 * The object in a body of that type (`runtime.Unknown` around the kind's own message), as JSON has it: fields that nobody knows are
 * left out, and so is what an encoder would leave out. `undefined` when the bytes are no such object or the kind is not served.
 */
export const decodeProtobuf = (body: Uint8Array): JsonObject | undefined => {
  if (!magic.every((byte, at) => body[at] === byte)) return undefined;
  const parts = wireFields(body.subarray(magic.length)) ?? [];
  const part = (number: number): Uint8Array | undefined =>
    parts.find((each) => each.number === number)?.bytes;
  const names = wireFields(part(1) ?? nothing) ?? [];
  const [apiVersion, kind] = [1, 2].map((number) =>
    textOf(names.find((each) => each.number === number)?.bytes)
  );
  const [version = "", group = ""] = (apiVersion ?? "").split("/").reverse();
  const struct = structOf({ group, version, kind: kind ?? "" });
  const raw = part(2) ?? nothing;
  if (struct === undefined || wireFields(raw) === undefined) return undefined;
  return { kind, apiVersion, ...objectOf(struct, raw, 0) };
};
