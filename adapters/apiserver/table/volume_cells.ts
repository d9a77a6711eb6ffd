import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import { at, isObject, listAt, textAt, textOf } from "../kinds/fields.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf } from "./age.ts";
import { ageColumn, column, nameColumn, wideColumn } from "./columns.ts";

export const volumeColumns: readonly Column[] = [
  nameColumn,
  column("Capacity", "How much it holds."),
  column("Access Modes", "How it can be mounted."),
  column("Reclaim Policy", "What becomes of it when its claim is gone."),
  column("Status", "Whether it is available, bound or released."),
  column("Claim", "The claim that it is bound to."),
  column("StorageClass", "Its class."),
  column("VolumeAttributesClass", "The class of its attributes."),
  column("Reason", "Why it is in its status."),
  ageColumn,
  wideColumn("VolumeMode", "Whether it is a file system or a device."),
];

export const claimColumns: readonly Column[] = [
  nameColumn,
  column("Status", "Whether the claim is bound."),
  column("Volume", "The volume that it is bound to."),
  column("Capacity", "How much the volume holds."),
  column("Access Modes", "How the volume can be mounted."),
  column("StorageClass", "The class that is asked for."),
  column("VolumeAttributesClass", "The class of attributes that is asked for."),
  ageColumn,
  wideColumn("VolumeMode", "Whether it is a file system or a device."),
];

const modes = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
] as const;

const modesText = (said: readonly Json[]): string =>
  modes.filter(([mode]) => said.includes(mode)).map(([, short]) => short).join(",");

const betaClass = "volume.beta.kubernetes.io/storage-class";

const classOf = (object: ApiObject): string =>
  textAt(object, "metadata", "annotations", betaClass) || textAt(object, "spec", "storageClassName");

const phaseOf = (object: ApiObject): string =>
  object.metadata.deletionTimestamp === undefined ? textAt(object, "status", "phase") : "Terminating";

const orUnset = (object: ApiObject, name: string): string => {
  const value = at(object, "spec", name);
  return value === undefined ? "<unset>" : textOf(value);
};

export const volumeCells = (volume: ApiObject, now: Now): readonly Json[] => {
  const claim = at(volume, "spec", "claimRef");
  return [
    volume.metadata.name,
    textAt(volume, "spec", "capacity", "storage") || "0",
    modesText(listAt(volume, "spec", "accessModes")),
    textAt(volume, "spec", "persistentVolumeReclaimPolicy"),
    phaseOf(volume),
    isObject(claim) ? `${textAt(claim, "namespace")}/${textAt(claim, "name")}` : "",
    classOf(volume),
    orUnset(volume, "volumeAttributesClassName"),
    textAt(volume, "status", "reason"),
    ageOf(volume, now),
    orUnset(volume, "volumeMode"),
  ];
};

export const claimCells = (claim: ApiObject, now: Now): readonly Json[] => {
  const volume = textAt(claim, "spec", "volumeName");
  const isBound = volume !== "";
  return [
    claim.metadata.name,
    phaseOf(claim),
    volume,
    isBound ? textAt(claim, "status", "capacity", "storage") || "0" : "",
    isBound ? modesText(listAt(claim, "status", "accessModes")) : "",
    classOf(claim),
    orUnset(claim, "volumeAttributesClassName"),
    ageOf(claim, now),
    orUnset(claim, "volumeMode"),
  ];
};
