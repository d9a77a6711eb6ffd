import type { Json, JsonObject } from "../object.ts";
import { at, isObject, objectAt, textAt, withDefaults, withField, withItems } from "./fields.ts";
import { pullPolicyOf } from "./image_tag.ts";

/** `change` of the object at `name`, where there is one. */
export const within =
  (name: string, change: (object: JsonObject) => JsonObject) => (object: JsonObject): JsonObject =>
    withField(object, name, (value) => isObject(value) ? change(value) : value);

export const fieldRefDefaults = (reference: JsonObject): JsonObject =>
  withDefaults(reference, { apiVersion: "v1" });

export const resourceFieldRefDefaults = (reference: JsonObject): JsonObject =>
  withDefaults(reference, { divisor: "0" });

const chain =
  (...changes: readonly ((object: JsonObject) => JsonObject)[]) => (object: JsonObject): JsonObject =>
    changes.reduce((value, change) => change(value), object);

const httpGet = within("httpGet", (action) => withDefaults(action, { path: "/", scheme: "HTTP" }));

/** Of a probe, a hook. */
const handler = chain(httpGet, within("grpc", (action) => withDefaults(action, { service: "" })));

const numbers = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

const probe = (object: JsonObject): JsonObject => {
  const said = object["timeoutSeconds"] === 0 ? withField(object, "timeoutSeconds", () => undefined) : object;
  return withDefaults(handler(said), numbers);
};

const probes = chain(
  within("livenessProbe", probe),
  within("readinessProbe", probe),
  within("startupProbe", probe),
);

const hooks = within("lifecycle", chain(within("postStart", handler), within("preStop", handler)));

const variable = within(
  "valueFrom",
  chain(within("fieldRef", fieldRefDefaults), within("resourceFieldRef", resourceFieldRefDefaults)),
);

/** What is limited and not asked for is asked for in full. */
const resources = (value: Json | undefined): Json => {
  const said = isObject(value) ? value : {};
  const limits = objectAt(said, "limits");
  if (Object.keys(limits).length === 0) return said;
  const requests = withDefaults(objectAt(said, "requests"), limits);
  return requests === said["requests"] ? said : { ...said, requests };
};

/** Defaults of a container of any sort. */
export const containerDefaults = (hostNetwork: boolean) => (container: JsonObject): JsonObject => {
  const ports = withItems(container, "ports", (port) => {
    const said = withDefaults(port, { protocol: "TCP" });
    const number = at(said, "containerPort");
    return hostNetwork && number !== undefined ? withDefaults(said, { hostPort: number }) : said;
  });
  const variables = withItems(ports, "env", variable);
  const inside = hooks(probes(withField(variables, "resources", resources)));
  return withDefaults(inside, {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicyOf(textAt(container, "image")),
  });
};
