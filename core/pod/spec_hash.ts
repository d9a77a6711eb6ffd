import { hashText } from "../hash.ts";
import type { Pod } from "../kubernetes/pod.ts";

/**
 * A hash of what an update may change: containers, tolerations, the deadline, labels and annotations
 * (the fields on which the Go Virtual Kubelet calls `UpdatePod`). The API server writes the keys of equal objects in
 * equal order, so its text is taken as it is.
 */
export const specHashOf = (pod: Pod): string =>
  hashText(JSON.stringify([
    pod.spec.containers,
    pod.spec.initContainers ?? [],
    pod.spec.ephemeralContainers ?? [],
    pod.spec.tolerations ?? [],
    pod.spec.activeDeadlineSeconds,
    pod.metadata.labels ?? {},
    pod.metadata.annotations ?? {},
  ]));
