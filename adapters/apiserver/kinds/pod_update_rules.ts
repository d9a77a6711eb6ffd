import { equivalent } from "../../../core/equivalent.ts";
import type { Cause } from "../api_error.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { forbiddenField, invalidValue, required } from "./causes.ts";
import { at, numberAt, objectAt, objectsAt, textAt, withField } from "./fields.ts";
import { podFaults } from "./pod_rules.ts";

const mutable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
] as const;

/** The first fault after which nothing more is compared, as there is nothing to compare with. */
const countFaults = (next: JsonObject, before: JsonObject): readonly Cause[] => {
  const other = ["containers", "initContainers"].find((name) =>
    objectsAt(next, name).length !== objectsAt(before, name).length
  );
  return other === undefined
    ? []
    : [forbiddenField(`spec.${other}`, "pod updates may not add or remove containers")];
};

const imageFaults = (next: JsonObject, list: string): readonly Cause[] =>
  objectsAt(next, list).flatMap((container, index) =>
    textAt(container, "image") === "" ? [required(`spec.${list}[${index}].image`)] : []
  );

const deadlineFaults = (next: JsonObject, before: JsonObject): readonly Cause[] => {
  const path = "spec.activeDeadlineSeconds";
  const now = numberAt(next, "activeDeadlineSeconds"), was = numberAt(before, "activeDeadlineSeconds");
  if (was === undefined) return [];
  if (now === undefined) {
    return [invalidValue(path, null, "must not update from a positive integer to nil value")];
  }
  return now > was ? [invalidValue(path, now, "must be less than or equal to previous value")] : [];
};

const untimed = (toleration: JsonObject): JsonObject =>
  withField(toleration, "tolerationSeconds", () => undefined);

const tolerationFaults = (next: JsonObject, before: JsonObject): readonly Cause[] => {
  const now = objectsAt(next, "tolerations").map(untimed);
  const kept = objectsAt(before, "tolerations").every((was) =>
    now.some((one) => equivalent(one, untimed(was)))
  );
  return kept ? [] : [
    forbiddenField(
      "spec.tolerations",
      "existing toleration can not be modified except its tolerationSeconds",
    ),
  ];
};

const gateFaults = (next: JsonObject, before: JsonObject): readonly Cause[] => {
  const had = new Set(objectsAt(before, "schedulingGates").map((gate) => textAt(gate, "name")));
  return objectsAt(next, "schedulingGates").flatMap((gate, index) => {
    const name = textAt(gate, "name");
    const why = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return had.has(name) ? [] : [forbiddenField(`spec.schedulingGates[${index}].name`, why)];
  });
};

const withoutImages = (spec: JsonObject, list: string): JsonObject =>
  withField(spec, list, () => objectsAt(spec, list).map((one) => withField(one, "image", () => undefined)));

const free = ["activeDeadlineSeconds", "schedulingGates", "tolerations"] as const;

/** A pod that waits at a gate may still be told where to go. */
const gated = ["nodeSelector", "affinity"] as const;

/** What is left of a spec without that which may change. */
const fixed = (spec: JsonObject, before: JsonObject): JsonObject => {
  const names = objectsAt(before, "schedulingGates").length > 0 ? [...free, ...gated] : free;
  const graceWas = numberAt(before, "terminationGracePeriodSeconds") ?? 0;
  const graced = graceWas < 0 && at(spec, "terminationGracePeriodSeconds") === 1
    ? withField(spec, "terminationGracePeriodSeconds", () => graceWas)
    : spec;
  const kept = names.reduce<JsonObject>((object, name) => withField(object, name, () => undefined), graced);
  return withoutImages(withoutImages(kept, "containers"), "initContainers");
};

const changedFields = (next: JsonObject, before: JsonObject): readonly string[] =>
  [...new Set([...Object.keys(next), ...Object.keys(before)])]
    .filter((name) => !equivalent(at(next, name), at(before, name)))
    .map((name) => `\`spec.${name}\``);

const fixedFaults = (next: JsonObject, before: JsonObject): readonly Cause[] => {
  const changed = changedFields(fixed(next, before), fixed(before, before));
  if (changed.length === 0) return [];
  const why = `pod updates may not change fields other than ${mutable.join(",")}\nchanged: ${
    changed.join(", ")
  }`;
  return [forbiddenField("spec", why)];
};

/** Faults of a changed pod: of a spec, only images, the deadline, more tolerations and fewer gates are let through. */
export const podUpdateFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const now = objectAt(next, "spec"), was = objectAt(before, "spec");
  const itself = podFaults(next, before);
  const counts = countFaults(now, was);
  if (counts.length > 0) return [...itself, ...counts];
  return [
    ...itself,
    ...imageFaults(now, "containers"),
    ...imageFaults(now, "initContainers"),
    ...deadlineFaults(now, was),
    ...tolerationFaults(now, was),
    ...gateFaults(now, was),
    ...fixedFaults(now, was),
  ];
};

/** Faults of a pod to which ephemeral containers were added: those that are there stay as they are. */
export const ephemeralUpdateFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => {
  const path = "spec.ephemeralContainers";
  const now = objectsAt(next, "spec", "ephemeralContainers");
  const others = objectsAt(before, "spec", "ephemeralContainers").flatMap((was) => {
    const name = textAt(was, "name");
    const same = now.find((one) => textAt(one, "name") === name);
    if (same === undefined) {
      return [
        forbiddenField(path, `existing ephemeral containers ${JSON.stringify(name)} may not be removed\n`),
      ];
    }
    return equivalent(same, was)
      ? []
      : [forbiddenField(path, `existing ephemeral containers ${JSON.stringify(name)} may not be changed\n`)];
  });
  return [...podFaults(next, before), ...others];
};
