import type { Json } from "../object.ts";

/** Sets an entry of an object that is being made, as an assignment does, also one that is called `__proto__`. */
export const putEntry = (object: Record<string, Json>, name: string, value: Json): void => {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  } else object[name] = value;
};
