import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  invalidValues,
  notFoundValue,
  notSupported,
  oneOf,
  required,
} from "./causes.ts";
import { envFaults, envFromFaults } from "./env_rules.ts";
import { at, isObject, objectAt, objectsAt, textAt } from "./fields.ts";
import { lifecycleFaults, probeFaults } from "./handler_rules.ts";
import { deviceFaults, mountFaults } from "./mount_rules.ts";
import { dnsLabel } from "./name_rules.ts";
import { hostPortFaults, portFaults } from "./port_rules.ts";
import { resizeFaults, resourceFaults } from "./resource_rules.ts";
import { containerSecurityFaults } from "./security_rules.ts";

/** What containers are looked at beside. */
export interface Surroundings {
  /** The pod's usable volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  readonly graceSeconds: number;
  /** The pod's. */
  readonly restartPolicy: string;
  /** Whether the pod has a user namespace of its own. */
  readonly ownUsers: boolean;
}

const messagePolicies = ["File", "FallbackToLogsOnError"] as const;
const pullPolicies = ["Always", "IfNotPresent", "Never"] as const;

/** What holds of every sort of container. */
const commonFaults = (container: JsonObject, path: string, around: Surroundings): readonly Cause[] => {
  const name = textAt(container, "name"), image = textAt(container, "image");
  return [
    ...(name === "" ? [required(`${path}.name`)] : invalidValues(`${path}.name`, name, dnsLabel(name))),
    ...(image === "" ? [required(`${path}.image`)] : []),
    ...oneOf(
      `${path}.terminationMessagePolicy`,
      textAt(container, "terminationMessagePolicy"),
      messagePolicies,
    ),
    ...portFaults(container, path),
    ...envFaults(container, path),
    ...envFromFaults(container, path),
    ...mountFaults(container, path, around.volumes),
    ...deviceFaults(container, path, around.volumes),
    ...oneOf(`${path}.imagePullPolicy`, textAt(container, "imagePullPolicy"), pullPolicies),
    ...resourceFaults(objectAt(container, "resources"), `${path}.resources`),
    ...resizeFaults(container, path, around.restartPolicy),
    ...containerSecurityFaults(container, path, around.ownUsers),
  ];
};

const actionFaults = (
  container: JsonObject,
  path: string,
  { graceSeconds }: Surroundings,
): readonly Cause[] => [
  ...lifecycleFaults(container, path, graceSeconds),
  ...probeFaults(container, path, graceSeconds),
];

const actionNames = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;

const initFaults = (container: JsonObject, path: string, around: Surroundings): readonly Cause[] => {
  const policy = at(container, "restartPolicy");
  if (policy === "Always") return actionFaults(container, path, around);
  const said = actionNames.filter((name) => isObject(at(container, name)));
  return said.map((name) =>
    forbiddenField(`${path}.${name}`, "may not be set for init containers without restartPolicy=Always")
  );
};

const restartPolicies = ["Always", "Never", "OnFailure"] as const;

const restartFaults = (container: JsonObject, path: string): readonly Cause[] => {
  const policy = at(container, "restartPolicy");
  return policy === undefined || restartPolicies.some((one) => one === policy)
    ? []
    : [notSupported(`${path}.restartPolicy`, policy, restartPolicies)];
};

const imageFaults = (container: JsonObject, path: string): readonly Cause[] => {
  const image = textAt(container, "image");
  return image === image.trim()
    ? []
    : [invalidValue(`${path}.image`, image, "must not have leading or trailing whitespace")];
};

/** Faults of `spec.containers`, of which there must be one. */
export const containersFaults = (
  containers: readonly JsonObject[],
  around: Surroundings,
): readonly Cause[] => {
  if (containers.length === 0) return [required("spec.containers")];
  const names = new Set<string>();
  const each = containers.flatMap((container, index) => {
    const path = `spec.containers[${index}]`;
    const name = textAt(container, "name");
    const twice = names.has(name) ? [duplicate(`${path}.name`, name)] : [];
    names.add(name);
    return [
      ...commonFaults(container, path, around),
      ...twice,
      ...actionFaults(container, path, around),
      ...restartFaults(container, path),
    ];
  });
  return [...each, ...hostPortFaults(containers, "spec.containers")];
};

/** Faults of `spec.initContainers`, whose names are none of the containers'. */
export const initContainersFaults = (
  init: readonly JsonObject[],
  containers: readonly JsonObject[],
  around: Surroundings,
): readonly Cause[] => {
  const names = new Set(containers.map((container) => textAt(container, "name")));
  return init.flatMap((container, index) => {
    const path = `spec.initContainers[${index}]`;
    const name = textAt(container, "name");
    const twice = names.has(name) ? [duplicate(`${path}.name`, name)] : [];
    if (name !== "") names.add(name);
    return [
      ...commonFaults(container, path, around),
      ...restartFaults(container, path),
      ...twice,
      ...hostPortFaults([container], "spec.initContainers"),
      ...initFaults(container, path, around),
    ];
  });
};

const notForEphemeral = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

const isSaid = (container: JsonObject, name: string): boolean => {
  const value = at(container, name);
  return value !== undefined && !(name === "resources" && Object.keys(objectAt(value)).length === 0);
};

/** A path below a volume is mounted by a bind mount, which such a container would leave behind. */
const subPathPlaces = (container: JsonObject): readonly string[] =>
  objectsAt(container, "volumeMounts").flatMap((mount, index) =>
    ["subPath", "subPathExpr"].filter((name) => textAt(mount, name) !== "")
      .map((name) => `volumeMounts[${index}].${name}`)
  );

/** Faults of `spec.ephemeralContainers`: they serve nothing and are never restarted. */
export const ephemeralContainersFaults = (
  ephemeral: readonly JsonObject[],
  others: readonly JsonObject[],
  around: Surroundings,
): readonly Cause[] => {
  const targets = new Set(others.map((container) => textAt(container, "name")));
  const names = new Set(targets);
  return ephemeral.flatMap((container, index) => {
    const path = `spec.ephemeralContainers[${index}]`;
    const name = textAt(container, "name"), target = textAt(container, "targetContainerName");
    const twice = names.has(name) ? [duplicate(`${path}.name`, name)] : [];
    names.add(name);
    const said = notForEphemeral.filter((field) => isSaid(container, field));
    return [
      ...commonFaults(container, path, around),
      ...imageFaults(container, path),
      ...twice,
      ...(target !== "" && !targets.has(target)
        ? [notFoundValue(`${path}.targetContainerName`, target)]
        : []),
      ...[...said, ...subPathPlaces(container)].map((field) =>
        forbiddenField(`${path}.${field}`, "cannot be set for an Ephemeral Container")
      ),
    ];
  });
};

/** Faults that only pods are held to, not templates of them. */
export const imagesFaults = (containers: readonly JsonObject[], list: string): readonly Cause[] =>
  containers.flatMap((container, index) => imageFaults(container, `spec.${list}[${index}]`));
