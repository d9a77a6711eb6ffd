import type { Json } from "../object.ts";
import { zeroOf } from "./scalars.ts";
import type { Field, Type } from "./types.ts";

/** What stands for nothing where a value must be: a null in a list becomes it. */
export const zeroValue = (type: Type): Json => {
  switch (type._tag) {
    case "Scalar":
      return zeroOf(type.atom);
    case "Struct":
      return {};
    case "List":
    case "Map":
      return null;
  }
};

/** What the API server has in a field that nobody has set; nothing when it leaves such a field out. */
export const unsetValue = ({ always, pointer, type }: Field): Json | undefined =>
  !always ? undefined : pointer ? null : zeroValue(type);
