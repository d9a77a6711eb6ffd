import fc from "fast-check";
import type { Container } from "../../core/kubernetes/container.ts";
import type { ObjectMeta, ObjectRef } from "../../core/kubernetes/meta.ts";
import type { Pod, PodSpec } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import { anyContainerOf, anyInitContainerOf } from "./container.ts";
import { anyMetadataOf, type MetadataParts } from "./metadata.ts";
import { anyPodStatusOf } from "./pod_status.ts";
import { anyOf, anyRecord } from "./record.ts";

/** What {@link anyPodOf} is not to draw. */
export interface PodParts extends MetadataParts {
  /** Where and what it is; any, when absent. */
  readonly ref?: ObjectRef;
  /** The node that it is bound to; `n`, when absent. */
  readonly node?: string;
  /** Names of its containers and init containers; `a`, `b` and sometimes `i`, when absent. */
  readonly containers?: readonly string[];
  readonly initContainers?: readonly string[];
  /** Of the status; one that may make no sense, when absent. */
  readonly status?: fc.Arbitrary<PodStatus>;
}

const anyContainers = (names: readonly string[]): fc.Arbitrary<readonly Container[]> =>
  fc.tuple(...names.map(anyContainerOf));

const anyInits = (names: readonly string[]): fc.Arbitrary<readonly Container[]> =>
  fc.tuple(...names.map(anyInitContainerOf));

/** `v1.PodSpec` of a pod that is bound to a node. */
export const anyPodSpecOf = (parts: PodParts = {}): fc.Arbitrary<PodSpec> => {
  const { node = "n", containers = ["a", "b"], initContainers } = parts;
  const inits = initContainers === undefined
    ? fc.oneof(fc.constant([]), anyInits(["i"]))
    : anyInits(initContainers);
  return fc.tuple(
    anyContainers(containers),
    inits,
    anyRecord({ restartPolicy: anyOf("Always", "OnFailure", "Never") }, {
      activeDeadlineSeconds: anyOf(10, 60, 600),
      terminationGracePeriodSeconds: anyOf(0, 5, 60),
      readinessGates: fc.constant([{ conditionType: "x/gate" }]),
      hostNetwork: anyOf(false, true),
      serviceAccountName: fc.constant("default"),
      tolerations: fc.constant([{ operator: "Exists" }]),
      volumes: fc.constant([{ name: "data", emptyDir: {} }]),
      securityContext: fc.constant({ runAsUser: 1000 }),
      ephemeralContainers: fc.constant([{ name: "debug", image: "v1" }]),
    }),
  ).map(([apps, init, more]): PodSpec => ({
    nodeName: node,
    containers: apps,
    ...(init.length === 0 ? {} : { initContainers: init }),
    ...more,
  }));
};

const mirror = { "kubernetes.io/config.mirror": "h" } as const;

const marked = (metadata: ObjectMeta, chance: number): ObjectMeta =>
  chance === 0 ? { ...metadata, annotations: { ...metadata.annotations, ...mirror } } : metadata;

/** A pod of which some parts are given; seldom a mirror pod. */
export const anyPodOf = (parts: PodParts = {}): fc.Arbitrary<Pod> =>
  fc.tuple(
    anyMetadataOf(parts),
    anyPodSpecOf(parts),
    parts.status ?? anyPodStatusOf(parts.containers ?? ["a", "b"], parts.initContainers ?? ["i"]),
    fc.nat(15),
  ).map(([metadata, spec, status, chance]) => ({ metadata: marked(metadata, chance), spec, status }));

/** Any pod that is bound to a node: its status may make no sense, all else the API server may give. */
export const anyPod: fc.Arbitrary<Pod> = anyPodOf();

/** A pod as a user has just created it and the scheduler has bound it: no status, no deletion. */
export const anyNewPodOf = (parts: PodParts = {}): fc.Arbitrary<Pod> =>
  fc.tuple(
    anyMetadataOf({ ...parts, deletion: fc.constant(undefined) }),
    anyPodSpecOf(parts),
    parts.status ?? fc.constant({ phase: "Pending" }),
  ).map(([metadata, spec, status]) => ({ metadata, spec, status }));

/** Any {@link anyNewPodOf | new pod}: what a provider is asked to run. */
export const anyNewPod: fc.Arbitrary<Pod> = anyNewPodOf();
