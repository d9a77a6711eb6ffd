import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";

/**
 * Every way from one state of a pod's object to the next, as the API shows it. A state is its phase, with `terminating` once
 * its deletion was asked for (also by force). Any other way is a broken promise: phases only go forward (Pod lifecycle,
 * "Pod phase"), and of a pod that is to go away only its end is told.
 */
export const edges = [
  "created -> Pending",
  "Pending -> Running",
  "Pending -> Succeeded",
  "Pending -> Failed",
  "Running -> Succeeded",
  "Running -> Failed",
  "Pending -> Pending terminating",
  "Running -> Running terminating",
  "Succeeded -> Succeeded terminating",
  "Failed -> Failed terminating",
  "Pending terminating -> Succeeded terminating",
  "Pending terminating -> Failed terminating",
  "Running terminating -> Succeeded terminating",
  "Running terminating -> Failed terminating",
  "Pending terminating -> gone",
  "Running terminating -> gone",
  "Succeeded terminating -> gone",
  "Failed terminating -> gone",
] as const;

export type Edge = typeof edges[number];

const known: ReadonlySet<string> = new Set(edges);
export const isEdge = (text: string): text is Edge => known.has(text);

export const phaseOf = (pod: ApiObject): string | undefined =>
  ((pod.status ?? {}) as JsonObject).phase as string | undefined;

/** A pod's object in one word or two. */
export const placeOf = (pod: ApiObject | undefined): string =>
  pod === undefined
    ? "created"
    : `${phaseOf(pod)}${pod.metadata.deletionTimestamp === undefined ? "" : " terminating"}`;
