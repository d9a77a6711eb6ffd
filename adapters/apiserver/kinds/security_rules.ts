import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { duplicate, invalidValue, required } from "./causes.ts";
import { at, isObject, listAt, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { appArmorFaults, choiceFaults, seccompFaults } from "./profile_rules.ts";

const maxId = 2 ** 31 - 1;

const idFaults = (path: string, id: unknown): readonly Cause[] =>
  typeof id !== "number" || (id >= 0 && id <= maxId)
    ? []
    : [invalidValue(path, id, `must be between 0 and ${maxId}, inclusive`)];

const idsOf = (context: JsonObject, path: string, names: readonly string[]): readonly Cause[] =>
  names.flatMap((name) => idFaults(`${path}.${name}`, numberAt(context, name)));

const part = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctl = `^(${part}[\\./])*${part}$`;
const sysctlPattern = new RegExp(sysctl);

/** Settings of the kernel that a pod shares with its node when it shares the namespace. */
const shared: readonly (readonly [RegExp, string])[] = [
  [/^net[./]/, "hostNetwork"],
  [/^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/, "hostIPC"],
];

const sysctlFaults = (spec: JsonObject, context: JsonObject, path: string): readonly Cause[] => {
  const seen = new Set<string>();
  return objectsAt(context, "sysctls").flatMap((setting, index) => {
    const name = textAt(setting, "name"), place = `${path}.sysctls[${index}].name`;
    if (name === "") return [required(place)];
    if (name.length > 253 || !sysctlPattern.test(name)) {
      return [invalidValue(place, name, `must have at most 253 characters and match regex ${sysctl}`)];
    }
    const [, namespace] = shared.find(([pattern]) => pattern.test(name)) ?? [];
    if (seen.has(name)) return [duplicate(place, name)];
    seen.add(name);
    return namespace !== undefined && at(spec, namespace) === true
      ? [invalidValue(place, name, `may not be specified when '${namespace}' is true`)]
      : [];
  });
};

/** Faults of `spec.securityContext`. Options of Windows and SELinux are taken as they are. */
export const podSecurityFaults = (spec: JsonObject): readonly Cause[] => {
  const context = objectAt(spec, "securityContext"), path = "spec.securityContext";
  const sharesAll = at(spec, "shareProcessNamespace") === true && at(spec, "hostPID") === true;
  return [
    ...idsOf(context, path, ["fsGroup", "runAsUser", "runAsGroup"]),
    ...listAt(context, "supplementalGroups").flatMap((id, index) =>
      idFaults(`${path}.supplementalGroups[${index}]`, id)
    ),
    ...(sharesAll
      ? [
        invalidValue(
          `${path}.shareProcessNamespace`,
          true,
          "ShareProcessNamespace and HostPID cannot both be enabled",
        ),
      ]
      : []),
    ...sysctlFaults(spec, context, path),
    ...choiceFaults(context, "fsGroupChangePolicy", path, ["Always", "OnRootMismatch"]),
    ...seccompFaults(context, path),
    ...appArmorFaults(context, path),
    ...choiceFaults(context, "supplementalGroupsPolicy", path, ["Merge", "Strict"]),
  ];
};

const escalationFaults = (context: JsonObject, path: string): readonly Cause[] => {
  if (at(context, "allowPrivilegeEscalation") !== false) return [];
  const set = "cannot set `allowPrivilegeEscalation` to false and";
  return [
    ...(at(context, "privileged") === true
      ? [invalidValue(path, context, `${set} \`privileged\` to true`)]
      : []),
    ...(listAt(context, "capabilities", "add").includes("CAP_SYS_ADMIN")
      ? [invalidValue(path, context, `${set} \`capabilities.Add\` CAP_SYS_ADMIN`)]
      : []),
  ];
};

const unmaskedFaults = (context: JsonObject, path: string, ownUsers: boolean): readonly Cause[] =>
  at(context, "procMount") === "Unmasked" && !ownUsers
    ? [invalidValue(`${path}.procMount`, "Unmasked", "`hostUsers` must be false to use `Unmasked`")]
    : [];

/** Faults of a container's `securityContext`; `ownUsers`: whether the pod has a user namespace of its own. */
export const containerSecurityFaults = (
  container: JsonObject,
  path: string,
  ownUsers: boolean,
): readonly Cause[] => {
  const context = at(container, "securityContext"), place = `${path}.securityContext`;
  if (!isObject(context)) return [];
  return [
    ...idsOf(context, place, ["runAsUser", "runAsGroup"]),
    ...choiceFaults(context, "procMount", place, ["Default", "Unmasked"]),
    ...unmaskedFaults(context, place, ownUsers),
    ...seccompFaults(context, place),
    ...escalationFaults(context, place),
    ...appArmorFaults(context, place),
  ];
};
