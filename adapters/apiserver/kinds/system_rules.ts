import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { forbiddenField, notSupported, required } from "./causes.ts";
import { at, isObject, objectsAt, textAt } from "./fields.ts";

const systems = ["linux", "windows"] as const;

const containerPlaces = (spec: JsonObject): readonly (readonly [JsonObject, string])[] =>
  ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(spec, list).map((container, index) => [container, `spec.${list}[${index}]`] as const)
  );

/** Faults of `spec.os`, and of what is not for Linux when that is said. What is not for Windows is not looked at. */
export const systemFaults = (spec: JsonObject): readonly Cause[] => {
  const os = at(spec, "os"), name = textAt(os, "name");
  if (!isObject(os)) return [];
  if (name === "") return [required("spec.os.name")];
  if (!systems.some((one) => one === name)) return [notSupported("spec.os", name, systems)];
  if (name === "windows") return [];
  return [[spec, "spec"] as const, ...containerPlaces(spec)].flatMap(([owner, path]) =>
    at(owner, "securityContext", "windowsOptions") === undefined ? [] : [
      forbiddenField(
        `${path}.securityContext.windowsOptions`,
        "windows options cannot be set for a linux pod",
      ),
    ]
  );
};
