import type { Cause } from "../api_error.ts";
import type { Json, JsonObject } from "../object.ts";
import { forbiddenField, invalidValue, invalidValues, notSupported, required } from "./causes.ts";
import { at, isObject, listAt, numberAt, objectAt, objectsAt, textAt } from "./fields.ts";
import { headerName, portName, portNumber } from "./name_rules.ts";

/** A number or a name of a port. */
export const portFaults = (port: Json | undefined, path: string): readonly Cause[] => {
  if (typeof port === "string") return invalidValues(path, port, portName(port));
  const number = typeof port === "number" ? port : 0;
  return portNumber(number).map((message) => invalidValue(path, number, message));
};

const schemes = ["HTTP", "HTTPS"] as const;

const httpFaults = (action: JsonObject, path: string): readonly Cause[] => {
  const scheme = textAt(action, "scheme");
  return [
    ...(textAt(action, "path") === "" ? [required(`${path}.path`)] : []),
    ...portFaults(at(action, "port"), `${path}.port`),
    ...(schemes.some((one) => one === scheme) ? [] : [notSupported(`${path}.scheme`, scheme, schemes)]),
    ...objectsAt(action, "httpHeaders").flatMap((header) =>
      invalidValues(`${path}.httpHeaders`, textAt(header, "name"), headerName(textAt(header, "name")))
    ),
  ];
};

const sleepFaults = (action: JsonObject, path: string, graceSeconds: number): readonly Cause[] => {
  const seconds = numberAt(action, "seconds") ?? 0;
  const most = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  return seconds < 0 || seconds > graceSeconds ? [invalidValue(path, seconds, most)] : [];
};

const actions: Readonly<
  Record<string, (action: JsonObject, path: string, graceSeconds: number) => readonly Cause[]>
> = {
  exec: (action, path) => listAt(action, "command").length === 0 ? [required(`${path}.command`)] : [],
  httpGet: httpFaults,
  tcpSocket: (action, path) => portFaults(at(action, "port"), `${path}.port`),
  grpc: (action, path) => portFaults(numberAt(action, "port"), `${path}.port`),
  sleep: sleepFaults,
};

/** Exactly one action, and one that can be done. */
export const handlerFaults = (handler: JsonObject, path: string, graceSeconds: number): readonly Cause[] => {
  const said = Object.keys(actions).filter((name) => isObject(at(handler, name)));
  const [first, ...others] = said;
  if (first === undefined) return [required(path, "must specify a handler type")];
  return [
    ...(actions[first]?.(objectAt(handler, first), `${path}.${first}`, graceSeconds) ?? []),
    ...others.map((name) => forbiddenField(`${path}.${name}`, "may not specify more than 1 handler type")),
  ];
};

const counts = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

const commonFaults = (probe: JsonObject, path: string, graceSeconds: number): readonly Cause[] => {
  const grace = numberAt(probe, "terminationGracePeriodSeconds");
  return [
    ...handlerFaults(probe, path, graceSeconds),
    ...counts.flatMap((name) => {
      const value = numberAt(probe, name) ?? 0;
      return value < 0 ? [invalidValue(`${path}.${name}`, value, "must be greater than or equal to 0")] : [];
    }),
    ...(grace !== undefined && grace <= 0
      ? [invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0")]
      : []),
  ];
};

const probeNames = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

/** Faults of a container's probes. */
export const probeFaults = (container: JsonObject, path: string, graceSeconds: number): readonly Cause[] =>
  probeNames.flatMap((name) => {
    const probe = at(container, name);
    if (!isObject(probe)) return [];
    const place = `${path}.${name}`;
    const threshold = numberAt(probe, "successThreshold") ?? 0;
    const grace = at(probe, "terminationGracePeriodSeconds");
    const isReadiness = name === "readinessProbe";
    return [
      ...commonFaults(probe, place, graceSeconds),
      ...(isReadiness || threshold === 1
        ? []
        : [invalidValue(`${place}.successThreshold`, threshold, "must be 1")]),
      ...(isReadiness && grace !== undefined
        ? [
          invalidValue(
            `${place}.terminationGracePeriodSeconds`,
            grace,
            "must not be set for readinessProbes",
          ),
        ]
        : []),
    ];
  });

/** Faults of what is done after a container's start and before its end. */
export const lifecycleFaults = (
  container: JsonObject,
  path: string,
  graceSeconds: number,
): readonly Cause[] =>
  ["postStart", "preStop"].flatMap((name) => {
    const hook = at(container, "lifecycle", name);
    return isObject(hook) ? handlerFaults(hook, `${path}.lifecycle.${name}`, graceSeconds) : [];
  });
