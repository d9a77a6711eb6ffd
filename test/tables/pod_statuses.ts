// What the API shows of the pod, by hand: a plan without a write also says that this is what would be written.
import type { ContainerStateWire, PodStatus } from "../../core/kubernetes/pod_status.ts";
import { time } from "../tools/pods.ts";

const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: time(9) };

/** As the scheduler leaves it. */
export const bound: PodStatus = { phase: "Pending", conditions: [scheduled] };

const told = (
  phase: string,
  ready: { readonly status: string; readonly reason?: string; readonly message?: string },
  state: ContainerStateWire,
  startTime: number,
): PodStatus => {
  const runs = state.running !== undefined;
  const lastTransitionTime = time(startTime);
  return {
    phase,
    startTime: time(startTime),
    observedGeneration: 1,
    conditions: [
      scheduled,
      { type: "PodReadyToStartContainers", status: runs ? "True" : "False", lastTransitionTime },
      { type: "Initialized", status: "True", lastTransitionTime },
      { type: "Ready", ...ready, lastTransitionTime },
      { type: "ContainersReady", ...ready, lastTransitionTime },
    ],
    containerStatuses: [{
      name: "a",
      image: "v1",
      imageID: "",
      ...(state.waiting === undefined ? { containerID: "test://a" } : {}),
      ready: runs,
      started: runs,
      restartCount: 0,
      state,
    }],
  };
};

/** Told before anything of it ran. */
export const pending: PodStatus = told(
  "Pending",
  { status: "False", reason: "ContainersNotReady", message: "containers with unready status: [a]" },
  { waiting: { reason: "ContainerCreating" } },
  90,
);

/** Told when its container ran. */
export const runs: PodStatus = told("Running", { status: "True" }, { running: { startedAt: time(10) } }, 10);

/** Told when its container had ended. */
export const finished = (phase: string): PodStatus =>
  told(
    phase,
    { status: "False", reason: phase === "Succeeded" ? "PodCompleted" : "PodFailed" },
    { terminated: { exitCode: phase === "Succeeded" ? 0 : 1, finishedAt: time(95) } },
    10,
  );
