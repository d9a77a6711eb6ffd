// What is known of containers by the back end, and by the pod's own status.
import { at, container, ended, preparing, running } from "../tools/containers.ts";
import type { ContainerCase } from "./container_case.ts";

const two = [container("i"), container("j")];
const status = (name: string, restartCount: number, state: object, lastState?: object) => ({
  name,
  image: "v1",
  imageID: "",
  ready: false,
  restartCount,
  state,
  lastState,
});

export const knownCases: readonly ContainerCase[] = [
  {
    name: "the containers run and the init containers' records are gone: they had succeeded",
    shape: { inits: two, policy: "Never" },
    seen: [running("a")],
    expected: {
      phase: "Running",
      view: ["i#0 Terminated 0 Completed", "j#0 Terminated 0 Completed", "a#0 Running"],
      why: "runs",
    },
  },
  {
    name: "a succeeded init container that only the status remembers is not run again",
    shape: {
      inits: two,
      status: { initContainerStatuses: [status("i", 2, { terminated: { exitCode: 0 } })] },
    },
    seen: [],
    expected: {
      start: "j#0",
      phase: "Pending",
      view: ["i#2 Terminated 0", "j#0 Waiting PodInitializing", "a#0 Waiting PodInitializing"],
      why: "start j",
    },
  },
  {
    name: "an end that only the status remembers counts, with its time (the whole second of it)",
    shape: {
      status: {
        containerStatuses: [
          status("a", 1, { waiting: { reason: "CrashLoopBackOff" } }, {
            terminated: { exitCode: 4, finishedAt: "2026-01-01T00:01:35Z" },
          }),
        ],
      },
    },
    seen: [],
    now: at(100),
    expected: {
      wake: 105.999,
      phase: "Running",
      view: ["a#1 Waiting CrashLoopBackOff < 4"],
      why: "back-off: a",
    },
  },
  {
    name: "a lost first instance is not instance 0 again",
    shape: { status: { containerStatuses: [status("a", 0, { running: {} })] } },
    seen: undefined,
    expected: {
      start: "a#1",
      phase: "Running",
      view: ["a#0 Terminated 137 ContainerStatusUnknown"],
      why: "restart a (1)",
    },
  },
  {
    name: "restart counts never go down: what runs is kept, and counts as the newest known",
    shape: { status: { containerStatuses: [status("a", 4, { running: {} })] } },
    seen: [running("a", 0, { restartCount: 1 })],
    expected: { phase: "Running", view: ["a#4 Running"], why: "runs" },
  },
  {
    name: "the status tells of a newer end than the back end",
    shape: {
      policy: "OnFailure",
      apps: [container("a"), container("b")],
      status: { containerStatuses: [status("a", 2, { terminated: { exitCode: 0 } })] },
    },
    seen: [ended("a", 1, 0, { restartCount: 1 }), running("b")],
    expected: { phase: "Running", view: ["a#2 Terminated 0", "b#0 Running"], why: "runs" },
  },
  {
    name: "an instance in the making that the status says ran: the next one",
    shape: { status: { containerStatuses: [status("a", 0, { running: {} })] } },
    seen: [preparing("a")],
    expected: {
      start: "a#1",
      phase: "Pending",
      view: ["a#0 Waiting ContainerCreating"],
      why: "restart a (1)",
    },
  },
  {
    name: "ends that were missed count as restarts in a row",
    shape: {},
    seen: [ended("a", 1, 0, { restartCount: 3 })],
    memory: { a: { end: { restartCount: 1, level: 0, finishedAt: at(0).wall, dueAt: 0 } } },
    expected: { wake: 20, phase: "Running", view: ["a#3 Waiting CrashLoopBackOff < 1"], why: "back-off: a" },
  },
  {
    name: "an older instance in the making than the accepted one: waits",
    shape: {},
    seen: [preparing("a")],
    memory: { a: { started: 1 } },
    expected: { phase: "Pending", view: ["a#0 Waiting ContainerCreating"], why: "runs" },
  },
  {
    name: "a newer instance in the making than the status knows: asked for again",
    shape: { status: { containerStatuses: [status("a", 0, { running: {} })] } },
    seen: [preparing("a", undefined, { restartCount: 1 })],
    expected: {
      start: "a#1",
      phase: "Running",
      view: ["a#1 Waiting ContainerCreating"],
      why: "restart a (1)",
    },
  },
  {
    name: "the containers run: how an init container ended does not matter any more",
    shape: { inits: two, apps: [container("a"), container("b")], policy: "Never" },
    seen: [ended("i", 7, 0, { restartCount: 1 }), running("a")],
    expected: {
      start: "b#0",
      phase: "Pending",
      view: [
        "i#1 Terminated 7",
        "j#0 Terminated 0 Completed",
        "a#0 Running",
        "b#0 Waiting ContainerCreating",
      ],
      why: "start b",
    },
  },
  {
    name: "the containers run: what the status tells of a succeeded init container is shown",
    shape: {
      inits: [container("i")],
      status: { initContainerStatuses: [status("i", 2, { terminated: { exitCode: 0, reason: "Fine" } })] },
    },
    seen: [running("a")],
    expected: { phase: "Running", view: ["i#2 Terminated 0 Fine", "a#0 Running"], why: "runs" },
  },
  {
    name: "the containers run: what was told of a lost init container is not",
    shape: { inits: [container("i")], status: { initContainerStatuses: [status("i", 2, { running: {} })] } },
    seen: [running("a")],
    expected: { phase: "Running", view: ["i#2 Terminated 0 Completed", "a#0 Running"], why: "runs" },
  },
];
