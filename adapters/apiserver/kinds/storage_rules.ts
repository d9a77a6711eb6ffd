import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import {
  forbiddenField,
  immutable,
  invalidValue,
  invalidValues,
  notSupported,
  required,
  tooLong,
} from "./causes.ts";
import { at, entriesAt, isObject, objectAt, textAt, textsAt, withField } from "./fields.ts";
import { bytesOf, dnsSubdomain } from "./name_rules.ts";
import { amountOf } from "./quantities.ts";

const modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"] as const;
const volumeModes = ["Block", "Filesystem"] as const;
const reclaimPolicies = ["Delete", "Recycle", "Retain"] as const;

const maxDriverBytes = 63;

/** The name of a driver of volumes, which may be written in upper case too. */
export const driverFaults = (path: string, driver: string): readonly Cause[] =>
  driver === "" ? [required(path)] : [
    ...(bytesOf(driver) > maxDriverBytes ? [tooLong(path, maxDriverBytes)] : []),
    ...invalidValues(path, driver, dnsSubdomain(driver.toLowerCase())),
  ];

const modeFaults = (spec: JsonObject, at: string, missing: string | undefined): readonly Cause[] => {
  const path = `${at}.accessModes`;
  const said = textsAt(spec, "accessModes");
  if (said.length === 0) return [required(path, missing)];
  const known = said.filter((mode) => modes.some((one) => one === mode));
  const alone = known.includes("ReadWriteOncePod") && known.some((mode) => mode !== "ReadWriteOncePod");
  return [
    ...said.filter((mode) => !known.includes(mode)).map((mode) => notSupported(path, mode, modes)),
    ...(alone ? [forbiddenField(path, "may not use ReadWriteOncePod with other access modes")] : []),
  ];
};

const positive = (quantities: JsonObject, name: string, path: string): readonly Cause[] => {
  const amount = amountOf(quantities, name);
  return amount !== undefined && amount <= 0n
    ? [invalidValue(path, textAt(quantities, name), "must be greater than zero")]
    : [];
};

const volumeModeFaults = (spec: JsonObject, path: string): readonly Cause[] => {
  const mode = textAt(spec, "volumeMode");
  return mode === "" || volumeModes.some((one) => one === mode)
    ? []
    : [notSupported(`${path}.volumeMode`, mode, volumeModes)];
};

const classFaults = (spec: JsonObject, path: string): readonly Cause[] => {
  const name = textAt(spec, "storageClassName");
  return name === "" ? [] : invalidValues(`${path}.storageClassName`, name, dnsSubdomain(name));
};

/** Faults of a claim's spec. Where its data come from and what it selects is taken as it is. */
export const claimSpecFaults = (spec: JsonObject, path: string): readonly Cause[] => {
  const requests = objectAt(spec, "resources", "requests");
  const size = `${path}.resources[storage]`;
  return [
    ...modeFaults(spec, path, "at least 1 access mode is required"),
    ...(at(requests, "storage") === undefined ? [required(size)] : positive(requests, "storage", size)),
    ...classFaults(spec, path),
    ...volumeModeFaults(spec, path),
  ];
};

export const claimFaults = (claim: ApiObject): readonly Cause[] =>
  claimSpecFaults(objectAt(claim, "spec"), "spec");

const withoutSize = (spec: JsonObject): JsonObject =>
  withField(
    spec,
    "resources",
    (resources) => isObject(resources) ? withField(resources, "requests", () => undefined) : resources,
  );

const without = (spec: JsonObject, ...names: readonly string[]): JsonObject =>
  names.reduce<JsonObject>((rest, name) => withField(rest, name, () => undefined), spec);

/** What stays of a claim: all but the volume that it waits for, and the size of one that is bound. */
const fixed = (claim: ApiObject, before: ApiObject): JsonObject => {
  const spec = objectAt(claim, "spec");
  const waits = textAt(before, "spec", "volumeName") === "" ? without(spec, "volumeName") : spec;
  return textAt(before, "status", "phase") === "Bound"
    ? without(withoutSize(waits), "volumeAttributesClassName")
    : waits;
};

export const claimUpdateFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const why =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
  const size = amountOf(objectAt(next, "spec", "resources", "requests"), "storage") ?? 0n;
  const was = amountOf(objectAt(before, "spec", "resources", "requests"), "storage") ?? 0n;
  const has = amountOf(objectAt(before, "status", "capacity"), "storage") ?? 0n;
  return [
    ...(equivalent(fixed(next, before), fixed(before, before)) ? [] : [forbiddenField("spec", `${why}\n`)]),
    ...(size < was && size <= has
      ? [forbiddenField("spec.resources.requests.storage", "field can not be less than status.capacity")]
      : []),
    ...immutable("volumeMode", at(next, "spec", "volumeMode"), at(before, "spec", "volumeMode")),
  ];
};

/** Fields of a volume's spec that are no source. */
const common: ReadonlySet<string> = new Set([
  "capacity",
  "accessModes",
  "claimRef",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "mountOptions",
  "volumeMode",
  "nodeAffinity",
  "volumeAttributesClassName",
]);

const capacityFaults = (volume: ApiObject): readonly Cause[] => {
  const capacity = objectAt(volume, "spec", "capacity");
  const names = entriesAt(capacity).map(([name]) => name);
  const path = "spec.capacity";
  return [
    ...(names.length === 0 ? [required(path)] : []),
    ...(names.length === 1 && names[0] === "storage"
      ? []
      : [notSupported(path, names.length === 0 ? null : capacity, ["storage"])]),
    ...names.flatMap((name) => positive(capacity, name, `${path}[${name}]`)),
  ];
};

const sourceFaults = (volume: ApiObject): readonly Cause[] => {
  const sources = entriesAt(volume, "spec").filter(([name, value]) => !common.has(name) && isObject(value))
    .sort(([a], [b]) => Number(b === "hostPath") - Number(a === "hostPath"));
  const [, ...others] = sources;
  if (sources.length === 0) return [required("spec", "must specify a volume type")];
  return others.map(([name]) => forbiddenField(`spec.${name}`, "may not specify more than 1 volume type"));
};

/** Faults of a volume. Its source and the nodes that reach it are taken as they are. */
export const volumeFaults = (volume: ApiObject): readonly Cause[] => {
  const spec = objectAt(volume, "spec"), policy = textAt(spec, "persistentVolumeReclaimPolicy");
  return [
    ...modeFaults(spec, "spec", undefined),
    ...capacityFaults(volume),
    ...(policy === "" || reclaimPolicies.some((one) => one === policy)
      ? []
      : [notSupported("spec.persistentVolumeReclaimPolicy", policy, reclaimPolicies)]),
    ...sourceFaults(volume),
    ...classFaults(spec, "spec"),
    ...volumeModeFaults(spec, "spec"),
  ];
};

const sourceOf = (volume: ApiObject): JsonObject =>
  Object.fromEntries(entriesAt(volume, "spec").filter(([name]) => !common.has(name)));

export const volumeUpdateFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => [
  ...(equivalent(sourceOf(next), sourceOf(before)) ? [] : [
    forbiddenField(
      "spec.persistentvolumesource",
      "spec.persistentvolumesource is immutable after creation\n",
    ),
  ]),
  ...immutable("volumeMode", at(next, "spec", "volumeMode"), at(before, "spec", "volumeMode")),
];
