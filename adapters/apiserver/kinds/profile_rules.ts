import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { invalidValue, notSupported, required } from "./causes.ts";
import { at, isObject, textAt } from "./fields.ts";
import { descendingFaults } from "./volume_rules.ts";

/** What is set, and is none of these. */
export const choiceFaults = (
  context: JsonObject,
  name: string,
  path: string,
  choices: readonly string[],
): readonly Cause[] => {
  const value = at(context, name);
  return value === undefined || choices.some((one) => one === value)
    ? []
    : [notSupported(`${path}.${name}`, value, choices)];
};

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"] as const;

const typeFaults = (profile: JsonObject, name: string, path: string): readonly Cause[] => {
  const type = textAt(profile, "type");
  if (type === "") return [required(`${path}.type`, `type is required when ${name} is set`)];
  return choiceFaults(profile, "type", path, profileTypes);
};

/** Faults of `seccompProfile`, of a pod or a container. */
export const seccompFaults = (context: JsonObject, path: string): readonly Cause[] => {
  const profile = at(context, "seccompProfile");
  if (!isObject(profile)) return [];
  const place = `${path}.seccompProfile`, file = at(profile, "localhostProfile");
  const isLocal = textAt(profile, "type") === "Localhost";
  const missing = "must be set when seccomp type is Localhost";
  const needless = "can only be set when seccomp type is Localhost";
  return [
    ...typeFaults(profile, "seccompProfile", place),
    ...(isLocal && file === undefined ? [required(`${place}.localhostProfile`, missing)] : []),
    ...(isLocal && typeof file === "string" ? descendingFaults(file, `${place}.localhostProfile`) : []),
    ...(!isLocal && file !== undefined ? [invalidValue(`${place}.localhostProfile`, profile, needless)] : []),
  ];
};

/** Faults of `appArmorProfile`. */
export const appArmorFaults = (context: JsonObject, path: string): readonly Cause[] => {
  const profile = at(context, "appArmorProfile");
  if (!isObject(profile)) return [];
  const place = `${path}.appArmorProfile`, type = textAt(profile, "type");
  const faults = typeFaults(profile, "appArmorProfile", place);
  if (faults.length > 0) return faults;
  const file = textAt(profile, "localhostProfile"), where = `${place}.localhostProfile`;
  if (type !== "Localhost") {
    const needless = "can only be set when AppArmor type is Localhost";
    return at(profile, "localhostProfile") === undefined ? [] : [invalidValue(where, file, needless)];
  }
  if (file !== file.trim()) return [invalidValue(where, file, "must not be padded with whitespace")];
  return file === "" ? [required(where, "must be set when AppArmor type is Localhost")] : [];
};
