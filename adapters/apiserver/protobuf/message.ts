import { type Field, type Struct, structs } from "../schema/types.ts";
import { numbersText } from "./numbers.ts";

/** What a number stands for in a message: a field, or a struct whose fields are the object's own. */
export type Slot =
  | { readonly _tag: "Field"; readonly field: Field }
  | { readonly _tag: "Inline"; readonly slots: Slots };

export type Slots = ReadonlyMap<number, Slot>;

const place = (slots: Map<number, Slot>, path: readonly number[], field: Field): void => {
  const [number = 0, ...rest] = path;
  if (rest.length === 0) {
    slots.set(number, { _tag: "Field", field });
    return;
  }
  const known = slots.get(number);
  const inner: Map<number, Slot> = new Map(known?._tag === "Inline" ? known.slots : []);
  place(inner, rest, field);
  slots.set(number, { _tag: "Inline", slots: inner });
};

const slotsOf = (struct: Struct, numbers: readonly string[]): Slots => {
  const slots = new Map<number, Slot>();
  [...struct.fields.values()].forEach((field, index) => {
    const number = numbers[index] ?? "-";
    if (number !== "-") place(slots, number.split(".").map(Number), field);
  });
  return slots;
};

const parse = (text: string): ReadonlyMap<string, Slots> =>
  new Map(
    text.trim().split("\n").flatMap((line) => {
      const [name = "", ...numbers] = line.split(" ");
      const struct = structs.get(name);
      return struct === undefined ? [] : [[name, slotsOf(struct, numbers)] as const];
    }),
  );

/** By the name of the struct (`core.Pod`): what its message consists of. */
export const messages: ReadonlyMap<string, Slots> = parse(numbersText);
