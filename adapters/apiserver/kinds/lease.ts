import type { Cause } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, column, nameColumn } from "../table/columns.ts";
import { invalidValue } from "./causes.ts";
import { define } from "./define.ts";
import { numberAt, textAt } from "./fields.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";

const faults = (object: ApiObject): readonly Cause[] => {
  const seconds = numberAt(object, "spec", "leaseDurationSeconds");
  const transitions = numberAt(object, "spec", "leaseTransitions");
  return [
    ...(seconds !== undefined && seconds <= 0
      ? [invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0")]
      : []),
    ...(transitions !== undefined && transitions < 0
      ? [invalidValue("spec.leaseTransitions", transitions, "must be greater than or equal to 0")]
      : []),
  ];
};

export const lease: Kind = define({
  group: "coordination.k8s.io",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
  columns: [nameColumn, column("Holder", "Who holds it."), ageColumn],
  cells: (
    object,
    now,
  ) => [object.metadata.name, textAt(object, "spec", "holderIdentity"), ageOf(object, now)],
  validate: validator({ namespaced: true, name: dnsSubdomain, faults }),
});
