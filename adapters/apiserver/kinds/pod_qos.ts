import type { ApiObject, JsonObject } from "../object.ts";
import { objectAt, objectsAt } from "./fields.ts";
import { amountOf } from "./quantities.ts";

const computed = ["cpu", "memory"] as const;

const amount = (resources: JsonObject, list: "requests" | "limits", name: string): bigint =>
  amountOf(objectAt(resources, list), name) ?? 0n;

const isGuaranteed = (resources: JsonObject): boolean =>
  computed.every((name) => {
    const limit = amount(resources, "limits", name);
    return limit > 0n && limit === amount(resources, "requests", name);
  });

const asksNothing = (resources: JsonObject): boolean =>
  computed.every((name) =>
    amount(resources, "requests", name) <= 0n && amount(resources, "limits", name) <= 0n
  );

/** The class by which a node evicts: by CPU and memory of the pod as a whole where it says them, or of every container. */
export const qosClassOf = (pod: ApiObject): "Guaranteed" | "Burstable" | "BestEffort" => {
  const spec = objectAt(pod, "spec");
  const ofPod = objectAt(spec, "resources");
  const ofContainers = [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")]
    .map((container) => objectAt(container, "resources"));
  const counted = Object.keys(ofPod).length === 0 ? ofContainers : [ofPod];
  if (counted.every(asksNothing)) return "BestEffort";
  return counted.every(isGuaranteed) ? "Guaranteed" : "Burstable";
};
