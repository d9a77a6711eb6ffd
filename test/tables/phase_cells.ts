// The pod's phase. Rules: Pod lifecycle, "Pod phase" and "Container restarts"; Init containers, "Detailed behavior"; Sidecar
// containers, "Sidecar containers and Pod lifecycle".
import { type Covering, type Impossible, within } from "./cells.ts";

export const phaseDimensions = {
  restartPolicy: ["Always", "OnFailure", "Never"],
  /** The one init container, or sidecar. */
  init: [
    "none",
    "waiting",
    "running",
    "exited 0",
    "exited 1",
    "crash loop",
    "sidecar waiting",
    "sidecar starting",
    "sidecar running",
    "sidecar exited",
    "sidecar crash loop",
  ],
  /** A container. A loop: it waits to be started again, after an end with 1 or with 0. */
  app: ["waiting", "running", "exited 0", "exited 1", "crash loop", "completed loop"],
  /** Another one. */
  other: ["none", "waiting", "running", "exited 0", "exited 1", "crash loop", "completed loop"],
  /** Nothing runs, and nothing will be started any more. */
  finished: ["no", "yes"],
  /** As the API has it. */
  before: ["Pending", "Running", "Succeeded", "Failed", "Unknown"],
} as const;

export type PhaseDimensions = typeof phaseDimensions;

export const impossiblePhases: readonly Impossible<PhaseDimensions>[] = [
  ...(["app", "other"] as const).flatMap((role): readonly Impossible<PhaseDimensions>[] => [
    {
      of: {
        init: ["waiting", "running", "exited 1", "crash loop", "sidecar waiting"],
        [role]: ["running", "exited 0", "exited 1", "crash loop", "completed loop"],
      },
      because:
        `the ${role} container has begun, so every init container has succeeded, and every sidecar was made`,
    },
    {
      of: { restartPolicy: "Never", [role]: ["crash loop", "completed loop"] },
      because: `the ${role} container is never restarted`,
    },
    {
      of: { restartPolicy: "OnFailure", [role]: "completed loop" },
      because: `the ${role} container is not restarted after a success`,
    },
    { of: { finished: "yes", [role]: "running" }, because: `the ${role} container runs` },
  ]),
  { of: { restartPolicy: "Never", init: "crash loop" }, because: "an init container is never restarted" },
  {
    of: { finished: "yes", init: ["running", "sidecar starting", "sidecar running"] },
    because: "something runs",
  },
];

export interface PhaseRow extends Covering<PhaseDimensions> {
  readonly phase: string;
}

const of = within<PhaseDimensions, PhaseRow>;
const ends = ["exited 0", "exited 1"] as const;
const loops = ["crash loop", "completed loop"] as const;
const restless = ["sidecar starting", "sidecar running"] as const;

/** A phase that is final stays (promise 2). */
const final: readonly PhaseRow[] = [
  { of: { before: "Succeeded" }, phase: "Succeeded" },
  { of: { before: "Failed" }, phase: "Failed" },
];

/** Every container has ended, and none is restarted: Succeeded if all ended with success. Sidecars do not count. */
const over: readonly PhaseRow[] = of({ before: ["Pending", "Running", "Unknown"], finished: "yes" }, [
  { of: { app: "exited 0", other: ["none", "exited 0"] }, phase: "Succeeded" },
  { of: {}, except: [{ app: "exited 0", other: ["none", "exited 0"] }], phase: "Failed" },
]);

/** Not every container was made yet. What was told as Running does not become Pending again. */
const pending: readonly PhaseRow[] = [
  { app: "waiting" } as const,
  { app: ["running", ...ends, ...loops], other: "waiting" } as const,
].flatMap((unmade) =>
  of({ ...unmade, finished: "no" }, [
    {
      of: { before: ["Pending", "Unknown"] },
      except: [{ app: "waiting", other: ["none", "waiting"], init: "exited 1", restartPolicy: "Never" }],
      phase: "Pending",
    },
    {
      of: { before: "Running" },
      except: [{ app: "waiting", other: ["none", "waiting"], init: "exited 1", restartPolicy: "Never" }],
      phase: "Running",
    },
  ])
);

/** "If the Pod has a restartPolicy of Never, and an init container fails, Kubernetes treats the overall Pod as failed." */
const failedInit: readonly PhaseRow[] = [{
  of: {
    before: ["Pending", "Running", "Unknown"],
    finished: "no",
    restartPolicy: "Never",
    init: "exited 1",
    app: "waiting",
    other: ["none", "waiting"],
  },
  phase: "Failed",
}];

/** All were made. Running: one runs (a sidecar, too), or is in the process of starting or restarting. */
const made: readonly PhaseRow[] = of({ before: ["Pending", "Running", "Unknown"], finished: "no" }, [
  { of: { app: "running" }, except: [{ other: "waiting" }], phase: "Running" },
  { of: { app: [...ends, ...loops], other: "running" }, phase: "Running" },
  { of: { app: loops, other: ["none", ...ends, ...loops] }, phase: "Running" },
  { of: { app: ends, other: loops }, phase: "Running" },
  { of: { restartPolicy: "Always", app: ends, other: ["none", ...ends] }, phase: "Running" },
  ...of({ restartPolicy: "OnFailure" }, [
    { of: { app: "exited 1", other: ["none", ...ends] }, phase: "Running" },
    { of: { app: "exited 0", other: "exited 1" }, phase: "Running" },
    { of: { app: "exited 0", other: ["none", "exited 0"], init: restless }, phase: "Running" },
    {
      of: { app: "exited 0", other: ["none", "exited 0"] },
      except: [{ init: restless }],
      phase: "Succeeded",
    },
  ]),
  ...of({ restartPolicy: "Never" }, [
    { of: { app: ends, other: ["none", ...ends], init: restless }, phase: "Running" },
    {
      of: { app: "exited 0", other: ["none", "exited 0"] },
      except: [{ init: restless }],
      phase: "Succeeded",
    },
    { of: { app: "exited 1", other: ["none", ...ends] }, except: [{ init: restless }], phase: "Failed" },
    { of: { app: "exited 0", other: "exited 1" }, except: [{ init: restless }], phase: "Failed" },
  ]),
]);

export const phaseRows: readonly PhaseRow[] = [...final, ...over, ...pending, ...failedInit, ...made];
