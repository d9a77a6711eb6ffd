// Pods with `activeDeadlineSeconds`, told as Running since 10 s. Rules: Jobs, "Job termination and cleanup", and the field's
// own reference: counted from `startTime`, the pod is marked Failed and its containers are killed. A back end of pods keeps
// a deadline by itself, as with the Go Virtual Kubelet.
import { type Covering, type Impossible, within } from "./cells.ts";
import type { Brief } from "../tools/pods.ts";

export const deadlineDimensions = {
  kind: ["pods", "containers"],
  restartPolicy: ["Always", "OnFailure", "Never"],
  /** Ends are by the back end's clock. */
  container: [
    "waiting",
    "running",
    "exited 0 at 89 s",
    "exited 0 at 90 s",
    "exited 0 at 95 s",
    "exited 1 at 89 s",
    "exited 1 at 95 s",
  ],
  deadline: ["none", "at 110 s", "at 100 s", "at 90 s"],
  /** The stop that a passed deadline leads to: asked for at 90 s. */
  stop: ["none", "in flight", "answered"],
} as const;

export type DeadlineDimensions = typeof deadlineDimensions;

export const impossibleDeadlines: readonly Impossible<DeadlineDimensions>[] = [
  {
    of: { deadline: ["none", "at 110 s", "at 100 s"], stop: ["in flight", "answered"] },
    because: "nothing was stopped before its deadline",
  },
  {
    of: { kind: "pods", stop: ["in flight", "answered"] },
    because: "a back end of pods stops them by itself",
  },
];

export interface DeadlineRow extends Covering<DeadlineDimensions> {
  readonly expected: Brief;
}

const of = within<DeadlineDimensions, DeadlineRow>;

const exited0 = ["exited 0 at 89 s", "exited 0 at 90 s", "exited 0 at 95 s"] as const;
const exited1 = ["exited 1 at 89 s", "exited 1 at 95 s"] as const;
const again = [
  { restartPolicy: "Always", container: [...exited0, ...exited1] },
  { restartPolicy: "OnFailure", container: exited1 },
] as const;
const exceeded: Brief = { do: ["PatchPodStatus Failed/DeadlineExceeded"], why: "DeadlineExceeded" };
const over = "finished: every container has ended";
const overPolicies = { restartPolicy: ["OnFailure", "Never"] } as const;

const pods = of({ kind: "pods" }, [
  { of: { container: "waiting" }, expected: { do: ["PatchPodStatus Running"], why: "Running" } },
  { of: { container: "running" }, expected: { do: [], why: "Running" } },
  ...again.map((ends): DeadlineRow => ({
    of: ends,
    expected: { do: ["PatchPodStatus Running"], why: "Running" },
  })),
  {
    of: { ...overPolicies, container: exited0 },
    expected: { do: ["PatchPodStatus Succeeded"], why: "Running" },
  },
  {
    of: { restartPolicy: "Never", container: exited1 },
    expected: { do: ["PatchPodStatus Failed"], why: "Running" },
  },
]);

const before = of({ kind: "containers" }, [
  {
    of: { container: "waiting", deadline: "none" },
    expected: { do: ["PatchPodStatus Running"], why: "runs" },
  },
  {
    of: { container: "waiting", deadline: "at 110 s" },
    expected: { do: ["PatchPodStatus Running"], wake: 110, why: "runs" },
  },
  { of: { container: "running", deadline: "none" }, expected: { do: [], why: "runs" } },
  { of: { container: "running", deadline: "at 110 s" }, expected: { do: [], wake: 110, why: "runs" } },
  ...again.map((ends): DeadlineRow => ({
    of: { ...ends, deadline: ["none", "at 110 s"] },
    expected: { do: ["StartContainer a#1"], wake: 101, why: "StartContainer" },
  })),
  // what ended by itself before its deadline has not exceeded it, whenever that is seen
  {
    of: { ...overPolicies, container: exited0, stop: "none" },
    except: [{ container: "exited 0 at 95 s", deadline: "at 90 s" }],
    expected: { do: ["PatchPodStatus Succeeded"], why: over },
  },
  {
    of: { restartPolicy: "Never", container: exited1, stop: "none" },
    except: [{ container: "exited 1 at 95 s", deadline: "at 90 s" }],
    expected: { do: ["PatchPodStatus Failed"], why: over },
  },
]);

const passed = of({ kind: "containers" }, [
  ...of({ container: "running" }, [
    {
      of: { deadline: ["at 100 s", "at 90 s"], stop: "none" },
      expected: { do: ["StopContainer a 30s"], why: "StopExpired" },
    },
    { of: { stop: "in flight" }, expected: { do: [], why: "StopExpired" } },
    // the grace is given once
    { of: { stop: "answered" }, expected: { do: ["StopContainer a 20s"], why: "StopExpired" } },
  ]),
  {
    of: { container: "waiting", deadline: ["at 100 s", "at 90 s"], stop: ["none", "answered"] },
    expected: exceeded,
  },
  {
    of: { container: ["waiting", ...exited0, ...exited1], stop: "in flight" },
    expected: { do: [], why: "StopExpired" },
  },
  // nothing is restarted after the deadline, and what we stopped has exceeded it, whatever its exit code
  ...again.map((ends): DeadlineRow => ({
    of: { ...ends, deadline: ["at 100 s", "at 90 s"], stop: "none" },
    expected: exceeded,
  })),
  { of: { container: [...exited0, ...exited1], stop: "answered" }, expected: exceeded },
  {
    of: { ...overPolicies, container: "exited 0 at 95 s", deadline: "at 90 s", stop: "none" },
    expected: exceeded,
  },
  {
    of: { restartPolicy: "Never", container: "exited 1 at 95 s", deadline: "at 90 s", stop: "none" },
    expected: exceeded,
  },
]);

export const deadlineRows: readonly DeadlineRow[] = [...pods, ...before, ...passed];
