import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { ContainerStatus, TerminatedWire } from "../kubernetes/pod_status.ts";
import {
  type ContainerRunning,
  type ContainerTerminated,
  type ContainerWaiting,
  isLive,
  type ObservedContainer,
  type ObservedPod,
} from "../pod/observed.ts";
import { parseTime } from "../time.ts";
import { isSidecar } from "./policy.ts";

/** The newest instance of a container, by all that is known of it. */
export type Instance =
  /** There was none. */
  | { readonly _tag: "New" }
  /** The back end is making it. */
  | { readonly _tag: "Preparing"; readonly state: ContainerWaiting }
  | { readonly _tag: "Running"; readonly state: ContainerRunning }
  | { readonly _tag: "Ended"; readonly end: ContainerTerminated };

/** A container of the spec with what the back end and the pod's own status tell of it. */
export interface KnownContainer {
  readonly container: Container;
  readonly init: boolean;
  readonly sidecar: boolean;
  readonly instance: Instance;
  /** Of that instance; never less than the back end or the status said. */
  readonly restartCount: number;
  /** How the instance before it ended. */
  readonly last: ContainerTerminated | undefined;
  readonly seen: ObservedContainer | undefined;
  readonly status: ContainerStatus | undefined;
  /** The instance was started from another image than the spec now names. */
  readonly outdated: boolean;
}

/** The pod's containers in the order of the spec, init containers first. */
export interface KnownContainers {
  readonly all: readonly KnownContainer[];
  /** A container that is no init container ran: whatever else is known, the init containers had succeeded. */
  readonly begun: boolean;
}

// The status has whole seconds: this is the latest moment that one of them can mean, and is written as the same one.
const secondMs = 999;

const fromWire = (end: TerminatedWire): ContainerTerminated => {
  const finishedAt = parseTime(end.finishedAt ?? undefined);
  return {
    _tag: "Terminated",
    exitCode: end.exitCode,
    signal: end.signal,
    reason: end.reason,
    message: end.message,
    startedAt: parseTime(end.startedAt ?? undefined),
    finishedAt: finishedAt === undefined ? undefined : finishedAt + secondMs,
    id: end.containerID,
  };
};

const lost = (status: ContainerStatus): ContainerTerminated => ({
  _tag: "Terminated",
  exitCode: 137,
  reason: "ContainerStatusUnknown",
  message: "The container was running, and the back end no longer knows it",
  startedAt: parseTime(status.state?.running?.startedAt),
});

/** How the status's newest instance ended, as far as the status tells. */
const endInStatus = (status: ContainerStatus): ContainerTerminated | undefined => {
  if (status.state?.terminated !== undefined) return fromWire(status.state.terminated);
  if (status.state?.running !== undefined || status.lastState?.terminated === undefined) return undefined;
  return fromWire(status.lastState.terminated);
};

/** By the status, the instance with its restart count was started. */
export const ranByStatus = (status: ContainerStatus): boolean =>
  status.restartCount > 0 || status.state?.running !== undefined || status.state?.terminated !== undefined ||
  status.lastState?.terminated !== undefined;

const instanceOf = (seen: ObservedContainer | undefined, status: ContainerStatus | undefined): Instance => {
  if (seen === undefined) {
    return status === undefined || !ranByStatus(status)
      ? { _tag: "New" }
      : { _tag: "Ended", end: endInStatus(status) ?? lost(status) };
  }
  switch (seen.state._tag) {
    case "Waiting":
      return { _tag: "Preparing", state: seen.state };
    case "Running":
      return { _tag: "Running", state: seen.state };
    case "Terminated": {
      const newer = status !== undefined && status.restartCount > seen.restartCount
        ? endInStatus(status)
        : undefined;
      return { _tag: "Ended", end: newer ?? seen.state };
    }
  }
};

const lastOf = (
  seen: ObservedContainer | undefined,
  status: ContainerStatus | undefined,
  restartCount: number,
): ContainerTerminated | undefined => {
  if (seen?.last !== undefined || status === undefined) return seen?.last;
  if (status.restartCount < restartCount) return endInStatus(status);
  const before = status.lastState?.terminated;
  // of an instance that waits for its restart the status shows the end as the last one: not the one before it
  const told = status.state?.running !== undefined || status.state?.terminated !== undefined ||
    (seen !== undefined && seen.state._tag !== "Terminated");
  return told && before !== undefined ? fromWire(before) : undefined;
};

/** Of several records under one name: what runs, else the newest. */
const seenIn = (observed: ObservedPod | undefined, name: string): ObservedContainer | undefined => {
  let best: ObservedContainer | undefined;
  for (const container of observed?.containers ?? []) {
    if (container.name !== name) continue;
    const better = best === undefined || (isLive(container) && !isLive(best)) ||
      (isLive(container) === isLive(best) && container.restartCount > best.restartCount);
    if (better) best = container;
  }
  return best;
};

const known = (
  pod: Pod,
  observed: ObservedPod | undefined,
  container: Container,
  init: boolean,
): KnownContainer => {
  const seen = seenIn(observed, container.name);
  const statuses = init ? pod.status.initContainerStatuses : pod.status.containerStatuses;
  const status = statuses?.find((each) => each.name === container.name);
  const restartCount = Math.max(seen?.restartCount ?? 0, status?.restartCount ?? 0);
  return {
    container,
    init,
    sidecar: init && isSidecar(container),
    instance: instanceOf(seen, status),
    restartCount,
    last: lastOf(seen, status, restartCount),
    seen,
    status,
    outdated: seen?.image !== undefined && container.image !== undefined && seen.image !== container.image,
  };
};

const assumed: ContainerTerminated = {
  _tag: "Terminated",
  exitCode: 0,
  reason: "Completed",
  message:
    "The back end no longer knows this init container; the pod's containers have started, so it had succeeded",
};

/**
 * Brings together what the back end tells (`undefined`: it has no such pod, positively) and what the pod's status
 * remembers. A container that ran by the status and that the back end does not show was lost: it ended, with exit
 * code 137 and reason `ContainerStatusUnknown`, unless the status tells how.
 */
export const knownContainers = (pod: Pod, observed: ObservedPod | undefined): KnownContainers => {
  const apps = pod.spec.containers.map((container) => known(pod, observed, container, false));
  const begun = apps.some(({ instance }) => instance._tag === "Running" || instance._tag === "Ended");
  const inits = (pod.spec.initContainers ?? []).map((container): KnownContainer => {
    const init = known(pod, observed, container, true);
    const gone = begun && !init.sidecar && init.seen === undefined;
    const told = init.instance._tag === "Ended" && init.instance.end.exitCode === 0;
    return gone && !told ? { ...init, instance: { _tag: "Ended", end: assumed } } : init;
  });
  return { all: [...inits, ...apps], begun };
};
