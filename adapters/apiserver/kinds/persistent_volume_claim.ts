import { right } from "fp-ts/lib/Either.js";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { claimCells, claimColumns } from "../table/volume_cells.ts";
import { define, keeping, part } from "./define.ts";
import { objectAt, withDefaults } from "./fields.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";
import { claimFaults, claimUpdateFaults } from "./storage_rules.ts";

const defaults = (object: ApiObject): ApiObject => ({
  ...object,
  spec: withDefaults(objectAt(object, "spec"), { volumeMode: "Filesystem" }),
  status: withDefaults(objectAt(object, "status"), { phase: "Pending" }),
});

/** As data: nothing binds, grows or protects claims. */
export const persistentVolumeClaim: Kind = define({
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  namespaced: true,
  subresources: { status: part },
  columns: claimColumns,
  cells: claimCells,
  defaults,
  onCreate: (object) => right({ ...object, status: { phase: "Pending" } }),
  onUpdate: (next, before, subresource) =>
    right(keeping(next, before, subresource === "status" ? "spec" : "status")),
  validate: validator({
    namespaced: true,
    name: dnsSubdomain,
    faults: claimFaults,
    changeFaults: claimUpdateFaults,
  }),
});
