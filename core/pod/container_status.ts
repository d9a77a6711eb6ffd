import type { ContainerView } from "../container/view.ts";
import type { ContainerStateWire, ContainerStatus, TerminatedWire } from "../kubernetes/pod_status.ts";
import { formatTime, type Millis } from "../time.ts";
import type { ContainerState, ContainerTerminated } from "./observed.ts";

const time = (wall: Millis | undefined): string | undefined =>
  wall === undefined ? undefined : formatTime(wall);

const terminated = (end: ContainerTerminated, id: string | undefined): TerminatedWire => ({
  exitCode: end.exitCode,
  signal: end.signal,
  reason: end.reason ?? (end.exitCode === 0 ? "Completed" : "Error"),
  message: end.message,
  startedAt: time(end.startedAt),
  finishedAt: time(end.finishedAt),
  containerID: end.id ?? id,
});

const stateOf = (state: ContainerState, id: string | undefined): ContainerStateWire => {
  switch (state._tag) {
    case "Waiting":
      return { waiting: { reason: state.reason, message: state.message } };
    case "Running":
      return { running: { startedAt: formatTime(state.startedAt) } };
    case "Terminated":
      return { terminated: terminated(state, id) };
  }
};

/** `v1.ContainerStatus` of one container. */
export const containerStatus = (view: ContainerView): ContainerStatus => ({
  name: view.name,
  image: view.image ?? "",
  imageID: view.imageID ?? "",
  containerID: view.id,
  ready: view.ready,
  started: view.started,
  restartCount: view.restartCount,
  state: stateOf(view.state, view.id),
  lastState: view.last === undefined ? undefined : { terminated: terminated(view.last, undefined) },
});
