import type { Container } from "../../core/kubernetes/container.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { ContainerState, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { ContainerView } from "../../core/container/view.ts";
import type { Now } from "../../core/time.ts";

/** The wall time at which the tables' monotonic clock shows 0: 2026-01-01T00:00:00Z. */
export const epoch = 1_767_225_600_000;

/** Both clocks, `seconds` after {@link epoch}. */
export const at = (seconds: number): Now => ({ mono: seconds * 1000, wall: epoch + seconds * 1000 });

export const container = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: "v1",
  ...more,
});

export interface PodShape {
  readonly policy?: string;
  readonly inits?: readonly Container[];
  readonly apps?: readonly Container[];
  readonly status?: PodStatus;
  readonly generation?: number;
}

export const podOf = (shape: PodShape = {}): Pod => ({
  metadata: { name: "web", namespace: "shop", uid: "u-1", generation: shape.generation ?? 1 },
  spec: {
    containers: shape.apps ?? [container("a")],
    initContainers: shape.inits,
    restartPolicy: shape.policy ?? "Always",
  },
  status: shape.status ?? {},
});

export const observedOf = (...containers: readonly ObservedContainer[]): ObservedPod => ({
  uid: "u-1",
  namespace: "shop",
  name: "web",
  containers,
});

type SeenMore = Partial<Omit<ObservedContainer, "name" | "state">>;

const seen = (name: string, state: ContainerState, more: SeenMore): ObservedContainer => ({
  name,
  state,
  restartCount: 0,
  id: `test://${name}`,
  image: "v1",
  ...more,
});

/** It runs since `from` seconds. */
export const running = (name: string, from = 0, more: SeenMore = {}): ObservedContainer =>
  seen(name, { _tag: "Running", startedAt: epoch + from * 1000 }, more);

/** It ended with `exitCode`; times in seconds. */
export const ended = (
  name: string,
  exitCode: number,
  finished = 0,
  more: SeenMore = {},
  from: number = finished,
): ObservedContainer => {
  const state = {
    _tag: "Terminated",
    exitCode,
    startedAt: epoch + from * 1000,
    finishedAt: epoch + finished * 1000,
  } as const;
  return seen(name, state, more);
};

/** The back end is making it. */
export const preparing = (name: string, reason?: string, more: SeenMore = {}): ObservedContainer =>
  seen(name, { _tag: "Waiting", reason }, more);

/** A view in one line, for tables: `a#2 Waiting CrashLoopBackOff < 7`. */
export const brief = ({ name, state, last, restartCount }: ContainerView): string => {
  const text = state._tag === "Waiting"
    ? `Waiting ${state.reason}`
    : state._tag === "Terminated"
    ? `Terminated ${state.exitCode}${state.reason === undefined ? "" : ` ${state.reason}`}`
    : "Running";
  return `${name}#${restartCount} ${text}${last === undefined ? "" : ` < ${last.exitCode}`}`;
};
