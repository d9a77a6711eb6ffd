import * as t from "io-ts";
import { type Container, ContainerCodec } from "./container.ts";
import { type Decode, decoder } from "./decode.ts";
import { type ObjectMeta, ObjectMetaCodec, slimMeta } from "./meta.ts";
import { type PodStatus, PodStatusCodec } from "./pod_status.ts";

/** `v1.Volume`: its name, and its one source under the source's own key. */
export interface Volume {
  readonly name: string;
}

/** What we read of `v1.PodSpec`. Fields that we do not read stay in the object, for providers that do. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly unknown[];
  readonly volumes?: readonly Volume[];
  readonly nodeName?: string;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly activeDeadlineSeconds?: number;
  readonly hostNetwork?: boolean;
  /** Absent: `true`. */
  readonly enableServiceLinks?: boolean;
  readonly serviceAccountName?: string;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly tolerations?: readonly unknown[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

/** What we keep of a `v1.Pod`: everything but `managedFields`. */
export interface Pod {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

const PodSpecCodec: t.Type<PodSpec> = t.intersection([
  t.type({ containers: t.readonlyArray(ContainerCodec) }),
  t.partial({
    initContainers: t.readonlyArray(ContainerCodec),
    ephemeralContainers: t.readonlyArray(t.unknown),
    volumes: t.readonlyArray(t.type({ name: t.string })),
    nodeName: t.string,
    restartPolicy: t.string,
    terminationGracePeriodSeconds: t.number,
    activeDeadlineSeconds: t.number,
    hostNetwork: t.boolean,
    enableServiceLinks: t.boolean,
    serviceAccountName: t.string,
    imagePullSecrets: t.readonlyArray(t.partial({ name: t.string })),
    readinessGates: t.readonlyArray(t.type({ conditionType: t.string })),
    tolerations: t.readonlyArray(t.unknown),
    securityContext: t.UnknownRecord,
  }),
]);

type WirePod = Omit<Pod, "status"> & { readonly status?: PodStatus };

/** The codec of what we read of a `v1.Pod`. */
export const PodCodec: t.Type<WirePod> = t.intersection([
  t.type({ metadata: ObjectMetaCodec, spec: PodSpecCodec }),
  t.partial({ status: PodStatusCodec }),
]);

/** Reads one pod of the API server. */
export const decodePod: Decode<Pod> = decoder(PodCodec, (pod) => ({
  metadata: slimMeta(pod.metadata),
  spec: pod.spec,
  status: pod.status ?? {},
}));

/** `Succeeded` or `Failed`: final, never overwritten (Pod lifecycle, "Pod phase"). */
export const isTerminal = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed";

/** Mirror pods stand for another kubelet's static pods; a virtual node has none. */
export const isMirror = (pod: Pod): boolean =>
  pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;

/** `spec.restartPolicy`, with the API's default. */
export const restartPolicyOf = (pod: Pick<Pod, "spec">): "Always" | "OnFailure" | "Never" => {
  const policy = pod.spec.restartPolicy;
  return policy === "Never" || policy === "OnFailure" ? policy : "Always";
};

const defaultGraceSeconds = 30;

/** A grace period in milliseconds, with the API's default: of the spec, or of a deletion. */
export const graceMsOf = (seconds: number | undefined): number => (seconds ?? defaultGraceSeconds) * 1000;
