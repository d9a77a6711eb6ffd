import { isSidecar } from "../container/policy.ts";
import { type ContainerView, hasBegun } from "../container/view.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { isTerminal } from "../kubernetes/pod.ts";
import type { PodCondition, PodPhase } from "../kubernetes/pod_status.ts";
import { formatTime, type Now } from "../time.ts";

interface Verdict {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

const names = (views: readonly ContainerView[]): string => `[${views.map((view) => view.name).join(" ")}]`;

type IsSidecar = (view: ContainerView) => boolean;

/** Sidecars (init containers that go on running) count as initialized once started, and for readiness. */
const sidecarsOf = (pod: Pod): IsSidecar => {
  const names = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  return (view) => view.init && names.has(view.name);
};

const initialized = (views: readonly ContainerView[], phase: PodPhase, sidecar: IsSidecar): Verdict => {
  const type = "Initialized";
  if (phase === "Succeeded") return { type, status: "True", reason: "PodCompleted" };
  // once a container of the pod has begun, a sidecar that restarts does not undo it
  if (views.some((view) => !view.init && hasBegun(view))) return { type, status: "True" };
  const incomplete = views.filter((view) =>
    view.init &&
    (sidecar(view) ? !view.started : !(view.state._tag === "Terminated" && view.state.exitCode === 0))
  );
  if (incomplete.length === 0) return { type, status: "True" };
  const message = `containers with incomplete status: ${names(incomplete)}`;
  return { type, status: "False", reason: "ContainersNotInitialized", message };
};

const containersReady = (views: readonly ContainerView[], phase: PodPhase, sidecar: IsSidecar): Verdict => {
  const type = "ContainersReady";
  if (phase === "Succeeded") return { type, status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { type, status: "False", reason: "PodFailed" };
  const unready = views.filter((view) => (!view.init || sidecar(view)) && !view.ready);
  if (unready.length === 0) return { type, status: "True" };
  return {
    type,
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: ${names(unready)}`,
  };
};

/** A gate is another controller's condition that must be True before the pod is Ready (KEP-580). */
const gateProblems = (pod: Pod, conditions: readonly PodCondition[]): readonly string[] =>
  (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = conditions.find((condition) => condition.type === conditionType);
    if (gate === undefined) {
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    }
    return gate.status === "True"
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });

const ready = (pod: Pod, containers: Verdict): Verdict => {
  if (containers.status === "False") return { ...containers, type: "Ready" };
  const problems = gateProblems(pod, pod.status.conditions ?? []);
  if (problems.length === 0) return { type: "Ready", status: "True" };
  const message = problems.join(", ");
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message };
};

const readyToStart = (views: readonly ContainerView[], phase: PodPhase): Verdict => {
  const status = views.some(hasBegun) && !isTerminal(phase) ? "True" : "False";
  return { type: "PodReadyToStartContainers", status };
};

/**
 * The conditions a kubelet owns. `PodScheduled` is the scheduler's: it is only added to pods that were bound without one.
 * A condition whose status did not change keeps its `lastTransitionTime`.
 */
export const podConditions = (
  pod: Pod,
  views: readonly ContainerView[],
  phase: PodPhase,
  previous: readonly PodCondition[],
  now: Now,
): readonly PodCondition[] => {
  const sidecar = sidecarsOf(pod);
  const containers = containersReady(views, phase, sidecar);
  const verdicts: Verdict[] = [
    readyToStart(views, phase),
    initialized(views, phase, sidecar),
    ready(pod, containers),
    containers,
  ];
  const scheduled = (pod.status.conditions ?? []).some((condition) => condition.type === "PodScheduled");
  if (!scheduled) verdicts.push({ type: "PodScheduled", status: "True" });
  let time: string | undefined;
  return verdicts.map((verdict) => {
    const before = previous.find((condition) => condition.type === verdict.type);
    const kept = before?.status === verdict.status ? before.lastTransitionTime : undefined;
    return { ...verdict, lastTransitionTime: kept ?? (time ??= formatTime(now.wall)) };
  });
};
