import { right } from "fp-ts/lib/Either.js";
import type { Kind } from "../kind.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { nodeCells, nodeColumns } from "../table/node_cells.ts";
import { define, keeping, part, proxyVerbs } from "./define.ts";
import { at, listAt, objectAt, objectsAt, textAt, textsAt, withDefaults, withField } from "./fields.ts";
import { metaFaults } from "./meta_rules.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { nodeFaults, nodeUpdateFaults } from "./node_rules.ts";

/** `podCIDR` and the first of `podCIDRs` are one. */
const withRanges = (spec: JsonObject): JsonObject => {
  const one = textAt(spec, "podCIDR"), first = textsAt(spec, "podCIDRs")[0] ?? "";
  if (one === first) return spec;
  return one === "" ? { ...spec, podCIDR: first } : { ...spec, podCIDRs: [one] };
};

/** What there is, is there for pods unless the node says otherwise. */
const withAllocatable = (status: JsonObject): JsonObject => {
  const capacity = at(status, "capacity");
  return capacity === undefined ? status : withDefaults(status, { allocatable: capacity });
};

const defaults = (object: ApiObject): ApiObject => ({
  ...object,
  spec: withRanges(objectAt(object, "spec")),
  status: withAllocatable(objectAt(object, "status")),
});

const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

/** A new node takes no pods until somebody who watches it has seen it ready. */
const withTaint = (object: ApiObject): ApiObject => {
  const has = objectsAt(object, "spec", "taints")
    .some((taint) => textAt(taint, "key") === notReady.key && textAt(taint, "effect") === notReady.effect);
  if (has) return object;
  const taints = [...listAt(object, "spec", "taints"), notReady];
  return withField(object, "spec", () => ({ ...objectAt(object, "spec"), taints }));
};

const validate: Kind["validate"] = (object, before, subresource) => {
  const meta = metaFaults(object, before, { namespaced: false, name: dnsSubdomain });
  if (before === undefined) return [...meta, ...nodeFaults(object)];
  const update = [...meta, ...nodeUpdateFaults(object, before)];
  return subresource === "status" ? update : [...nodeFaults(object), ...update];
};

export const node: Kind = define({
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  subresources: {
    proxy: { verbs: proxyVerbs, kind: "NodeProxyOptions", apiVersion: "v1" },
    status: part,
  },
  fields: { "spec.unschedulable": (object) => `${at(object, "spec", "unschedulable") === true}` },
  columns: nodeColumns,
  cells: nodeCells,
  defaults,
  onCreate: (object) => right(withTaint(object)),
  onUpdate: (next, before, subresource) =>
    right(keeping(next, before, subresource === "status" ? "spec" : "status")),
  validate,
});
