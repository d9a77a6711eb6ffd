import fc from "fast-check";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type {
  ContainerState,
  ContainerTerminated,
  ObservedContainer,
  ObservedPod,
  Owner,
} from "../../core/pod/observed.ts";
import { anyRef } from "./metadata.ts";
import { anyWall } from "./moment.ts";
import { anyOf, anyRecord, maybe } from "./record.ts";

/** How an instance ended, as a back end tells it. */
export const anyTerminated: fc.Arbitrary<ContainerTerminated> = anyRecord({
  _tag: anyOf("Terminated"),
  exitCode: anyOf(0, 1, 137),
}, {
  startedAt: anyWall,
  finishedAt: anyWall,
  signal: anyOf(9, 15),
  reason: anyOf("OOMKilled", "Completed"),
  message: anyOf("", "m"),
});

/** The state of a container, as a back end tells it. */
export const anyContainerState: fc.Arbitrary<ContainerState> = fc.oneof(
  anyRecord({ _tag: anyOf("Waiting") }, { reason: anyOf("Pulling", "ErrImagePull"), message: anyOf("m") }),
  anyRecord({ _tag: anyOf("Running"), startedAt: anyWall }),
  anyTerminated,
);

/** What a back end tells of the container of this name. */
export const anyObservedContainerOf = (name: string): fc.Arbitrary<ObservedContainer> =>
  anyRecord({
    name: fc.constant(name),
    state: anyContainerState,
    restartCount: anyOf(0, 0, 1, 4),
  }, {
    last: anyTerminated,
    id: fc.constant(`test://${name}`),
    image: anyOf("v1", "v2"),
    imageID: anyOf("sha256:1"),
    ready: fc.boolean(),
    started: fc.boolean(),
  });

/** The mark of node `n` of cluster `c`, which the arbitraries take for ours. */
export const ourMark: Owner = { cluster: "c", node: "n" };

/** Our mark, that of another node, of another cluster, or none. */
export const anyMark: fc.Arbitrary<Owner | undefined> = anyOf(
  ...[ourMark, ourMark, ourMark],
  { cluster: "c", node: "m" },
  { cluster: "d", node: "n" },
  undefined,
);

/** What {@link anyObservedPodOf} is not to draw. */
export interface ObservedParts {
  readonly ref?: ObjectRef;
  /** Names of the containers that it may have. */
  readonly containers?: readonly string[];
  /** Hashes of specs that it may run; none, when absent. */
  readonly hashes?: readonly string[];
  readonly mark?: fc.Arbitrary<Owner | undefined>;
}

/** A pod as a back end tells of it: some of its containers, each in any state. */
export const anyObservedPodOf = (parts: ObservedParts = {}): fc.Arbitrary<ObservedPod> => {
  const { ref, containers = ["i", "a", "b"], hashes = [] } = parts;
  return fc.tuple(
    ref === undefined ? anyRef : fc.constant(ref),
    parts.mark ?? anyMark,
    fc.tuple(...containers.map((name) => maybe(anyObservedContainerOf(name), 3))),
    anyRecord({}, {
      podIPs: anyOf<readonly string[]>([], ["10.0.0.1"], ["10.0.0.1", "fd00::1"]),
      hostIP: anyOf("10.9.9.9"),
      reason: anyOf("Evicted", "NoCapacity"),
      message: anyOf("m"),
      failed: anyOf(false, false, true),
      ...(hashes.length === 0 ? {} : { specHash: anyOf(...hashes) }),
    }),
  ).map(([at, owner, all, more]): ObservedPod => ({
    ...at,
    ...(owner === undefined ? {} : { owner }),
    containers: all.filter((each) => each !== undefined),
    ...more,
  }));
};

/** Any pod of a back end. */
export const anyObservedPod: fc.Arbitrary<ObservedPod> = anyObservedPodOf();

const anyOddNumber = anyOf(NaN, Infinity, -Infinity, -1, 0.5, 1e21, -0, Number.MAX_SAFE_INTEGER);

/** A pod as only a broken back end tells of it: numbers that are none, names that no API server takes. */
export const anyOddObservedPodOf = (ref: ObjectRef): fc.Arbitrary<ObservedPod> =>
  fc.tuple(
    anyObservedPodOf({ ref }),
    anyOddNumber,
    anyOddNumber,
    anyOf(ref.name, "", "\ud800", "../x"),
  ).map(([pod, number, other, name]): ObservedPod => ({
    ...pod,
    name,
    namespace: name,
    containers: pod.containers.flatMap((container): readonly ObservedContainer[] => [container, {
      ...container,
      restartCount: number,
      state: container.state._tag === "Running"
        ? { ...container.state, startedAt: other }
        : container.state._tag === "Terminated"
        ? { ...container.state, exitCode: number, startedAt: other, finishedAt: number }
        : container.state,
    }]),
  }));
