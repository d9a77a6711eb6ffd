import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { isAddress, isDualStack, isV4 } from "./address.ts";
import { duplicate, forbiddenField, invalidValue, invalidValues, notSupported, required } from "./causes.ts";
import { at, entriesAt, listAt, objectAt, objectsAt, textAt, textsAt } from "./fields.ts";
import { labelValue, qualifiedName } from "./name_rules.ts";
import { amountOf } from "./quantities.ts";
import { taintEffects } from "./toleration_rules.ts";

const effectFaults = (effect: string, path: string): readonly Cause[] => {
  if (effect === "") return [required(path)];
  return taintEffects.some((one) => one === effect) ? [] : [notSupported(path, effect, taintEffects)];
};

const taintFaults = (taint: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(taint, "key"), value = textAt(taint, "value");
  const bad = labelValue(value);
  return [
    ...invalidValues(`${path}.key`, key, qualifiedName(key)),
    ...(bad.length === 0 ? [] : [invalidValue(`${path}.value`, value, bad.join(";"))]),
    ...effectFaults(textAt(taint, "effect"), `${path}.effect`),
  ];
};

/** A taint as the API server prints its own. */
const asGo = (taint: JsonObject): JsonObject => ({
  Key: textAt(taint, "key"),
  Value: textAt(taint, "value"),
  Effect: textAt(taint, "effect"),
  TimeAdded: taint["timeAdded"] ?? null,
});

/** The API server says that taints were metadata. */
const taintsFaults = (node: ApiObject): readonly Cause[] => {
  const seen = new Set<string>();
  return objectsAt(node, "spec", "taints").flatMap((taint, index) => {
    const path = `metadata.taints[${index}]`;
    const pair = `${textAt(taint, "effect")} ${textAt(taint, "key")}`;
    const { reason, message, field } = duplicate(path, asGo(taint));
    const again = { reason, message: `${message}: taints must be unique by key and effect pair`, field };
    const twice = seen.has(pair) ? [again] : [];
    seen.add(pair);
    return [...taintFaults(taint, path), ...twice];
  });
};

const resourceFaults = (node: ApiObject): readonly Cause[] =>
  (["capacity", "allocatable"] as const).flatMap((list) =>
    entriesAt(node, "status", list).flatMap(([name, value]) => {
      const amount = amountOf(objectAt(node, "status", list), name) ?? 0n;
      return amount < 0n
        ? [invalidValue(`status.${list}.${name}`, value, "must be greater than or equal to 0")]
        : [];
    })
  );

const isRange = (text: string): boolean => {
  const [address = "", bits = "", ...rest] = text.split("/");
  const most = isV4(address) ? 32 : 128;
  return rest.length === 0 && isAddress(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
};

const rangeFaults = (node: ApiObject): readonly Cause[] => {
  const ranges = textsAt(node, "spec", "podCIDRs"), path = "spec.podCIDRs";
  const bad = ranges.flatMap((range, index) =>
    isRange(range) ? [] : [invalidValue(
      `${path}[${index}]`,
      range,
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
    )]
  );
  if (bad.length > 0 || isDualStack(ranges.map((range) => range.split("/")[0] ?? ""))) return bad;
  return [invalidValue(path, ranges, "may specify no more than one CIDR for each IP family")];
};

/** Faults of a node as it is. */
export const nodeFaults = (node: ApiObject): readonly Cause[] => [
  ...taintsFaults(node),
  ...resourceFaults(node),
  ...rangeFaults(node),
];

const addressFaults = (node: ApiObject): readonly Cause[] => {
  const addresses = objectsAt(node, "status", "addresses");
  return addresses.flatMap((address, index) =>
    addresses.findIndex((one) => equivalent(one, address)) < index
      ? [duplicate(`status.addresses[${index}]`, address)]
      : []
  );
};

/** Faults of a change: what was assigned to a node stays. */
export const nodeUpdateFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const isOther = (part: "spec" | "status", name: string): boolean =>
    at(next, part, name) !== at(before, part, name);
  const ranges = listAt(before, "spec", "podCIDRs");
  const provider = textAt(before, "spec", "providerID");
  const moved = ranges.length > 0 && !equivalent(ranges, listAt(next, "spec", "podCIDRs"));
  const why = 'except from "" to valid';
  return [
    // what is the same value was looked at when it was written
    ...(isOther("status", "capacity") || isOther("status", "allocatable") ? resourceFaults(next) : []),
    ...(isOther("status", "addresses") ? addressFaults(next) : []),
    ...(moved ? [forbiddenField("spec.podCIDRs", `node updates may not change podCIDR ${why}`)] : []),
    ...(provider !== "" && provider !== textAt(next, "spec", "providerID")
      ? [forbiddenField("spec.providerID", `node updates may not change providerID ${why}`)]
      : []),
    ...(isOther("spec", "taints") ? taintsFaults(next) : []),
    ...(isOther("spec", "externalID") ? [forbiddenField("spec.externalID", "may not be updated")] : []),
  ];
};
