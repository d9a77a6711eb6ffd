import { right } from "fp-ts/lib/Either.js";
import type { Cause } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, column, nameColumn } from "../table/columns.ts";
import { forbiddenField, immutable, invalidValues, required } from "./causes.ts";
import { define, keeping, part } from "./define.ts";
import { at, textAt, textOf } from "./fields.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";
import { driverFaults } from "./storage_rules.ts";

const sourceFaults = (object: ApiObject): readonly Cause[] => {
  const path = "spec.source", one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  const name = at(object, "spec", "source", "persistentVolumeName");
  const isInline = at(object, "spec", "source", "inlineVolumeSpec") !== undefined;
  if (name === undefined) return isInline ? [] : [required(path, one)];
  if (isInline) return [forbiddenField(path, one)];
  return name === ""
    ? [required(`${path}.persistentVolumeName`, "must specify non empty persistentVolumeName")]
    : [];
};

const faults = (object: ApiObject): readonly Cause[] => {
  const attacher = textAt(object, "spec", "attacher"), node = textAt(object, "spec", "nodeName");
  const volume = at(object, "spec", "source", "persistentVolumeName");
  return [
    ...driverFaults("spec.attacher", attacher),
    ...sourceFaults(object),
    ...invalidValues("spec.nodeName", node, dnsSubdomain(node)),
    ...(volume === undefined
      ? []
      : invalidValues("spec.source.persistentVolumeName", textOf(volume), dnsSubdomain(textOf(volume)))),
  ];
};

export const volumeAttachment: Kind = define({
  group: "storage.k8s.io",
  kind: "VolumeAttachment",
  plural: "volumeattachments",
  namespaced: false,
  subresources: { status: part },
  columns: [
    nameColumn,
    { ...column("Attacher", "The driver that attaches the volume."), format: "name" },
    column("PV", "The volume."),
    column("Node", "The node that the volume is attached to."),
    { ...column("Attached", "Whether it is attached."), type: "boolean" },
    ageColumn,
  ],
  cells: (object, now) => [
    object.metadata.name,
    textAt(object, "spec", "attacher"),
    textAt(object, "spec", "source", "persistentVolumeName"),
    textAt(object, "spec", "nodeName"),
    at(object, "status", "attached") === true,
    ageOf(object, now),
  ],
  onCreate: (object) => right({ ...object, status: { attached: false } }),
  onUpdate: (next, before, subresource) =>
    right(subresource === "status" ? { ...before, status: next["status"] } : keeping(next, before, "status")),
  validate: validator({
    namespaced: false,
    name: dnsSubdomain,
    faults,
    changeFaults: (next, before) => immutable("spec", at(next, "spec"), at(before, "spec")),
  }),
});
