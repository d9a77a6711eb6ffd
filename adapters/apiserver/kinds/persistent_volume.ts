import { right } from "fp-ts/lib/Either.js";
import { formatTime } from "../../../core/time.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { volumeCells, volumeColumns } from "../table/volume_cells.ts";
import { define, keeping, part } from "./define.ts";
import { at, isObject, objectAt, textAt, withDefaults, withField } from "./fields.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";
import { volumeFaults, volumeUpdateFaults } from "./storage_rules.ts";

const defaults = (object: ApiObject): ApiObject => {
  const spec = withDefaults(objectAt(object, "spec"), {
    persistentVolumeReclaimPolicy: "Retain",
    volumeMode: "Filesystem",
  });
  const typed = withField(
    spec,
    "hostPath",
    (path) => isObject(path) ? withDefaults(path, { type: "" }) : path,
  );
  return { ...object, spec: typed, status: withDefaults(objectAt(object, "status"), { phase: "Pending" }) };
};

const onUpdate: Kind["onUpdate"] = (next, before, subresource, { now }) => {
  if (subresource !== "status") return right(keeping(next, before, "status"));
  const isSame = textAt(next, "status", "phase") === textAt(before, "status", "phase");
  const was = at(before, "status", "lastPhaseTransitionTime");
  const said = at(next, "status", "lastPhaseTransitionTime");
  const since = isSame ? said ?? was : said === undefined || said === was ? formatTime(now.wall) : said;
  const status = withField(objectAt(next, "status"), "lastPhaseTransitionTime", () => since);
  return right({ ...keeping(next, before, "spec"), status });
};

/** As data: nothing binds volumes to claims, nothing protects or reclaims them. */
export const persistentVolume: Kind = define({
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  subresources: { status: part },
  columns: volumeColumns,
  cells: volumeCells,
  defaults,
  onCreate: (object, { now }) =>
    right({ ...object, status: { phase: "Pending", lastPhaseTransitionTime: formatTime(now.wall) } }),
  onUpdate,
  validate: validator({
    namespaced: false,
    name: dnsSubdomain,
    faults: volumeFaults,
    changeFaults: volumeUpdateFaults,
  }),
});
