import * as t from "io-ts";

/** A pod, or any object, is its UID: names come back, UIDs never do. */
export type Uid = string;

/** What we read of `metav1.OwnerReference`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: Uid;
  readonly controller?: boolean;
}

/** What we read of `metav1.ObjectMeta`. `managedFields` is dropped: it is most of an object's weight. */
export interface ObjectMeta {
  readonly name: string;
  readonly uid: Uid;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

const strings: t.Type<Readonly<Record<string, string>>> = t.record(t.string, t.string);

const OwnerReferenceCodec: t.Type<OwnerReference> = t.intersection([
  t.type({ apiVersion: t.string, kind: t.string, name: t.string, uid: t.string }),
  t.partial({ controller: t.boolean }),
]);

export const ObjectMetaCodec: t.Type<ObjectMeta> = t.intersection([
  t.type({ name: t.string, uid: t.string }),
  t.partial({
    namespace: t.string,
    resourceVersion: t.string,
    generation: t.number,
    labels: strings,
    annotations: strings,
    creationTimestamp: t.string,
    deletionTimestamp: t.string,
    deletionGracePeriodSeconds: t.number,
    finalizers: t.readonlyArray(t.string),
    ownerReferences: t.readonlyArray(OwnerReferenceCodec),
  }),
]);

/** The metadata without the content of `managedFields`. (Objects that fields were taken from weigh several times as much.) */
export const slimMeta = (meta: ObjectMeta): ObjectMeta =>
  "managedFields" in meta ? { ...meta, managedFields: undefined } as ObjectMeta : meta;

/** Where an object lives: enough to address it, and to know whether it is still the same one. */
export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
}

export const refOf = (object: { readonly metadata: ObjectMeta }): ObjectRef => ({
  namespace: object.metadata.namespace ?? "",
  name: object.metadata.name,
  uid: object.metadata.uid,
});
