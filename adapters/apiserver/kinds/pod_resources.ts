import { parseQuantity } from "../../../core/kubernetes/quantity.ts";
import type { JsonObject } from "../object.ts";
import { objectAt, objectsAt, textAt, withDefaults } from "./fields.ts";
import { canonicalQuantity } from "./quantities.ts";

/** What a pod as a whole may ask for. */
const wholes = ["cpu", "memory"] as const;

const requestOf = (container: JsonObject, name: string): bigint =>
  parseQuantity(textAt(container, "resources", "requests", name)) ?? 0n;

const isSidecar = (container: JsonObject): boolean => textAt(container, "restartPolicy") === "Always";

/** The most that the containers ask for at a time: each that initializes runs beside the sidecars before it. */
const asked = (spec: JsonObject, name: string): bigint => {
  let beside = 0n, most = 0n;
  for (const container of objectsAt(spec, "initContainers")) {
    const request = requestOf(container, name);
    if (isSidecar(container)) beside += request;
    const now = isSidecar(container) ? beside : beside + request;
    if (now > most) most = now;
  }
  const main = objectsAt(spec, "containers").reduce(
    (sum, container) => sum + requestOf(container, name),
    beside,
  );
  return main > most ? main : most;
};

/** A pod that is limited as a whole asks for what its containers ask for together, or for its limit. */
export const withPodRequests = (spec: JsonObject): JsonObject => {
  const limits = objectAt(spec, "resources", "limits");
  if (Object.keys(limits).length === 0) return spec;
  const missing = wholes.flatMap((name) => {
    const sum = asked(spec, name), limit = textAt(limits, name);
    const text = sum > 0n ? canonicalQuantity(`${sum}n`) ?? limit : limit;
    return text === "" ? [] : [[name, text] as const];
  });
  const requests = withDefaults(objectAt(spec, "resources", "requests"), Object.fromEntries(missing));
  return { ...spec, resources: { ...objectAt(spec, "resources"), requests } };
};
