import type { ContainerView } from "../container/view.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { isTerminal } from "../kubernetes/pod.ts";
import type { ContainerStatus, PodPhase, PodStatus } from "../kubernetes/pod_status.ts";
import { formatTime, type Millis, type Now } from "../time.ts";
import { podConditions } from "./conditions.ts";
import { containerStatus } from "./container_status.ts";
import type { ObservedPod } from "./observed.ts";

/** Everything a {@link PodStatus} follows from. */
export interface StatusFacts {
  readonly pod: Pod;
  readonly phase: PodPhase;
  readonly views: readonly ContainerView[];
  readonly observed: ObservedPod | undefined;
  /** What the API holds, or what we wrote last: times of unchanged conditions are taken from it. */
  readonly previous: PodStatus;
  /** When the node accepted the pod, for `startTime` when the API has none yet. */
  readonly acceptedAt: Millis;
  readonly hostIP: string | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly now: Now;
}

const ips = (list: readonly string[] | undefined): readonly { readonly ip: string }[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list.map((ip) => ({ ip }));

const statusesOf = (facts: StatusFacts, init: boolean): readonly ContainerStatus[] =>
  facts.views.filter((view) => view.init === init).map(containerStatus);

const podIPsOf = (facts: StatusFacts, hostIP: string | undefined): PodStatus["podIPs"] => {
  const told = ips(facts.observed?.podIPs);
  if (told !== undefined) return told;
  if (facts.pod.spec.hostNetwork === true && hostIP !== undefined) return [{ ip: hostIP }];
  return facts.previous.podIPs;
};

/**
 * The part of `v1.PodStatus` that a kubelet owns, from facts alone (Kubernetes docs, "Pod lifecycle").
 * Guarantees: `lastTransitionTime` changes only with a condition's status, `startTime` never changes, addresses of an
 * ended pod are kept. What others own (`qosClass`, `nominatedNodeName`, foreign conditions …) is not in it.
 */
export const podStatus = (facts: StatusFacts): PodStatus => {
  const { pod, previous, views, phase, now } = facts;
  const hostIP = facts.observed?.hostIP ?? facts.hostIP ?? previous.hostIP;
  const podIPs = podIPsOf(facts, hostIP);
  const init = statusesOf(facts, true);
  return {
    phase,
    reason: facts.reason,
    message: facts.message,
    startTime: previous.startTime ?? formatTime(facts.acceptedAt),
    hostIP,
    hostIPs: hostIP === undefined ? undefined : [{ ip: hostIP }],
    podIP: podIPs?.[0]?.ip,
    podIPs,
    // servers that do not keep generations for pods (before 1.34) would drop it, and we would write it for ever
    observedGeneration: pod.metadata.generation,
    conditions: podConditions(pod, views, phase, previous.conditions ?? [], now),
    initContainerStatuses: init.length === 0 ? undefined : init,
    containerStatuses: statusesOf(facts, false),
  };
};

/** Something of this pod has run here, as far as its status tells. */
export const statusShowsRun = (status: PodStatus): boolean => {
  if (status.phase === "Running" || isTerminal(status.phase)) return true;
  const ran = (container: ContainerStatus): boolean =>
    container.restartCount > 0 || container.state?.running !== undefined ||
    container.state?.terminated !== undefined ||
    container.lastState?.terminated !== undefined;
  return (status.containerStatuses ?? []).some(ran) || (status.initContainerStatuses ?? []).some(ran);
};
