import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { duplicate, invalidValue, invalidValues, oneOf, required } from "./causes.ts";
import { entriesAt, objectAt, objectsAt, textAt, textOf } from "./fields.ts";
import { qualifiedName } from "./name_rules.ts";
import { amountOf } from "./quantities.ts";

const standard: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);
const isHugePages = (name: string): boolean => name.startsWith("hugepages-");
const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/");

/** More of these may be limited than is asked for: a node shares them out. */
const isShared = (name: string): boolean => isNative(name) && !isHugePages(name);

const unit = 1_000_000_000n;

const nameFaults = (path: string, name: string): readonly Cause[] => {
  const bad = invalidValues(path, name, qualifiedName(name));
  if (bad.length > 0 || name.includes("/")) return bad;
  if (standard.has(name) || isHugePages(name)) return [];
  return [
    invalidValue(path, name, "must be a standard resource type or fully qualified"),
    invalidValue(path, name, "must be a standard resource for containers"),
  ];
};

const amountFaults = (path: string, name: string, text: string, amount: bigint): readonly Cause[] => {
  if (amount < 0n) return [invalidValue(path, text, "must be greater than or equal to 0")];
  return !isNative(name) && amount % unit !== 0n ? [invalidValue(path, text, "must be an integer")] : [];
};

const listFaults = (resources: JsonObject, list: "limits" | "requests", path: string): readonly Cause[] =>
  entriesAt(resources, list).flatMap(([name, value]) => {
    const place = `${path}.${list}[${name}]`;
    const amount = amountOf(objectAt(resources, list), name);
    return [
      ...nameFaults(place, name),
      ...(amount === undefined ? [] : amountFaults(place, name, textOf(value), amount)),
    ];
  });

const overcommitFaults = (resources: JsonObject, path: string): readonly Cause[] => {
  const limits = objectAt(resources, "limits"), requests = objectAt(resources, "requests");
  return entriesAt(requests).flatMap(([name, value]) => {
    const limit = amountOf(limits, name), request = amountOf(requests, name);
    if (request === undefined) return [];
    if (limit === undefined) {
      return isShared(name)
        ? []
        : [required(`${path}.limits`, "Limit must be set for non overcommitable resources")];
    }
    const limitText = textAt(limits, name);
    if (!isShared(name) && request !== limit) {
      return [invalidValue(`${path}.requests`, value, `must be equal to ${name} limit of ${limitText}`)];
    }
    return request > limit
      ? [
        invalidValue(
          `${path}.requests`,
          value,
          `must be less than or equal to ${name} limit of ${limitText}`,
        ),
      ]
      : [];
  });
};

/** Faults of a container's `resources`. Resource claims and the sizes of huge pages are not looked at. */
export const resourceFaults = (resources: JsonObject, path: string): readonly Cause[] => [
  ...listFaults(resources, "limits", path),
  ...listFaults(resources, "requests", path),
  ...overcommitFaults(resources, path),
];

const resizable = ["cpu", "memory"] as const;
const restarts = ["NotRequired", "RestartContainer"] as const;

/** Faults of a container's `resizePolicy`: a pod that never restarts changes only what needs no restart. */
export const resizeFaults = (
  container: JsonObject,
  path: string,
  podRestartPolicy: string,
): readonly Cause[] => {
  const place = `${path}.resizePolicy`, seen = new Set<string>();
  const never = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
  return objectsAt(container, "resizePolicy").flatMap((policy, index) => {
    const name = textAt(policy, "resourceName"), restart = textAt(policy, "restartPolicy");
    const twice = seen.has(name) ? [duplicate(`${place}[${index}]`, name)] : [];
    seen.add(name);
    return [
      ...twice,
      ...oneOf(place, name, resizable),
      ...oneOf(place, restart, restarts),
      ...(podRestartPolicy === "Never" && restart !== "NotRequired"
        ? [invalidValue(place, restart, never)]
        : []),
    ];
  });
};
