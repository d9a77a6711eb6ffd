import type { Container } from "../kubernetes/container.ts";
import { isTerminal, type Pod } from "../kubernetes/pod.ts";
import type { PodPhase } from "../kubernetes/pod_status.ts";
import { restartsAfter } from "./policy.ts";
import type { ContainerView } from "./view.ts";

const succeeded = ({ state }: ContainerView): boolean => state._tag === "Terminated" && state.exitCode === 0;
const runs = ({ state }: ContainerView): boolean => state._tag === "Running";

/** It waits and never ran. */
const unmade = ({ state, last, restartCount }: ContainerView): boolean =>
  state._tag === "Waiting" && last === undefined && restartCount === 0;

const named = (containers: readonly Container[] | undefined, name: string): Container | undefined =>
  containers?.find((container) => container.name === name);

const restarts = (pod: Pod, view: ContainerView): boolean => {
  if (view.state._tag !== "Terminated") return true;
  const container = named(view.init ? pod.spec.initContainers : pod.spec.containers, view.name);
  return restartsAfter(pod, container, view.init, view.state.exitCode);
};

const failedForGood = (pod: Pod, view: ContainerView): boolean =>
  view.state._tag === "Terminated" && !succeeded(view) && !restarts(pod, view);

const phaseNow = (pod: Pod, views: readonly ContainerView[], finished: boolean): PodPhase => {
  const apps = views.filter(({ init }) => !init);
  const inits = views.filter(({ init }) => init);
  const success = apps.length > 0 && apps.every(succeeded);
  if (finished) return success ? "Succeeded" : "Failed";
  if (apps.every(unmade) && inits.some((view) => failedForGood(pod, view))) return "Failed";
  if (apps.length === 0 || apps.some(unmade)) return "Pending";
  if (views.some(runs) || apps.some((view) => restarts(pod, view))) return "Running";
  return success ? "Succeeded" : "Failed";
};

/**
 * The pod's phase (Pod lifecycle, "Pod phase"). `Pending` until every init container has succeeded and every container
 * was made; `Running` while one runs or is to be restarted; then `Succeeded` when all containers ended with 0, else
 * `Failed`. `finished`: nothing will be started any more. Sidecars hold a pod in `Running`, their ends never count.
 * The phase in the pod's status is never taken back: a final one stays, and `Running` does not become `Pending`.
 */
export const podPhaseOf = (pod: Pod, views: readonly ContainerView[], finished: boolean): PodPhase => {
  const before = pod.status.phase;
  if (before !== undefined && isTerminal(before)) return before;
  const phase = phaseNow(pod, views, finished);
  return phase === "Pending" && before === "Running" ? "Running" : phase;
};
