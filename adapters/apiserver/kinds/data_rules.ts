import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject } from "../object.ts";
import { forbiddenField, invalidValue, invalidValues, tooLong } from "./causes.ts";
import { at, entriesAt, textOf } from "./fields.ts";
import { bytesOf, configMapKey } from "./name_rules.ts";

/** The most bytes that a ConfigMap or a Secret holds. */
const maxBytes = 1024 * 1024;

/** How many bytes a base64 text stands for. */
const decodedBytes = (text: string): number => Math.floor(text.replace(/=+$/, "").length * 3 / 4);

/** Faults of the keys and the size of `data` and `binaryData`. */
export const dataFaults = (object: ApiObject, isSecret: boolean): readonly Cause[] => {
  const data = entriesAt(object, "data"), binary = entriesAt(object, "binaryData");
  const binaryKeys = new Set(binary.map(([key]) => key));
  const bytes = data.reduce((sum, [, value]) => sum + (isSecret ? decodedBytes : bytesOf)(textOf(value)), 0) +
    binary.reduce((sum, [, value]) => sum + decodedBytes(textOf(value)), 0);
  return [
    ...data.flatMap(([key]) => [
      ...invalidValues(`data[${key}]`, key, configMapKey(key)),
      ...(binaryKeys.has(key)
        ? [invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData")]
        : []),
    ]),
    ...binary.flatMap(([key]) => invalidValues(`binaryData[${key}]`, key, configMapKey(key))),
    ...(bytes > maxBytes ? [tooLong(isSecret ? "data" : "[]", maxBytes)] : []),
  ];
};

/** Faults of a change to what was declared to never change again. */
export const immutableDataFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  if (at(before, "immutable") !== true) return [];
  const why = "field is immutable when `immutable` is set";
  return [
    ...(at(next, "immutable") === true ? [] : [forbiddenField("immutable", why)]),
    ...["data", "binaryData"].flatMap((name) =>
      equivalent(at(next, name), at(before, name)) ? [] : [forbiddenField(name, why)]
    ),
  ];
};
