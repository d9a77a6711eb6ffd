// Restarts: back-off, changed images, refused starts.
import type { ContainersMemory } from "../../core/container/memory.ts";
import { at, container, ended, running } from "../tools/containers.ts";
import type { ContainerCase } from "./container_case.ts";

const abc = [container("a"), container("b"), container("c")];
const sidecar = container("s", { restartPolicy: "Always" });
const fault = (tag: "Rejected" | "Unavailable", restartCount = 0, spec = "1/v1"): ContainersMemory => ({
  a: {
    fault: {
      restartCount,
      attempts: 1,
      at: 0,
      spec,
      fault: tag === "Rejected" ? { _tag: tag, message: "no", fields: [] } : { _tag: tag, message: "no" },
    },
  },
});

export const restartCases: readonly ContainerCase[] = [
  {
    name: "the earliest of several back-offs",
    shape: { apps: abc },
    seen: [ended("a", 1, 0, { restartCount: 3 }), ended("b", 1, 0, { restartCount: 2 }), running("c")],
    expected: {
      wake: 20,
      phase: "Running",
      view: ["a#3 Waiting CrashLoopBackOff < 1", "b#2 Waiting CrashLoopBackOff < 1", "c#0 Running"],
      why: "back-off: a, b",
    },
  },
  {
    name: "a delayed restart that is due still shows CrashLoopBackOff",
    shape: {},
    seen: [ended("a", 1, 0, { restartCount: 1 })],
    now: at(10),
    expected: {
      start: "a#2",
      phase: "Running",
      view: ["a#1 Waiting CrashLoopBackOff < 1"],
      why: "restart a (2)",
    },
  },
  {
    name: "the back-off has a cap",
    shape: {},
    seen: [ended("a", 1, 700, { restartCount: 90 }, 101)],
    now: at(700),
    expected: {
      wake: 1000,
      phase: "Running",
      view: ["a#90 Waiting CrashLoopBackOff < 1"],
      why: "back-off: a",
    },
  },
  {
    name: "an end in the future is an end now",
    shape: {},
    seen: [ended("a", 1, 5000, { restartCount: 1 })],
    now: at(100),
    expected: { wake: 110, phase: "Running", view: ["a#1 Waiting CrashLoopBackOff < 1"], why: "back-off: a" },
  },
  {
    name: "once seen, a step of the wall clock does not move a restart",
    shape: {},
    seen: [ended("a", 1, 100, { restartCount: 1 })],
    memory: { a: { end: { restartCount: 1, level: 1, finishedAt: at(100).wall, dueAt: at(110).mono } } },
    now: { mono: at(105).mono, wall: at(90_000).wall },
    expected: { wake: 110, phase: "Running", view: ["a#1 Waiting CrashLoopBackOff < 1"], why: "back-off: a" },
  },
  {
    name: "another image, stopped by us: started again at once, even with a policy of Never",
    shape: { apps: [container("a", { image: "v2" })], policy: "Never" },
    seen: [ended("a", 143, 0, { restartCount: 5 })],
    memory: { a: { replaced: 5 } },
    expected: {
      start: "a#6",
      phase: "Running",
      view: ["a#5 Waiting ContainerCreating < 143"],
      why: "restart a (6)",
    },
  },
  {
    name: "changed back while it was being stopped: started again all the same",
    shape: { policy: "Never" },
    seen: [ended("a", 143, 0, { restartCount: 5 })],
    memory: { a: { replaced: 5 } },
    expected: {
      start: "a#6",
      phase: "Running",
      view: ["a#5 Waiting ContainerCreating < 143"],
      why: "restart a (6)",
    },
  },
  {
    name: "ended by itself, then another image: final with a policy of Never",
    shape: { apps: [container("a", { image: "v2" })], policy: "Never" },
    seen: [ended("a", 1)],
    expected: { phase: "Failed!", view: ["a#0 Terminated 1"], why: "finished: every container has ended" },
  },
  {
    name: "another image ends a back-off",
    shape: { apps: [container("a", { image: "v2" })] },
    seen: [ended("a", 1, 0, { restartCount: 5 })],
    memory: { a: { end: { restartCount: 5, level: 5, finishedAt: at(0).wall, dueAt: at(160).mono } } },
    expected: {
      start: "a#6",
      phase: "Running",
      view: ["a#5 Waiting ContainerCreating < 1"],
      why: "restart a (6)",
    },
  },
  {
    name: "refused, then another generation",
    shape: { generation: 2 },
    seen: [],
    memory: fault("Rejected"),
    expected: { start: "a#0", phase: "Pending", view: ["a#0 Waiting ContainerCreating"], why: "start a" },
  },
  {
    name: "refused, then another image (servers without generations)",
    shape: { apps: [container("a", { image: "v2" })] },
    seen: [],
    memory: fault("Rejected"),
    expected: { start: "a#0", phase: "Pending", view: ["a#0 Waiting ContainerCreating"], why: "start a" },
  },
  {
    name: "a refused container does not hold up the others",
    shape: { apps: [container("a"), container("b")] },
    seen: [],
    memory: fault("Rejected"),
    expected: {
      start: "b#0",
      phase: "Pending",
      view: ["a#0 Waiting CreateContainerConfigError", "b#0 Waiting ContainerCreating"],
      why: "start b",
    },
  },
  {
    name: "the fault of an earlier instance says nothing about this one",
    shape: {},
    seen: [ended("a", 7)],
    memory: fault("Rejected", 0),
    expected: { start: "a#1", phase: "Running", view: ["a#0 Terminated 7"], why: "restart a (1)" },
  },
  {
    name: "a start that failed is tried again",
    shape: {},
    seen: [],
    memory: fault("Unavailable"),
    now: at(1),
    expected: { start: "a#0", phase: "Pending", view: ["a#0 Waiting RunContainerError"], why: "start a" },
  },
  {
    name: "a sidecar with another image: stopped",
    shape: { inits: [{ ...sidecar, image: "v2" }] },
    seen: [running("s"), running("a")],
    expected: {
      stop: "s",
      phase: "Running",
      view: ["s#0 Running", "a#0 Running"],
      why: "stop s: image changed",
    },
  },
  {
    name: "a container's own restartPolicy counts before the pod's",
    shape: { apps: [container("a", { restartPolicy: "Never" }), container("b")] },
    seen: [ended("a", 1), ended("b", 0)],
    expected: {
      start: "b#1",
      phase: "Running",
      view: ["a#0 Terminated 1", "b#0 Terminated 0"],
      why: "restart b (1)",
    },
  },
  ...([
    ["a rule about its exit code", "In", [7, 42], "Restart", 42, true],
    ["about others", "In", [7, 42], "Restart", 1, false],
    ["about all but some", "NotIn", [7, 42], "Restart", 1, true],
    ["it is one of those", "NotIn", [7, 42], "Restart", 7, false],
    ["about a success", "In", [0], "Restart", 0, true],
    ["about every exit code", "NotIn", undefined, "Restart", 1, true],
    ["about none", "In", undefined, "Restart", 1, false],
    ["an operator that we do not know", "Between", [0, 50], "Restart", 42, false],
    ["an action that we do not know", "In", [42], "RestartAllContainers", 42, false],
  ] as const).map(([name, operator, values, action, code, again]): ContainerCase => ({
    name: `restartPolicyRules before restartPolicy: ${name}`,
    shape: {
      apps: [container("a", {
        restartPolicy: "Never",
        restartPolicyRules: [{ action, exitCodes: { operator, values } }],
      })],
    },
    seen: [ended("a", code)],
    expected: {
      ...(again ? { start: "a#1" } : {}),
      phase: again ? "Running" : "Failed!",
      view: [`a#0 Terminated ${code}`],
      why: again ? "restart a (1)" : "finished: every container has ended",
    },
  })),
];
