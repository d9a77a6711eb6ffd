import fc from "fast-check";
import type {
  ContainerStateWire,
  ContainerStatus,
  PodCondition,
  PodStatus,
  TerminatedWire,
} from "../../core/kubernetes/pod_status.ts";
import { anyTime } from "./moment.ts";
import { anyOf, anyRecord } from "./record.ts";

/** How an instance ended, in the API. */
export const anyTerminatedWire: fc.Arbitrary<TerminatedWire> = anyRecord({
  exitCode: anyOf(0, 1, 137),
  finishedAt: anyTime,
}, {
  startedAt: anyTime,
  reason: anyOf("Completed", "Error", "ContainerStatusUnknown"),
  message: anyOf("", "m"),
  signal: anyOf(9, 15),
  containerID: anyOf("test://1"),
});

/** `v1.ContainerState`: one of the three, seldom none. */
export const anyContainerStateWire: fc.Arbitrary<ContainerStateWire> = fc.oneof(
  {
    weight: 3,
    arbitrary: anyRecord({}, { reason: anyOf("ContainerCreating", "CrashLoopBackOff"), message: anyOf("m") })
      .map((waiting) => ({ waiting })),
  },
  { weight: 3, arbitrary: anyTime.map((startedAt) => ({ running: { startedAt } })) },
  { weight: 3, arbitrary: anyTerminatedWire.map((terminated) => ({ terminated })) },
  { weight: 1, arbitrary: fc.constant({}) },
);

/** The status of the container of this name. */
export const anyContainerStatusOf = (name: string): fc.Arbitrary<ContainerStatus> =>
  anyRecord({
    name: fc.constant(name),
    image: anyOf("v1", "v2"),
    imageID: anyOf("", "sha256:1"),
    ready: fc.boolean(),
    restartCount: anyOf(0, 1, 4),
    state: anyContainerStateWire,
  }, {
    started: fc.boolean(),
    containerID: anyOf("test://1"),
    lastState: anyTerminatedWire.map((terminated) => ({ terminated })),
  });

/** `v1.PodCondition`: of the kubelet, of the scheduler, of a readiness gate, of somebody else. */
export const anyPodCondition: fc.Arbitrary<PodCondition> = anyRecord({
  type: anyOf(
    ...["Ready", "ContainersReady", "Initialized", "PodReadyToStartContainers", "PodScheduled"],
    ...["x/gate", "DisruptionTarget", "x/foreign"],
  ),
  status: anyOf("True", "False", "Unknown"),
  lastTransitionTime: anyTime,
}, {
  reason: anyOf("", "R", "PodCompleted"),
  message: anyOf("", "m"),
  lastProbeTime: fc.constant(null),
  observedGeneration: anyOf(1, 2),
});

/** Conditions, one of a type. */
export const anyPodConditions: fc.Arbitrary<readonly PodCondition[]> = fc.array(anyPodCondition, {
  maxLength: 4,
}).map((list) => list.filter(({ type }, index) => list.findIndex((other) => other.type === type) === index));

const anyIp = anyOf("10.0.0.1", "10.0.0.2", "fd00::1");
const anyIps = fc.uniqueArray(anyIp, { maxLength: 2 }).map((list) => list.map((ip) => ({ ip })));

const anyStatuses = (names: readonly string[]): fc.Arbitrary<readonly ContainerStatus[]> =>
  names.length === 0 ? fc.constant([]) : fc.tuple(...names.map(anyContainerStatusOf));

/** `v1.PodStatus` of a pod with these containers, whoever wrote it, in a state that may make no sense. */
export const anyPodStatusOf = (
  containers: readonly string[],
  initContainers: readonly string[] = [],
): fc.Arbitrary<PodStatus> =>
  anyRecord({}, {
    phase: anyOf("Pending", "Running", "Running", "Succeeded", "Failed", "Unknown"),
    reason: anyOf("", "Evicted", "NodeLost"),
    message: anyOf("", "m"),
    startTime: anyTime,
    hostIP: anyIp,
    hostIPs: anyIps,
    podIP: anyIp,
    podIPs: anyIps,
    observedGeneration: anyOf(1, 2),
    conditions: anyPodConditions,
    containerStatuses: anyStatuses(containers),
    initContainerStatuses: anyStatuses(initContainers),
  });

/** `v1.PodStatus` of a pod with the containers `a` and `b` and the init container `i`. */
export const anyPodStatus: fc.Arbitrary<PodStatus> = anyPodStatusOf(["a", "b"], ["i"]);
