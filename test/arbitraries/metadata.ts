import fc from "fast-check";
import type { ObjectMeta, ObjectRef, OwnerReference } from "../../core/kubernetes/meta.ts";
import { anySeconds, anyTime, momentOf } from "./moment.ts";
import { anyLabels, anyName, anyNamespace, anyUid } from "./names.ts";
import { anyOf, anyRecord, maybe } from "./record.ts";
import { formatTime } from "../../core/time.ts";

/** Where an object lives. */
export const anyRef: fc.Arbitrary<ObjectRef> = anyRecord({
  namespace: anyNamespace,
  name: anyName,
  uid: anyUid,
});

/** The object that another belongs to: its workload. */
export const anyOwnerReference: fc.Arbitrary<OwnerReference> = anyRecord({
  apiVersion: anyOf("apps/v1", "batch/v1"),
  kind: anyOf("ReplicaSet", "Job"),
  name: anyName,
  uid: anyOf("owner-1", "owner-2"),
}, { controller: fc.boolean() });

/** An opaque resourceVersion. */
export const anyVersion: fc.Arbitrary<string> = anyOf("1", "2", "10", "999999999999999999");

/** What an object has from the moment its graceful deletion was asked for. */
export type Deletion = Pick<ObjectMeta, "deletionTimestamp" | "deletionGracePeriodSeconds">;

/** The fields of an object whose graceful deletion was asked for. */
export const anyDeletion: fc.Arbitrary<Deletion> = fc.tuple(anySeconds, anyOf(0, 1, 5, 30)).map(
  ([at, grace]) => ({
    deletionTimestamp: formatTime(momentOf(at + grace).wall),
    deletionGracePeriodSeconds: grace,
  }),
);

/** What {@link anyMetadataOf} is not to draw. */
export interface MetadataParts {
  readonly ref?: ObjectRef;
  readonly deletion?: fc.Arbitrary<Deletion | undefined>;
}

/** `metav1.ObjectMeta` of an object in a namespace. */
export const anyMetadataOf = (parts: MetadataParts = {}): fc.Arbitrary<ObjectMeta> =>
  fc.tuple(
    parts.ref === undefined ? anyRef : fc.constant(parts.ref),
    parts.deletion ?? maybe(anyDeletion),
    anyRecord({ resourceVersion: anyVersion, creationTimestamp: anyTime }, {
      generation: anyOf(1, 2),
      labels: anyLabels,
      annotations: anyLabels,
      finalizers: anyOf<readonly string[]>([], ["x/y"]),
      ownerReferences: anyOwnerReference.map((owner) => [owner]),
    }),
  ).map(([ref, deletion, more]) => ({ ...ref, ...deletion, ...more }));

/** `metav1.ObjectMeta` of any object in a namespace. */
export const anyMetadata: fc.Arbitrary<ObjectMeta> = anyMetadataOf();
