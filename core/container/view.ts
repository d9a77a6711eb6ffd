import type { Pod } from "../kubernetes/pod.ts";
import type { ContainerState, ContainerTerminated, ContainerWaiting, ObservedPod } from "../pod/observed.ts";
import { type KnownContainer, type KnownContainers, knownContainers } from "./known.ts";

/** What the pod's status is to show of one container. */
export interface ContainerView {
  readonly name: string;
  /** Of `spec.initContainers`. */
  readonly init: boolean;
  readonly state: ContainerState;
  /** How the instance before the shown state ended. */
  readonly last?: ContainerTerminated;
  readonly restartCount: number;
  readonly id?: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly ready: boolean;
  readonly started: boolean;
}

/** An instance of it ran. */
export const hasBegun = ({ state, last, restartCount }: ContainerView): boolean =>
  state._tag !== "Waiting" || restartCount > 0 || last !== undefined;

/** A container's view, showing `state`. An init container is ready when it has succeeded, any other while it runs. */
export const viewAs = (
  known: KnownContainer,
  state: ContainerState,
  last: ContainerTerminated | undefined,
): ContainerView => {
  const { seen, status } = known;
  const runs = state._tag === "Running";
  const succeeded = state._tag === "Terminated" && state.exitCode === 0;
  // until the startup probe has passed there is no readiness probe (Pod lifecycle, "Types of probe")
  const started = runs && seen?.started !== false;
  return {
    name: known.container.name,
    init: known.init,
    state,
    last,
    restartCount: known.restartCount,
    id: seen === undefined ? status?.containerID : seen.id,
    image: seen?.image ?? known.container.image ?? status?.image,
    imageID: seen === undefined ? status?.imageID : seen.imageID,
    ready: known.init && !known.sidecar ? succeeded : started && seen?.ready !== false,
    started,
  };
};

/** Every init container that has to end has succeeded, so the pod's containers may be made. */
export const initialized = ({ all, begun }: KnownContainers): boolean =>
  begun ||
  all.every(({ init, sidecar, instance }) =>
    !init ||
    (sidecar ? instance._tag === "Running" : instance._tag === "Ended" && instance.end.exitCode === 0)
  );

/** Why a container that was never made waits, as the kubelet says it. */
export const unmade = (pod: Pod, { init }: KnownContainer, ready: boolean): ContainerWaiting => ({
  _tag: "Waiting",
  reason: (pod.spec.initContainers ?? []).length > 0 && (init || !ready)
    ? "PodInitializing"
    : "ContainerCreating",
});

/** What is known of a container, shown as it is. */
export const viewKnown = (pod: Pod, known: KnownContainer, ready: boolean): ContainerView => {
  const { instance, last } = known;
  switch (instance._tag) {
    case "New":
      return viewAs(known, unmade(pod, known, ready), last);
    case "Preparing": {
      const reason = instance.state.reason ?? unmade(pod, known, ready).reason;
      return viewAs(known, { ...instance.state, reason }, last);
    }
    case "Running":
      return viewAs(known, instance.state, last);
    case "Ended":
      return viewAs(known, instance.end, last);
  }
};

/**
 * The views of a pod whose back end runs whole pods and restarts containers by itself: the facts as observed, in the
 * order of the spec, init containers first. What is missing waits (`ContainerCreating`, `PodInitializing`), unless the
 * pod's status says that it ran: then it was lost (exit code 137, `ContainerStatusUnknown`).
 */
export const viewOf = (pod: Pod, observed: ObservedPod | undefined): readonly ContainerView[] => {
  const known = knownContainers(pod, observed);
  const ready = initialized(known);
  return known.all.map((each) => viewKnown(pod, each, ready));
};
