// `v1.ContainerStatus`. Rules: Pod lifecycle, "Container states" and "Container probes"; Init containers, "Detailed behavior"
// ("init containers cannot define readiness distinct from completion"); Sidecar containers.
import type { ContainerStatus } from "../../core/kubernetes/pod_status.ts";
import { time } from "../tools/pods.ts";
import type { Covering, Impossible } from "./cells.ts";

export const containerStatusDimensions = {
  role: ["app", "init", "sidecar"],
  state: [
    "unknown to the back end",
    "waiting",
    "pulling",
    "running",
    "starting",
    "unready",
    "exited 0",
    "exited 1",
    "out of memory",
    "crash loop",
    "restarted",
    "lost",
    "forgotten after its end",
  ],
} as const;

export type ContainerStatusDimensions = typeof containerStatusDimensions;

export const impossibleContainerStatuses: readonly Impossible<ContainerStatusDimensions>[] = [{
  of: { role: "init", state: ["unready", "starting"] },
  because: "init containers have no probes",
}];

type Told = Omit<ContainerStatus, "ready">;

export interface ContainerStatusRow extends Covering<ContainerStatusDimensions> {
  readonly told: Told;
}

/** What is told of a first instance that does not run. */
const first: Told = { name: "x", image: "v1", imageID: "", restartCount: 0, started: false };
const made: Told = { ...first, imageID: "sha:1", containerID: "test://x" };
const ranFrom = { startedAt: time(10), finishedAt: time(50), containerID: "test://x" };

export const containerStatusRows: readonly ContainerStatusRow[] = [
  {
    of: { state: "unknown to the back end", role: "app" },
    told: { ...first, state: { waiting: { reason: "ContainerCreating" } } },
  },
  // a pod with init containers is initializing until they have succeeded
  {
    of: { state: "unknown to the back end", role: ["init", "sidecar"] },
    told: { ...first, state: { waiting: { reason: "PodInitializing" } } },
  },
  {
    of: { state: "waiting", role: "app" },
    told: { ...made, state: { waiting: { reason: "ContainerCreating" } } },
  },
  {
    of: { state: "waiting", role: ["init", "sidecar"] },
    told: { ...made, state: { waiting: { reason: "PodInitializing" } } },
  },
  {
    of: { state: "pulling" },
    told: { ...made, state: { waiting: { reason: "ErrImagePull", message: "no such image" } } },
  },
  { of: { state: "running" }, told: { ...made, started: true, state: { running: { startedAt: time(10) } } } },
  { of: { state: "starting" }, told: { ...made, state: { running: { startedAt: time(10) } } } },
  { of: { state: "unready" }, told: { ...made, started: true, state: { running: { startedAt: time(10) } } } },
  {
    of: { state: "exited 0" },
    told: { ...made, state: { terminated: { exitCode: 0, reason: "Completed", ...ranFrom } } },
  },
  {
    of: { state: "exited 1" },
    told: { ...made, state: { terminated: { exitCode: 1, reason: "Error", ...ranFrom } } },
  },
  {
    of: { state: "out of memory" },
    told: {
      ...made,
      state: {
        terminated: { exitCode: 137, signal: 9, reason: "OOMKilled", message: "too much", ...ranFrom },
      },
    },
  },
  {
    of: { state: "crash loop" },
    told: {
      ...made,
      restartCount: 3,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s" } },
      lastState: { terminated: { exitCode: 1, reason: "Error", ...ranFrom, containerID: "test://x3" } },
    },
  },
  {
    of: { state: "restarted" },
    told: {
      ...made,
      started: true,
      restartCount: 1,
      state: { running: { startedAt: time(60) } },
      lastState: { terminated: { exitCode: 1, reason: "Error", ...ranFrom, containerID: "test://x0" } },
    },
  },
  {
    of: { state: "lost" },
    told: {
      ...made,
      state: {
        terminated: {
          exitCode: 137,
          reason: "ContainerStatusUnknown",
          message: "The container was running, and the back end no longer knows it",
          startedAt: time(10),
          containerID: "test://x",
        },
      },
    },
  },
  // the back end frees what has ended: what was told of it stays
  {
    of: { state: "forgotten after its end" },
    told: { ...made, state: { terminated: { exitCode: 0, reason: "Completed", ...ranFrom } } },
  },
];

export interface ReadyRow extends Covering<ContainerStatusDimensions> {
  readonly ready: boolean;
}

const up = ["running", "restarted"] as const;
const succeeded = ["exited 0", "forgotten after its end"] as const;

/** An init container is ready when it has succeeded; any other while it runs and its probes say so. */
export const readyRows: readonly ReadyRow[] = [
  { of: { role: ["app", "sidecar"], state: up }, ready: true },
  { of: { role: ["app", "sidecar"] }, except: [{ state: up }], ready: false },
  { of: { role: "init", state: succeeded }, ready: true },
  { of: { role: "init" }, except: [{ state: succeeded }], ready: false },
];
