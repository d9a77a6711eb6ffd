import { type Kind, resourceOf } from "../kind.ts";

// In what the real registries differ without any reason that could be told by a rule.

const createdByUpdate: ReadonlySet<string> = new Set([
  "services",
  "events",
  "events.events.k8s.io",
  "leases.coordination.k8s.io",
  "runtimeclasses.node.k8s.io",
  ...["roles", "rolebindings", "clusterroles", "clusterrolebindings"].map((name) =>
    `${name}.rbac.authorization.k8s.io`
  ),
]);

/** The group that faults of an object name: that of the kind as which it is kept. */
export const groupOfFaults = (kind: Kind): string => kind.stored === undefined ? kind.group : "";

/** Whether an update of what does not exist makes it. */
export const isCreatedByUpdate = (kind: Kind): boolean => createdByUpdate.has(resourceOf(kind));

const updatedByVersion: ReadonlySet<string> = new Set([
  "leases.coordination.k8s.io",
  "runtimeclasses.node.k8s.io",
  "volumeattachments.storage.k8s.io",
]);

/** Whether an update must say from which version it was made. */
export const needsVersion = (kind: Kind): boolean => updatedByVersion.has(resourceOf(kind));

const toldWhenDeleted: ReadonlySet<string> = new Set([
  "pods",
  "services",
  "serviceaccounts",
  "persistentvolumes",
  "persistentvolumeclaims",
  "volumeattachments.storage.k8s.io",
]);

/** Whether the deletion of an object that goes at once is answered with it; else with a `Status`. */
export const isToldWhenDeleted = (kind: Kind): boolean => toldWhenDeleted.has(resourceOf(kind));
