import type { Pod } from "../kubernetes/pod.ts";
import { isLive, type ObservedPod } from "../pod/observed.ts";

/** `v1.PodList` as JSON to be. */
export interface PodList {
  readonly kind: "PodList";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, never>>;
  readonly items: readonly unknown[];
}

/** The body of `/pods`: the pods as they are. */
export const podList = (pods: readonly Pod[]): PodList => ({
  kind: "PodList",
  apiVersion: "v1",
  metadata: {},
  items: pods,
});

/** The body of `/runningpods/`: of what the back end holds, the pods with a running container, and only those containers. */
export const runningPodList = (pods: readonly ObservedPod[]): PodList => ({
  kind: "PodList",
  apiVersion: "v1",
  metadata: {},
  items: pods.filter((pod) => pod.containers.some(isLive)).map((pod) => ({
    metadata: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
    spec: {
      containers: pod.containers.filter(isLive).map((container) => ({
        name: container.name,
        ...(container.image === undefined ? {} : { image: container.image }),
        resources: {},
      })),
    },
    status: {},
  })),
});
