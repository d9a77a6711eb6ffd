import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { invalidValue, invalidValues, notSupported, required } from "./causes.ts";
import { at, isObject, objectAt, objectsAt, textAt } from "./fields.ts";
import { configMapKey, dnsSubdomain, envName, qualifiedName } from "./name_rules.ts";
import { canonicalQuantity } from "./quantities.ts";

const envFields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
] as const;

const fileFields = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
] as const;

/** What the API server's own conversion knows; anything else is no field of a pod. */
const known: ReadonlySet<string> = new Set([
  ...envFields,
  ...fileFields,
  "spec.restartPolicy",
  "status.phase",
]);

const subscripted = /^([^[]+)\['(.*)'\]$/;

const fieldRefFaults = (
  reference: JsonObject,
  path: string,
  allowed: readonly string[],
): readonly Cause[] => {
  const text = textAt(reference, "fieldPath");
  const place = `${path}.fieldPath`, version = textAt(reference, "apiVersion");
  if (text === "") return [required(place)];
  if (!["", "v1"].includes(version)) {
    return [invalidValue(place, text, `error converting fieldPath: unsupported pod version: ${version}`)];
  }
  const [, map, name = ""] = subscripted.exec(text) ?? [];
  if (map === "metadata.labels") return invalidValues(path, name, qualifiedName(name));
  if (map === "metadata.annotations") {
    return invalidValues(path, name.toLowerCase(), qualifiedName(name.toLowerCase()));
  }
  if (map !== undefined && known.has(map)) return [invalidValue(path, map, "does not support subscript")];
  if (!known.has(text)) {
    return [
      invalidValue(place, text, `error converting fieldPath: field label not supported: ${map ?? text}`),
    ];
  }
  return allowed.includes(text) ? [] : [notSupported(place, text, allowed)];
};

const resourceFields = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
] as const;

const bytes = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

/** What an amount may be told in parts of, and what the API server calls the resource. */
const divisors: Readonly<Record<string, readonly [allowed: string, resource: string]>> = {
  cpu: ["1m and 1", "cpu"],
  memory: [bytes, "memory"],
  "ephemeral-storage": [bytes, "local ephemeral storage"],
};

const divisorFaults = (reference: JsonObject, path: string): readonly Cause[] => {
  const resource = textAt(reference, "resource"), divisor = canonicalQuantity(at(reference, "divisor"));
  const name = resource.replace(/^(requests|limits)\./, "");
  const known = name.startsWith("hugepages-")
    ? [bytes, "hugepages"] as const
    : Object.hasOwn(divisors, name)
    ? divisors[name]
    : undefined;
  if (divisor === undefined || divisor === "0" || known === undefined) return [];
  const [allowed, called] = known;
  return allowed.split(/, | and /).includes(divisor) ? [] : [
    invalidValue(
      `${path}.divisor`,
      resource,
      `only divisor's values ${allowed} are supported with the ${called} resource`,
    ),
  ];
};

const resourceRefFaults = (reference: JsonObject, path: string, inFile: boolean): readonly Cause[] => {
  const resource = textAt(reference, "resource");
  if (inFile && textAt(reference, "containerName") === "") return [required(`${path}.containerName`)];
  if (resource === "") return [required(`${path}.resource`)];
  const isKnown = resourceFields.some((one) => one === resource) ||
    /^(requests|limits)\.hugepages-/.test(resource);
  return isKnown
    ? divisorFaults(reference, path)
    : [notSupported(`${path}.resource`, resource, resourceFields)];
};

const keyRefFaults = (reference: JsonObject, path: string): readonly Cause[] => {
  const key = textAt(reference, "key");
  return [
    ...invalidValues(`${path}.name`, textAt(reference, "name"), dnsSubdomain(textAt(reference, "name"))),
    ...(key === "" ? [required(`${path}.key`)] : invalidValues(`${path}.key`, key, configMapKey(key))),
  ];
};

const sources: Readonly<Record<string, (reference: JsonObject, path: string) => readonly Cause[]>> = {
  fieldRef: (reference, path) => fieldRefFaults(reference, path, envFields),
  resourceFieldRef: (reference, path) => resourceRefFaults(reference, path, false),
  configMapKeyRef: keyRefFaults,
  secretKeyRef: keyRefFaults,
};

const sourceFaults = (variable: JsonObject, path: string): readonly Cause[] => {
  const from = at(variable, "valueFrom");
  if (!isObject(from)) return [];
  // a key of a file on a volume is taken as it is
  const said = [...Object.keys(sources), "fileKeyRef"].filter((name) => isObject(at(from, name)));
  const inside = said.flatMap((name) => sources[name]?.(objectAt(from, name), `${path}.${name}`) ?? []);
  const all =
    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
  if (said.length === 0) return [invalidValue(path, "", all)];
  if (textAt(variable, "value") !== "") {
    return [...inside, invalidValue(path, "", "may not be specified when `value` is not empty")];
  }
  return said.length > 1
    ? [...inside, invalidValue(path, "", "may not have more than one field specified at a time")]
    : inside;
};

/** Faults of a container's `env`. */
export const envFaults = (container: JsonObject, path: string): readonly Cause[] =>
  objectsAt(container, "env").flatMap((variable, index) => {
    const place = `${path}.env[${index}]`;
    const name = textAt(variable, "name");
    return [
      ...(name === "" ? [required(`${place}.name`)] : invalidValues(`${place}.name`, name, envName(name))),
      ...sourceFaults(variable, `${place}.valueFrom`),
    ];
  });

/** Faults of a container's `envFrom`. */
export const envFromFaults = (container: JsonObject, path: string): readonly Cause[] =>
  objectsAt(container, "envFrom").flatMap((source, index) => {
    const place = `${path}.envFrom[${index}]`;
    const prefix = textAt(source, "prefix");
    const said = ["configMapRef", "secretRef"].filter((name) => isObject(at(source, name)));
    const names = said.flatMap((kind) => {
      const name = textAt(source, kind, "name");
      const where = `${place}.${kind}.name`;
      return name === "" ? [required(where)] : invalidValues(where, name, dnsSubdomain(name));
    });
    return [
      ...(prefix === "" ? [] : invalidValues(`${place}.prefix`, prefix, envName(prefix))),
      ...names,
      ...(said.length === 0
        ? [invalidValue(`${path}.envFrom`, "", "must specify one of: `configMapRef` or `secretRef`")]
        : []),
      ...(said.length > 1
        ? [invalidValue(`${path}.envFrom`, "", "may not have more than one field specified at a time")]
        : []),
    ];
  });

/** Faults of the files that a downward API volume holds. */
export const downwardFileFaults = (file: JsonObject, path: string): readonly Cause[] => {
  const field = at(file, "fieldRef"), resource = at(file, "resourceFieldRef");
  if (isObject(field)) {
    const inside = fieldRefFaults(field, `${path}.fieldRef`, fileFields);
    const both = "fieldRef and resourceFieldRef can not be specified simultaneously";
    return isObject(resource) ? [...inside, invalidValue(path, "resource", both)] : inside;
  }
  return isObject(resource)
    ? resourceRefFaults(resource, `${path}.resourceFieldRef`, true)
    : [required(path, "one of fieldRef and resourceFieldRef is required")];
};
