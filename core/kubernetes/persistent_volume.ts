import * as t from "io-ts";
import { type Fields, fieldsOf } from "../fields.ts";
import { type Decode, decoder } from "./decode.ts";
import { type ObjectMeta, ObjectMetaCodec } from "./meta.ts";
import type { ResourceList } from "./node.ts";

/** What we keep of a `v1.PersistentVolumeClaim`: which volume it is bound to. */
export interface PersistentVolumeClaim {
  readonly kind: "PersistentVolumeClaim";
  readonly metadata: ObjectMeta;
  /** `Pending`, `Bound` or `Lost`. */
  readonly phase: string;
  /** The name of its volume; empty until it has one. */
  readonly volumeName: string;
}

/** What we keep of a `v1.PersistentVolume`. */
export interface PersistentVolume {
  readonly kind: "PersistentVolume";
  readonly metadata: ObjectMeta;
  readonly capacity: ResourceList;
  readonly accessModes: readonly string[];
  /** `Filesystem` or `Block`. */
  readonly volumeMode: string;
  readonly mountOptions: readonly string[];
  /** The field of the spec that says what it is: `nfs`, `csi`, `local` …, and what is in it. */
  readonly type: string;
  readonly source: Fields;
}

interface WireClaim {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly volumeName?: string };
  readonly status?: { readonly phase?: string };
}

const ClaimCodec: t.Type<WireClaim> = t.intersection([
  t.type({ metadata: ObjectMetaCodec, spec: t.partial({ volumeName: t.string }) }),
  t.partial({ status: t.partial({ phase: t.string }) }),
]);

const lean = ({ name, uid, namespace, resourceVersion }: ObjectMeta): ObjectMeta => ({
  ...{ name, uid, namespace, resourceVersion },
});

/** Reads one claim of the API server. */
export const decodeClaim: Decode<PersistentVolumeClaim> = decoder(
  ClaimCodec,
  ({ metadata, spec, status }) => ({
    kind: "PersistentVolumeClaim",
    metadata: lean(metadata),
    phase: status?.phase ?? "",
    volumeName: spec.volumeName ?? "",
  }),
);

interface WireVolume {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly capacity?: ResourceList;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly mountOptions?: readonly string[];
  };
}

const texts: t.Type<readonly string[]> = t.readonlyArray(t.string);

const VolumeCodec: t.Type<WireVolume> = t.type({
  metadata: ObjectMetaCodec,
  spec: t.partial({
    capacity: t.record(t.string, t.string),
    accessModes: texts,
    volumeMode: t.string,
    mountOptions: texts,
  }),
});

/** Fields of a `v1.PersistentVolumeSpec` that are not its source. */
const common = new Set([
  ..."capacity accessModes volumeMode mountOptions claimRef persistentVolumeReclaimPolicy storageClassName"
    .split(
      " ",
    ),
  ..."nodeAffinity volumeAttributesClassName".split(" "),
]);

/** Reads one volume of the API server. */
export const decodeVolume: Decode<PersistentVolume> = decoder(VolumeCodec, ({ metadata, spec }) => {
  const { capacity = {}, accessModes = [], volumeMode = "Filesystem", mountOptions = [] } = spec;
  const type = Object.keys(spec).find((key) => !common.has(key)) ?? "";
  return {
    kind: "PersistentVolume",
    metadata: lean(metadata),
    ...{ capacity, accessModes, volumeMode, mountOptions, type },
    source: fieldsOf((spec as Fields)[type]),
  };
});
