// The conditions of a pod that a kubelet owns. Rules: Pod lifecycle, "Pod conditions", "Pod network readiness" and "Pod
// readiness"; the reasons and messages are the kubelet's.
import { type Covering, within } from "./cells.ts";

export const conditionDimensions = {
  phase: ["Pending", "Running", "Succeeded", "Failed"],
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
    "sidecar unready",
    "sidecar running",
    "sidecar exited",
    "sidecar crash loop",
  ],
  /** The container. */
  app: ["waiting", "starting", "unready", "running", "exited 0", "exited 1", "crash loop"],
  /** Conditions of others that the pod's readiness waits for, by the API: two gates. */
  gates: ["none", "open", "one missing", "both missing", "one shut"],
} as const;

export type ConditionDimensions = typeof conditionDimensions;

export interface ConditionRow extends Covering<ConditionDimensions> {
  /** `status`, `status / reason` or `status / reason / message`. */
  readonly told: string;
}

const of = within<ConditionDimensions, ConditionRow>;
const alive = ["Pending", "Running"] as const;
const begun = ["starting", "unready", "running", "exited 0", "exited 1", "crash loop"] as const;
const unready = ["waiting", "starting", "unready", "exited 0", "exited 1", "crash loop"] as const;
const plain = ["none", "waiting", "running", "exited 0", "exited 1", "crash loop"] as const;
const downSidecars = [
  "sidecar waiting",
  "sidecar starting",
  "sidecar unready",
  "sidecar exited",
  "sidecar crash loop",
] as const;

/** True once there is a sandbox with its network, which there is as soon as anything has begun; False again after the end. */
export const readyToStart: readonly ConditionRow[] = [
  { of: { phase: ["Succeeded", "Failed"] }, told: "False" },
  {
    of: { phase: alive, init: ["none", "waiting", "sidecar waiting"], app: "waiting" },
    told: "False",
  },
  {
    of: { phase: alive },
    except: [{ init: ["none", "waiting", "sidecar waiting"], app: "waiting" }],
    told: "True",
  },
];

const incomplete = (name: string): string =>
  `False / ContainersNotInitialized / containers with incomplete status: [${name}]`;

/** True when all init containers have succeeded (sidecars: have started), and ever after a container has begun. */
export const initialized: readonly ConditionRow[] = [
  { of: { phase: "Succeeded" }, told: "True / PodCompleted" },
  ...of({ phase: ["Pending", "Running", "Failed"] }, [
    { of: { app: begun }, told: "True" },
    {
      of: { app: "waiting", init: ["none", "exited 0", "sidecar running", "sidecar unready"] },
      told: "True",
    },
    { of: { app: "waiting", init: ["waiting", "running", "exited 1", "crash loop"] }, told: incomplete("i") },
    {
      of: {
        app: "waiting",
        init: ["sidecar waiting", "sidecar starting", "sidecar exited", "sidecar crash loop"],
      },
      told: incomplete("s"),
    },
  ]),
];

const unreadyOf = (names: string): string =>
  `False / ContainersNotReady / containers with unready status: [${names}]`;

const ended: readonly ConditionRow[] = [
  { of: { phase: "Succeeded" }, told: "False / PodCompleted" },
  { of: { phase: "Failed" }, told: "False / PodFailed" },
];

/** Containers and sidecars that are not ready. */
const notReady: readonly ConditionRow[] = of({ phase: alive }, [
  { of: { app: unready, init: [...plain, "sidecar running"] }, told: unreadyOf("a") },
  { of: { app: unready, init: downSidecars }, told: unreadyOf("s a") },
  { of: { app: "running", init: downSidecars }, told: unreadyOf("s") },
]);

/** All containers are ready; init containers have no readiness but their completion. */
export const containersReady: readonly ConditionRow[] = [
  ...ended,
  ...notReady,
  { of: { phase: alive, app: "running", init: [...plain, "sidecar running"] }, told: "True" },
];

const missing = (type: string): string =>
  `corresponding condition of pod readiness gate "${type}" does not exist.`;

/** All containers are ready, and all conditions named in `readinessGates` are True. */
export const podReady: readonly ConditionRow[] = [
  ...ended,
  ...notReady,
  ...of({ phase: alive, app: "running", init: [...plain, "sidecar running"] }, [
    { of: { gates: ["none", "open"] }, told: "True" },
    { of: { gates: "one missing" }, told: `False / ReadinessGatesNotReady / ${missing("x/dns")}` },
    {
      of: { gates: "both missing" },
      told: `False / ReadinessGatesNotReady / ${missing("x/lb")}, ${missing("x/dns")}`,
    },
    {
      of: { gates: "one shut" },
      told:
        'False / ReadinessGatesNotReady / the status of pod readiness gate "x/dns" is not "True", but False',
    },
  ]),
];
