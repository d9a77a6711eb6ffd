import type { Cause } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, column, nameColumn } from "../table/columns.ts";
import { immutable, invalidValues, required } from "./causes.ts";
import { define } from "./define.ts";
import { at, textAt } from "./fields.ts";
import { dnsLabel, dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";

/** What it charges and where it sends pods is taken as it is. */
const faults = (object: ApiObject): readonly Cause[] => {
  const handler = textAt(object, "handler");
  return handler === "" ? [required("handler")] : invalidValues("handler", handler, dnsLabel(handler));
};

export const runtimeClass: Kind = define({
  group: "node.k8s.io",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  namespaced: false,
  columns: [nameColumn, column("Handler", "Which of a node's ways to run containers it names."), ageColumn],
  cells: (object, now) => [object.metadata.name, textAt(object, "handler"), ageOf(object, now)],
  validate: validator({
    namespaced: false,
    name: dnsSubdomain,
    faults,
    changeFaults: (next, before) => immutable("handler", at(next, "handler"), at(before, "handler")),
  }),
});
