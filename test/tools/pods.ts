import type { EmitEvent, PodAction } from "../../core/action.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { ObjectMeta } from "../../core/kubernetes/meta.ts";
import type { Pod, PodSpec } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import { emptyPodMemory, type PodMemory } from "../../core/pod/memory.ts";
import type { ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { PodPlan } from "../../core/pod/plan.ts";
import { defaultPodPolicy, type PodPolicy } from "../../core/pod/policy.ts";
import { container, epoch } from "./containers.ts";

export const owner = { cluster: "c", node: "n" } as const;

export interface PodParts {
  readonly apps?: readonly Container[];
  readonly meta?: Partial<ObjectMeta>;
  readonly spec?: Partial<PodSpec>;
  readonly status?: PodStatus;
}

/** The pod `shop/web` with UID `u-1` and one container `a`, bound to node `n`. */
export const pod = ({ apps, meta, spec, status }: PodParts = {}): Pod => ({
  metadata: { name: "web", namespace: "shop", uid: "u-1", resourceVersion: "1", generation: 1, ...meta },
  spec: { nodeName: "n", containers: apps ?? [container("a")], ...spec },
  status: status ?? {},
});

/** RFC 3339, `seconds` after the tables' epoch. */
export const time = (seconds: number): string =>
  new Date(epoch + seconds * 1000).toISOString().replace(".000", "");

/** Metadata of a pod whose deletion was asked for at `from`. */
export const deleted = (graceSeconds: number, from: number, more: Partial<ObjectMeta> = {}): PodParts => ({
  meta: { deletionTimestamp: time(from + graceSeconds), deletionGracePeriodSeconds: graceSeconds, ...more },
});

/** The pod as the back end holds it, with our mark. */
export const holds = (
  containers: readonly ObservedContainer[] = [],
  more: Partial<ObservedPod> = {},
): ObservedPod => ({ uid: "u-1", namespace: "shop", name: "web", owner, containers, ...more });

export const remembered = (more: Partial<PodMemory> = {}): PodMemory => ({ ...emptyPodMemory, ...more });

export const policyOf = (kind: PodPolicy["kind"], more: Partial<PodPolicy> = {}): PodPolicy => ({
  ...defaultPodPolicy,
  kind,
  owner,
  ...more,
});

const seconds = (ms: number): string => `${ms / 1000}s`;

/** An action in a few words: its name and the fields that tell. */
export const briefAction = (action: PodAction | EmitEvent): string => {
  switch (action._tag) {
    case "DeletePod":
      return `DeletePod ${seconds(action.graceMs)}`;
    case "StartContainer":
      return `StartContainer ${action.container.name}#${action.restartCount}`;
    case "StopContainer":
      return `StopContainer ${action.container} ${seconds(action.graceMs)}`;
    case "PatchPodStatus": {
      const { phase, reason } = action.status;
      return `PatchPodStatus ${phase}${reason === undefined ? "" : `/${reason}`}`;
    }
    case "EmitEvent":
      return `${action.type} ${action.reason}`;
    default:
      return action._tag;
  }
};

/** A plan as tables hold it. `wake` is in seconds on the tables' clock. */
export interface Brief {
  readonly do: readonly string[];
  readonly wake?: number;
  readonly why: string;
}

export const briefPlan = (plan: PodPlan): Brief => ({
  do: plan.actions.map(briefAction),
  ...(plan.wakeAt === undefined ? {} : { wake: plan.wakeAt / 1000 }),
  why: plan.why,
});

/** What makes a value deeply immutable: writing to it throws. (Bytes cannot be frozen.) */
export const freeze = <A>(value: A): A => {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) {
    return value;
  }
  Object.freeze(value);
  Object.values(value).forEach(freeze);
  return value;
};
