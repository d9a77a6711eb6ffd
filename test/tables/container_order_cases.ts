// The order of several containers: init containers one by one, sidecars, then the others.
import type { ContainersMemory } from "../../core/container/memory.ts";
import { container, ended, running } from "../tools/containers.ts";
import type { ContainerCase } from "./container_case.ts";

const abc = [container("a"), container("b"), container("c")];
const two = [container("i"), container("j")];
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

export const orderCases: readonly ContainerCase[] = [
  {
    name: "nothing at the back end: the first one, one at a time",
    shape: { apps: abc },
    seen: undefined,
    expected: {
      start: "a#0",
      phase: "Pending",
      view: [
        "a#0 Waiting ContainerCreating",
        "b#0 Waiting ContainerCreating",
        "c#0 Waiting ContainerCreating",
      ],
      why: "start a",
    },
  },
  {
    name: "a start is under way: no other one",
    shape: { apps: abc },
    seen: [],
    inFlight: ["a"],
    expected: {
      phase: "Pending",
      view: [
        "a#0 Waiting ContainerCreating",
        "b#0 Waiting ContainerCreating",
        "c#0 Waiting ContainerCreating",
      ],
      why: "starting a",
    },
  },
  {
    name: "a stop is under way: others start",
    shape: { apps: abc },
    seen: [running("a")],
    inFlight: ["a"],
    expected: {
      start: "b#0",
      phase: "Pending",
      view: ["a#0 Running", "b#0 Waiting ContainerCreating", "c#0 Waiting ContainerCreating"],
      why: "start b",
    },
  },
  {
    name: "a container in back-off does not hold up the next one",
    shape: { apps: abc },
    seen: [ended("a", 1, 0, { restartCount: 1 }), running("c")],
    expected: {
      start: "b#0",
      wake: 10,
      phase: "Pending",
      view: ["a#1 Waiting CrashLoopBackOff < 1", "b#0 Waiting ContainerCreating", "c#0 Running"],
      why: "start b",
    },
  },
  {
    name: "init containers one by one",
    shape: { inits: two },
    seen: [ended("i", 0)],
    expected: {
      start: "j#0",
      phase: "Pending",
      view: ["i#0 Terminated 0", "j#0 Waiting PodInitializing", "a#0 Waiting PodInitializing"],
      why: "start j",
    },
  },
  {
    name: "a failed init container: the containers stay PodInitializing",
    shape: { inits: two, policy: "Never" },
    seen: [ended("i", 0), ended("j", 3)],
    expected: {
      phase: "Failed!",
      view: ["i#0 Terminated 0", "j#0 Terminated 3", "a#0 Waiting PodInitializing"],
      why: "finished: init container j failed",
    },
  },
  {
    name: "a sidecar runs before the next init container",
    shape: { inits: [sidecar, container("i")] },
    seen: [],
    expected: {
      start: "s#0",
      phase: "Pending",
      view: ["s#0 Waiting PodInitializing", "i#0 Waiting PodInitializing", "a#0 Waiting PodInitializing"],
      why: "start s",
    },
  },
  {
    name: "a sidecar that has not passed its startup probe holds up the next",
    shape: { inits: [sidecar, container("i")] },
    seen: [running("s", 0, { started: false })],
    expected: {
      phase: "Pending",
      view: ["s#0 Running", "i#0 Waiting PodInitializing", "a#0 Waiting PodInitializing"],
      why: "waits for init container s",
    },
  },
  {
    name: "a running sidecar lets the next go",
    shape: { inits: [sidecar, container("i")], policy: "Never" },
    seen: [running("s")],
    expected: {
      start: "i#0",
      phase: "Pending",
      view: ["s#0 Running", "i#0 Waiting PodInitializing", "a#0 Waiting PodInitializing"],
      why: "start i",
    },
  },
  {
    name: "a sidecar is started again beside running containers, whatever its exit code and the policy",
    shape: { inits: [sidecar, container("i")], policy: "Never" },
    seen: [ended("s", 0), ended("i", 0), running("a")],
    expected: {
      start: "s#1",
      phase: "Running",
      view: ["s#0 Terminated 0", "i#0 Terminated 0", "a#0 Running"],
      why: "restart s (1)",
    },
  },
  {
    name: "all containers have ended: sidecars stop in reverse order, one by one",
    shape: { inits: [sidecar, container("t", { restartPolicy: "Always" })], policy: "Never" },
    seen: [running("s"), running("t"), ended("a", 0)],
    expected: {
      stop: "t",
      phase: "Running",
      view: ["s#0 Running", "t#0 Running", "a#0 Terminated 0"],
      why: "finishing: every container has ended",
    },
  },
  {
    name: "all containers and sidecars have ended; the sidecars' exit codes do not count",
    shape: { inits: [sidecar], policy: "Never" },
    seen: [ended("s", 143, 0, { restartCount: 3 }), ended("a", 0)],
    expected: {
      phase: "Succeeded!",
      view: ["s#3 Terminated 143", "a#0 Terminated 0"],
      why: "finished: every container has ended",
    },
  },
  {
    name: "one of two containers is over, the other one is to be restarted",
    shape: { apps: [container("a"), container("b")], policy: "OnFailure" },
    seen: [ended("a", 0), ended("b", 1, 0, { restartCount: 1 })],
    expected: {
      wake: 10,
      phase: "Running",
      view: ["a#0 Terminated 0", "b#1 Waiting CrashLoopBackOff < 1"],
      why: "back-off: b",
    },
  },
  {
    name: "one of two failed for good: Failed when the other has ended too",
    shape: { apps: [container("a"), container("b")], policy: "Never" },
    seen: [ended("a", 1), ended("b", 0)],
    expected: {
      phase: "Failed!",
      view: ["a#0 Terminated 1", "b#0 Terminated 0"],
      why: "finished: every container has ended",
    },
  },
  {
    name: "the containers run: each sidecar is started, whatever became of the one before",
    shape: { inits: [container("a", { restartPolicy: "Always" }), sidecar], apps: [container("x")] },
    seen: [running("x")],
    memory: fault("Rejected"),
    expected: {
      start: "s#0",
      phase: "Running",
      view: ["a#0 Waiting CreateContainerConfigError", "s#0 Waiting PodInitializing", "x#0 Running"],
      why: "start s",
    },
  },
  {
    name: "the containers run, a sidecar is missing: started",
    shape: { inits: [sidecar] },
    seen: [running("a")],
    expected: {
      start: "s#0",
      phase: "Running",
      view: ["s#0 Waiting PodInitializing", "a#0 Running"],
      why: "start s",
    },
  },
  {
    name: "containers wait for a sidecar as PodInitializing",
    shape: { inits: [sidecar] },
    seen: [],
    inFlight: ["s"],
    expected: {
      phase: "Pending",
      view: ["s#0 Waiting PodInitializing", "a#0 Waiting PodInitializing"],
      why: "starting s",
    },
  },
  {
    name: "a sidecar that ran is started again although an earlier one is in back-off",
    shape: { inits: [sidecar, container("t", { restartPolicy: "Always" })] },
    seen: [ended("s", 1, 0, { restartCount: 3 }), ended("t", 1)],
    expected: {
      start: "t#1",
      wake: 40,
      phase: "Pending",
      view: ["s#3 Waiting CrashLoopBackOff < 1", "t#0 Terminated 1", "a#0 Waiting PodInitializing"],
      why: "restart t (1)",
    },
  },
  {
    name: "a sidecar in back-off holds up no container that ran",
    shape: { inits: [sidecar] },
    seen: [ended("s", 1, 0, { restartCount: 2 }), ended("a", 1)],
    expected: {
      start: "a#1",
      wake: 20,
      phase: "Running",
      view: ["s#2 Waiting CrashLoopBackOff < 1", "a#0 Terminated 1"],
      why: "restart a (1)",
    },
  },
];
