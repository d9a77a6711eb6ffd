import { entriesAt } from "./fields.ts";
import type { Kind } from "../kind.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, column, nameColumn } from "../table/columns.ts";
import { dataFaults, immutableDataFaults } from "./data_rules.ts";
import { define } from "./define.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";

export const configMap: Kind = define({
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  namespaced: true,
  columns: [nameColumn, column("Data", "How many entries it has."), ageColumn],
  cells: (object, now) => [
    object.metadata.name,
    entriesAt(object, "data").length + entriesAt(object, "binaryData").length,
    ageOf(object, now),
  ],
  validate: validator({
    namespaced: true,
    name: dnsSubdomain,
    faults: (object) => dataFaults(object, false),
    changeFaults: immutableDataFaults,
  }),
});
