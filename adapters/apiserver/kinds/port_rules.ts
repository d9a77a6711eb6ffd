import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { duplicate, invalidValue, invalidValues, oneOf, required } from "./causes.ts";
import { numberAt, objectsAt, textAt } from "./fields.ts";
import { portName, portNumber } from "./name_rules.ts";

const protocols = ["SCTP", "TCP", "UDP"] as const;

const portNumberFaults = (port: JsonObject, name: string, path: string): readonly Cause[] => {
  const value = numberAt(port, name) ?? 0;
  return portNumber(value).map((message) => invalidValue(`${path}.${name}`, value, message));
};

/** Faults of a container's `ports`. */
export const portFaults = (container: JsonObject, path: string): readonly Cause[] => {
  const names = new Set<string>();
  return objectsAt(container, "ports").flatMap((port, index) => {
    const place = `${path}.ports[${index}]`;
    const name = textAt(port, "name");
    const bad = name === "" ? [] : invalidValues(`${place}.name`, name, portName(name));
    const twice = bad.length === 0 && names.has(name) ? [duplicate(`${place}.name`, name)] : [];
    if (name !== "" && bad.length === 0) names.add(name);
    return [
      ...bad,
      ...twice,
      ...((numberAt(port, "containerPort") ?? 0) === 0
        ? [required(`${place}.containerPort`)]
        : portNumberFaults(port, "containerPort", place)),
      ...((numberAt(port, "hostPort") ?? 0) === 0 ? [] : portNumberFaults(port, "hostPort", place)),
      ...oneOf(`${place}.protocol`, textAt(port, "protocol"), protocols),
    ];
  });
};

/** Ports of the node that are asked for twice. */
export const hostPortFaults = (containers: readonly JsonObject[], path: string): readonly Cause[] => {
  const seen = new Set<string>();
  return containers.flatMap((container, index) =>
    objectsAt(container, "ports").flatMap((port, at) => {
      const number = numberAt(port, "hostPort") ?? 0;
      const text = `${textAt(port, "protocol")}/${textAt(port, "hostIP")}/${number}`;
      const twice = number !== 0 && seen.has(text);
      seen.add(text);
      return twice ? [duplicate(`${path}[${index}].ports[${at}].hostPort`, text)] : [];
    })
  );
};
