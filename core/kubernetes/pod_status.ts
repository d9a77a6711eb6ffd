import * as t from "io-ts";

/** `v1.ContainerStateWaiting`, `…Running` and `…Terminated`: exactly one is set. */
export interface ContainerStateWire {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string | null };
  readonly terminated?: TerminatedWire;
}

/** What we read and write of `v1.ContainerStateTerminated`. */
export interface TerminatedWire {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly containerID?: string;
}

/** What we read and write of `v1.ContainerStatus`. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly started?: boolean;
  readonly containerID?: string;
  readonly state?: ContainerStateWire;
  readonly lastState?: ContainerStateWire;
}

/** What we read and write of `v1.PodCondition`. */
export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastProbeTime?: string | null;
  readonly observedGeneration?: number;
}

/** `v1.PodPhase`; unknown values of newer servers are passed through. */
export type PodPhase =
  | "Pending"
  | "Running"
  | "Succeeded"
  | "Failed"
  | "Unknown"
  | (string & Record<never, never>);

/** What we read and write of `v1.PodStatus`. */
export interface PodStatus {
  readonly phase?: PodPhase;
  readonly reason?: string;
  readonly message?: string;
  readonly startTime?: string;
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly observedGeneration?: number;
  readonly conditions?: readonly PodCondition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

const textOrNull: t.Type<string | null> = t.union([t.string, t.null]);

const TerminatedCodec: t.Type<TerminatedWire> = t.intersection([
  t.type({ exitCode: t.number }),
  t.partial({
    signal: t.number,
    reason: t.string,
    message: t.string,
    startedAt: textOrNull,
    finishedAt: textOrNull,
    containerID: t.string,
  }),
]);

const StateCodec: t.Type<ContainerStateWire> = t.partial({
  waiting: t.partial({ reason: t.string, message: t.string }),
  running: t.partial({ startedAt: textOrNull }),
  terminated: TerminatedCodec,
});

export const ContainerStatusCodec: t.Type<ContainerStatus> = t.intersection([
  t.type({ name: t.string, image: t.string, imageID: t.string, ready: t.boolean, restartCount: t.number }),
  t.partial({ started: t.boolean, containerID: t.string, state: StateCodec, lastState: StateCodec }),
]);

export const PodConditionCodec: t.Type<PodCondition> = t.intersection([
  t.type({ type: t.string, status: t.string }),
  t.partial({
    reason: t.string,
    message: t.string,
    lastTransitionTime: textOrNull,
    lastProbeTime: textOrNull,
    observedGeneration: t.number,
  }),
]);

const ips: t.Type<readonly { readonly ip: string }[]> = t.readonlyArray(t.type({ ip: t.string }));

export const PodStatusCodec: t.Type<PodStatus> = t.partial({
  phase: t.string,
  reason: t.string,
  message: t.string,
  startTime: t.string,
  hostIP: t.string,
  hostIPs: ips,
  podIP: t.string,
  podIPs: ips,
  observedGeneration: t.number,
  conditions: t.readonlyArray(PodConditionCodec),
  initContainerStatuses: t.readonlyArray(ContainerStatusCodec),
  containerStatuses: t.readonlyArray(ContainerStatusCodec),
});
