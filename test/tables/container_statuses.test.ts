import { suite } from "uvu";
import * as assert from "uvu/assert";
import { viewOf } from "../../core/container/view.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { ContainerStatus } from "../../core/kubernetes/pod_status.ts";
import { containerStatus } from "../../core/pod/container_status.ts";
import type { ContainerTerminated, ObservedContainer } from "../../core/pod/observed.ts";
import { container, ended, epoch, preparing, running } from "../tools/containers.ts";
import { holds, pod, time } from "../tools/pods.ts";
import { type Cell, coverageOf, nameOf } from "./cells.ts";
import {
  type ContainerStatusDimensions,
  containerStatusDimensions,
  containerStatusRows,
  impossibleContainerStatuses,
  readyRows,
} from "./container_status_cells.ts";

const test = suite("the status of a container");

type ContainerCell = Cell<ContainerStatusDimensions>;

const imageID = "sha:1";

const end: ContainerTerminated = {
  _tag: "Terminated",
  exitCode: 1,
  startedAt: epoch + 10_000,
  finishedAt: epoch + 50_000,
};

const killed: ContainerTerminated = {
  ...end,
  exitCode: 137,
  signal: 9,
  reason: "OOMKilled",
  message: "too much",
};

const seenIn = (state: ContainerCell["state"]): readonly ObservedContainer[] => {
  switch (state) {
    case "unknown to the back end":
    case "lost":
    case "forgotten after its end":
      return [];
    case "waiting":
      return [preparing("x", undefined, { imageID })];
    case "pulling":
      return [{
        ...preparing("x", undefined, { imageID }),
        state: { _tag: "Waiting", reason: "ErrImagePull", message: "no such image" },
      }];
    case "running":
      return [running("x", 10, { imageID })];
    case "starting":
      return [running("x", 10, { imageID, started: false })];
    case "unready":
      return [running("x", 10, { imageID, ready: false })];
    case "exited 0":
      return [ended("x", 0, 50, { imageID }, 10)];
    case "exited 1":
      return [ended("x", 1, 50, { imageID }, 10)];
    case "out of memory":
      return [{ ...ended("x", 137, 50, { imageID }), state: killed }];
    case "crash loop":
      return [{
        ...preparing("x", undefined, { imageID, restartCount: 3, last: { ...end, id: "test://x3" } }),
        state: { _tag: "Waiting", reason: "CrashLoopBackOff", message: "back-off 40s" },
      }];
    case "restarted":
      return [running("x", 60, { imageID, restartCount: 1 })];
  }
};

const status = (state: ContainerStatus["state"], containerID: string): readonly ContainerStatus[] => [
  { name: "x", image: "v1", imageID, containerID, ready: false, restartCount: 0, state },
];

const terminated = { startedAt: time(10), finishedAt: time(50) };

/** What was told of it before, where the back end does not tell all. */
const toldBefore = (state: ContainerCell["state"]): readonly ContainerStatus[] => {
  switch (state) {
    case "lost":
      return status({ running: { startedAt: time(10) } }, "test://x");
    case "forgotten after its end":
      return status({ terminated: { exitCode: 0, ...terminated, containerID: "test://x" } }, "test://x");
    case "restarted":
      return status({ terminated: { exitCode: 1, ...terminated, containerID: "test://x0" } }, "test://x0");
    default:
      return [];
  }
};

const podOf = ({ role, state }: ContainerCell): Pod => {
  const before = toldBefore(state);
  if (role === "app") return pod({ apps: [container("x")], status: { containerStatuses: before } });
  const restartPolicy = role === "sidecar" ? "Always" : undefined;
  return pod({
    spec: { initContainers: [container("x", { restartPolicy })] },
    status: { initContainerStatuses: before },
  });
};

const statusOf = (cell: ContainerCell): ContainerStatus => {
  const view = viewOf(podOf(cell), holds(seenIn(cell.state))).find(({ name }) => name === "x");
  if (view === undefined) throw new Error("the container is not shown");
  return JSON.parse(JSON.stringify(containerStatus(view)));
};

const statuses = coverageOf(containerStatusDimensions, containerStatusRows, impossibleContainerStatuses);
const readiness = coverageOf(containerStatusDimensions, readyRows, impossibleContainerStatuses);

test("every cell has its rows, or cannot be", () => {
  assert.equal([...statuses.problems, ...readiness.problems], []);
});

test("the status of every cell", () => {
  for (const { cell, row } of statuses.covered) {
    const { ready: _ready, ...told } = statusOf(cell);
    assert.equal(told, row.told, nameOf(cell));
  }
});

test("the readiness of every cell", () => {
  for (const { cell, row } of readiness.covered) assert.is(statusOf(cell).ready, row.ready, nameOf(cell));
});

test.run();
