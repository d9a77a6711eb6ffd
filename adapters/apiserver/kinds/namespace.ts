import { right } from "fp-ts/lib/Either.js";
import type { Cause } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, column, nameColumn } from "../table/columns.ts";
import { invalidValue, invalidValues } from "./causes.ts";
import { define, keeping, part } from "./define.ts";
import { listAt, objectAt, textAt, textsAt, withDefaults, withField } from "./fields.ts";
import { finalizerName, metaFaults } from "./meta_rules.ts";
import { dnsLabel } from "./name_rules.ts";

const nameLabel = "kubernetes.io/metadata.name";

/** Every namespace can be selected by its name. */
const withName = (object: ApiObject): ApiObject => {
  const { name, labels } = object.metadata;
  if (name === undefined || name === "" || labels?.[nameLabel] === name) return object;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [nameLabel]: name } } };
};

const withPhase = (object: ApiObject): ApiObject =>
  withField(object, "status", () => withDefaults(objectAt(object, "status"), { phase: "Active" }));

/** It is only gone when the server's own finalizer is: once everything in it is. */
const withFinalizer = (object: ApiObject): ApiObject => {
  const said = listAt(object, "spec", "finalizers");
  const finalizers = said.includes("kubernetes") ? said : [...said, "kubernetes"];
  return { ...object, spec: { ...objectAt(object, "spec"), finalizers }, status: { phase: "Active" } };
};

const finalizerFaults = (object: ApiObject): readonly Cause[] =>
  textsAt(object, "spec", "finalizers").flatMap((name) =>
    invalidValues("spec.finalizers", name, finalizerName(name))
  );

const phaseFaults = (object: ApiObject): readonly Cause[] => {
  const phase = textAt(object, "status", "phase");
  const isLeaving = object.metadata.deletionTimestamp !== undefined;
  const only = isLeaving ? "Terminating" : "Active";
  const why = `may only be '${only}' if \`deletionTimestamp\` is ${isLeaving ? "not " : ""}empty`;
  return phase === only ? [] : [invalidValue("status.Phase", phase, why)];
};

const validate: Kind["validate"] = (object, before, subresource) => {
  const rules = { namespaced: false, name: dnsLabel };
  const meta = metaFaults(object, before, rules);
  if (subresource === "status") return [...meta, ...phaseFaults(object)];
  return [...meta, ...finalizerFaults(object)];
};

const onUpdate: Kind["onUpdate"] = (next, before, subresource) => {
  switch (subresource) {
    case "status":
      return right(keeping(next, before, "spec"));
    case "finalize":
      return right(keeping(next, before, "status"));
    default:
      return right(keeping(withName(next), before, "spec", "status"));
  }
};

export const namespace: Kind = define({
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  subresources: { finalize: { verbs: ["update"] }, status: part },
  fields: { "status.phase": (object) => textAt(object, "status", "phase") },
  columns: [nameColumn, column("Status", "Whether it is there to stay."), ageColumn],
  cells: (object, now) => [object.metadata.name, textAt(object, "status", "phase"), ageOf(object, now)],
  defaults: (object) => withPhase(withName(object)),
  onCreate: (object) => right(withFinalizer(object)),
  onUpdate,
  validate,
});
